"""What is at stake, as `report.json` and `summary.json` hold it."""

from typing import Any

from vidaudit.model.stake import Stake, Working
from vidaudit.report.messages import Catalogue
from vidaudit.report.stake_view import Range, line_title, note_text, training, working_lines


def stake_json(stake: Stake, words: Catalogue) -> dict[str, Any]:
    """The whole. Amounts are exact, so they are text; null where something isn't known."""
    days, people = stake.days, stake.people
    return {
        "note": words.ui("stake_note"),
        "days": {
            "claimed": days.claimed,
            "source": None if days.source is None else days.source.value,
            "passing": days.passing,
            "open": days.open,
            "failing": days.failing,
            "missing": days.missing,
        },
        "people": {"claimed": people.claimed, "low": people.low, "high": people.high},
        "lines": [
            {
                "item": line.item.value,
                "level": line.level,
                "title": line_title(line, words),
                "clause": {"document": line.clause.document, "section": line.clause.section},
                "at_most": line.is_at_most,
                "claimed_yuan": _amount(line.claimed),
                "low_yuan": _amount(line.low),
                "high_yuan": _amount(line.high),
                "working": list(working_lines(line, words)),
            }
            for line in stake.lines
        ],
        "conditions": [{"code": note.code.value, "message": note_text(note, words)} for note in stake.notes],
    }


def _amount(working: Working | None) -> str | None:
    return None if working is None else f"{working.yuan:f}"


def training_json(stake: Stake) -> dict[str, Any]:
    """Days, people and the training subsidy alone, for a summary."""
    paid = training(stake)
    return {
        "days_claimed": stake.days.claimed,
        "days_passing": stake.days.passing,
        "days_open": stake.days.open,
        "people_claimed": stake.people.claimed,
        "people_low": stake.people.low,
        "people_high": stake.people.high,
        "training_claimed": _range(paid.claimed),
        "training_evidenced": _range(paid.evidenced),
    }


def _range(amount: Range) -> dict[str, Any]:
    low, high = (None if one is None else f"{one:f}" for one in (amount.low, amount.high))
    return {"low_yuan": low, "high_yuan": high, "at_most": amount.is_at_most}
