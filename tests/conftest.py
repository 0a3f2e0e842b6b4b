"""Settings of all tests: no example of a property test has a deadline, for how fast a machine is says nothing of it."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
