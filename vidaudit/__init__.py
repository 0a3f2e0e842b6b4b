"""vidaudit: checks the training videos that schools submit for a subsidy."""

__version__ = "0.1.0"
