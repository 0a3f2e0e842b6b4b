"""Tests of vidaudit.cli."""
