"""Tests of vidaudit.observe."""
