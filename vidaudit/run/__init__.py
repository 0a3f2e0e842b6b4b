"""Putting the parts together: the one composition, the engines that run it, and what is kept."""
