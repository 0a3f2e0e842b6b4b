"""Builders of dossiers that fit the class of `builders.green`."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.judge.builders import CLASS, SCHOOL, green
from vidaudit.model.dossier import Dossier, Session, Teaching
from vidaudit.model.evidence import ClassEvidence

DATES = (dt.date(2024, 5, 20), dt.date(2024, 5, 21))
TOPICS = "安全、消防、法制、普通话"


def session(date: dt.date | None, hours: float | None = 8, **changes: Any) -> Session:
    """One row of a plan."""
    length = None if hours is None else Fraction(hours)
    row = Session(
        place="计划!B2", date=date, class_hours=length, teaching=Teaching.THEORY, topic=TOPICS, teacher="王老师"
    )
    return replace(row, **changes)


def dossier(*sessions: Session, **changes: Any) -> Dossier:
    """A dossier in order, of the two days of the class unless other rows are given."""
    plan = sessions or tuple(map(session, DATES))
    return replace(Dossier(file="开班申报.xlsx", institution=SCHOOL, class_name=CLASS, sessions=plan), **changes)


def filed(*sessions: Session, **changes: Any) -> ClassEvidence:
    """The class with which nothing is wrong, with such a dossier."""
    return replace(green(), dossier=dossier(*sessions, **changes))
