"""Tests of judging: each rule at its boundaries, the engine, the catalogue."""
