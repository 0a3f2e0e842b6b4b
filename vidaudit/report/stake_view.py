"""What is at stake, in words: days, people, and each subsidy with its clause and how it was worked out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from vidaudit.model.stake import Item, Note, Part, PerHead, Stake, StakeLine, Unit, Working
from vidaudit.model.verdict import Clause
from vidaudit.report import formats
from vidaudit.report.messages import Catalogue
from vidaudit.report.text import shown


@dataclass(frozen=True, kw_only=True)
class StakeRow:
    """One subsidy: by the claim, by the evidence, and the sums behind both, a line each."""

    title: str
    claimed: str
    evidenced: str
    working: tuple[str, ...]
    clause: str


@dataclass(frozen=True, kw_only=True)
class StakeView:
    """Everything that is shown: (label, value) of days and people, the subsidies, the conditions."""

    facts: tuple[tuple[str, str], ...]
    rows: tuple[StakeRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Range:
    """Sums of money between which the truth lies; None = not known. A limit says nothing of the least."""

    low: Decimal | None
    high: Decimal | None
    is_at_most: bool = False


@dataclass(frozen=True, kw_only=True)
class Training:
    """The training subsidy of a class, or of several: by the claim and by the evidence."""

    claimed: Range
    evidenced: Range


def stake_view(stake: Stake, words: Catalogue) -> StakeView:
    """The whole in words."""
    return StakeView(
        facts=tuple(_facts(stake, words)),
        rows=tuple(_row(line, words) for line in stake.lines),
        notes=tuple(note_text(note, words) for note in stake.notes),
    )


def training(stake: Stake | None) -> Training:
    """The training subsidy of one class, over the levels that it may have; not known without a stake."""
    lines = [] if stake is None else [line for line in stake.lines if line.item is Item.TRAINING]
    claims = [_yuan(line.claimed) for line in lines]
    lows, highs = [_yuan(line.low) for line in lines], [_yuan(line.high) for line in lines]
    is_at_most = any(line.is_at_most for line in lines)
    return Training(
        claimed=Range(low=_least(claims), high=_most(claims), is_at_most=is_at_most),
        evidenced=Range(low=_least(lows), high=_most(highs), is_at_most=is_at_most),
    )


def total(parts: Iterable[Training]) -> Training:
    """The sum over several classes; not known where one of them isn't."""
    listed = list(parts)
    return Training(claimed=_sum(one.claimed for one in listed), evidenced=_sum(one.evidenced for one in listed))


def range_text(amount: Range, words: Catalogue) -> str:
    """From so much to so much, at most so much, or not known."""
    low, high = amount.low, amount.high
    if high is None:
        return words.ui("stake_unknown") if not low else words.ui("stake_at_least", yuan=formats.money(low))
    if amount.is_at_most or low is None:
        return words.ui("stake_at_most", yuan=formats.money(high))
    if low == high:
        return words.ui("stake_yuan", yuan=formats.money(high))
    return words.ui("stake_range", low=formats.money(low), high=formats.money(high))


def evidenced_people(stake: Stake, words: Catalogue) -> str:
    """The people that the footage shows, as bounds."""
    low, high = stake.people.low, stake.people.high
    if low is None:
        return words.ui("stake_unknown")
    if high is None:
        return words.ui("stake_people_least", low=low)
    return words.ui("stake_people", low=low) if low == high else words.ui("stake_people_range", low=low, high=high)


def note_text(note: Note, words: Catalogue) -> str:
    """A condition or a gap in words, with its clause."""
    is_open = any(value is None for value in note.values.values())
    text = words.ui(f"stake_note_{note.code}{'_open' if is_open and note.code == 'employment' else ''}", **note.values)
    return text if note.clause is None else words.ui("stake_with_clause", text=text, clause=clause_text(note.clause))


def clause_text(clause: Clause) -> str:
    """Document and section."""
    return shown(f"{clause.document} {clause.section}")


def working_lines(line: StakeLine, words: Catalogue) -> Iterator[str]:
    """How each sum came about; the same sum only once."""
    if line.claimed is not None:
        yield words.ui("stake_by_claim", working=_working(line.claimed, words))
    if line.low is not None and line.low != line.high:
        yield words.ui("stake_by_low", working=_working(line.low, words))
    if line.high is not None:
        key = "stake_by_evidence" if line.low == line.high else "stake_by_high"
        yield words.ui(key, working=_working(line.high, words))


def line_title(line: StakeLine, words: Catalogue) -> str:
    """What the line is about, with its level."""
    title = words.ui(f"stake_item_{line.item}")
    return title if line.level is None else words.ui("stake_level", item=title, stake_level=line.level)


def _facts(stake: Stake, words: Catalogue) -> Iterator[tuple[str, str]]:
    days, people = stake.days, stake.people
    if days.claimed is None:
        claimed = words.ui("stake_unknown")
    else:
        claimed = words.ui("stake_days", days=days.claimed, source=words.ui(f"stake_from_{days.source}"))
    numbers = {"passing": days.passing, "open": days.open, "failing": days.failing, "missing": days.missing}
    enrolled = people.claimed
    yield words.ui("stake_days_claimed"), claimed
    yield words.ui("stake_days_evidenced"), words.ui("stake_days_value", **numbers)
    known = words.ui("stake_unknown") if enrolled is None else words.ui("stake_people", low=enrolled)
    yield words.ui("stake_people_claimed"), known
    yield words.ui("stake_people_evidenced"), evidenced_people(stake, words)


def _row(line: StakeLine, words: Catalogue) -> StakeRow:
    claimed, low, high = _yuan(line.claimed), _yuan(line.low), _yuan(line.high)
    return StakeRow(
        title=line_title(line, words),
        claimed=range_text(Range(low=claimed, high=claimed, is_at_most=line.is_at_most), words),
        evidenced=range_text(Range(low=low, high=high, is_at_most=line.is_at_most), words),
        working=tuple(working_lines(line, words)),
        clause=clause_text(line.clause),
    )


def _working(working: Working, words: Catalogue) -> str:
    each = working.per_head
    how = _how(each, words)
    key = "stake_working_how" if how else "stake_working"
    amounts = {"each": formats.money(each.yuan), "yuan": formats.money(working.yuan)}
    return words.ui(key, people=working.people, how=how, **amounts)


def _how(each: PerHead, words: Catalogue) -> str:
    """How a person's sum came about; empty where there is nothing to add up."""
    if each.unit not in (Unit.DAY, Unit.CLASS_HOUR) or not each.parts:
        return ""
    parts = " + ".join(_part(part, each.unit, words) for part in each.parts)
    if not each.is_capped or each.cap_yuan is None:
        return parts
    return words.ui("stake_capped", parts=parts, full=formats.money(each.full_yuan), cap=formats.money(each.cap_yuan))


def _part(part: Part, unit: Unit, words: Catalogue) -> str:
    return words.ui(f"stake_part_{unit}", number=part.number, yuan=formats.money(part.yuan))


def _yuan(working: Working | None) -> Decimal | None:
    return None if working is None else working.yuan


def _least(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return min(known) if known and len(known) == len(amounts) else None


def _most(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return max(known) if known and len(known) == len(amounts) else None


def _sum(ranges: Iterable[Range]) -> Range:
    listed = list(ranges)
    lows, highs = [one.low for one in listed], [one.high for one in listed]
    return Range(low=_added(lows), high=_added(highs), is_at_most=any(one.is_at_most and one.high for one in listed))


def _added(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None
