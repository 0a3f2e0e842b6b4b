"""Tests of vidaudit.run."""
