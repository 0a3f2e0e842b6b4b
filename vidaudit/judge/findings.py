"""Short constructors for findings, one per outcome a rule may reach."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from vidaudit.model.verdict import Finding, Status, Value, Where

HERE: Final = Where()
"""The subject the rule was applied to; the engine fills in its day and clip."""

NO_VALUES: Final[Mapping[str, Value]] = MappingProxyType({})


WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""How a finding's values name a weekday, in the order of `date.weekday`."""


def passed(
    code: str, values: Mapping[str, Value] = NO_VALUES, *, where: Where = HERE, snapshot: str | None = None
) -> Finding:
    """A finding that all is well, with the measured values."""
    return Finding(code=code, status=Status.PASS, where=where, snapshot=snapshot, values=dict(values))


def failed(
    code: str, values: Mapping[str, Value] = NO_VALUES, *, where: Where = HERE, snapshot: str | None = None
) -> Finding:
    """A finding that is certain enough to refuse the subject."""
    return Finding(code=code, status=Status.FAIL, where=where, snapshot=snapshot, values=dict(values))


def to_review(
    code: str, values: Mapping[str, Value] = NO_VALUES, *, where: Where = HERE, snapshot: str | None = None
) -> Finding:
    """A finding that a person must look at."""
    return Finding(code=code, status=Status.REVIEW, where=where, snapshot=snapshot, values=dict(values))


def not_evaluated(code: str, values: Mapping[str, Value] = NO_VALUES, *, where: Where = HERE) -> Finding:
    """Something needed is missing, so nothing can be said."""
    return Finding(code=code, status=Status.NOT_EVALUATED, where=where, values=dict(values))
