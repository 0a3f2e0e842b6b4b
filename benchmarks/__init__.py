"""Speed, memory and accuracy: each module is a command that prints its figures, `python -m benchmarks` runs them all.

Footage that doesn't belong to the project is looked for in `../shared/media`, or where VIDAUDIT_MEDIA says; what
needs it is skipped, with a line saying so, where it is missing.
"""
