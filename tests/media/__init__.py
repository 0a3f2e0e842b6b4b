"""Tests of vidaudit.media."""
