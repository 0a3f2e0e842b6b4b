"""Tests of benchmarks/: that each can run, and that its sums are right. Nothing is timed."""
