"""Tests of vidaudit; the folders mirror the package."""
