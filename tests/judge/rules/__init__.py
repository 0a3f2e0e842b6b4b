"""Tests of the rules, one module per family."""
