"""The rules, one module per family: pure functions from evidence to findings."""
