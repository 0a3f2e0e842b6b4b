"""The people of the lectures, by the frames in which most were counted, and those of the roster."""

from collections.abc import Iterator
from dataclasses import dataclass

from vidaudit.model.evidence import HeadEvidence
from vidaudit.model.roster import Roster, Trainee
from vidaudit.report.material import Material
from vidaudit.report.text import shown


@dataclass(frozen=True, kw_only=True)
class FrameCard:
    """The frame of a lecture in which most people were marked, and the seat map; `bounds` may be empty."""

    path: str
    headcount: int
    caption: str
    picture: str | None
    bounds: str = ""
    seat_map: str | None = None


@dataclass(frozen=True, kw_only=True)
class TraineeRow:
    """One row of the roster, its ID number masked."""

    row: int
    name: str
    sex: str
    age: str
    education: str
    occupation: str
    id_masked: str
    notes: str


def frames(material: Material) -> tuple[FrameCard, ...]:
    """A card for each lecture in which heads were counted."""
    return tuple(_frame(material, clip.path, clip.heads) for clip in material.evidence.clips if clip.heads is not None)


def trainees(material: Material) -> tuple[TraineeRow, ...]:
    """The roster's rows as they stand in the file; empty without a roster."""
    roster = material.evidence.roster
    return () if roster is None else tuple(_trainee(material, trainee) for trainee in roster.trainees)


def roster_notes(material: Material) -> tuple[str, ...]:
    """What is to be said of the roster as a whole: its file and what kept it from being read."""
    roster = material.evidence.roster
    return (material.words.ui("no_roster"),) if roster is None else tuple(_notes(material, roster))


def _notes(material: Material, roster: Roster) -> Iterator[str]:
    words = material.words
    yield words.ui("roster_file", file=shown(roster.file))
    if roster.title:
        yield shown(roster.title)
    if roster.faults:
        yield words.value("fault", roster.faults)
    if roster.missing_columns:
        yield words.ui("roster_missing_columns", column=roster.missing_columns)
    if roster.other_files:
        yield words.ui("roster_other_files", file=tuple(map(shown, roster.other_files)))


def _frame(material: Material, path: str, heads: HeadEvidence) -> FrameCard:
    words = material.words
    at = words.value("at_s", heads.best_at_s)
    return FrameCard(
        path=material.path(path),
        headcount=heads.headcount,
        caption=words.ui(
            "frame_caption", at=at, marked=len(heads.marks), most=heads.max_at_once, frames=heads.num_frames
        ),
        picture=material.picture(heads.snapshot),
        bounds="" if heads.high in (None, heads.low) else words.ui("people_bounds", low=heads.low, high=heads.high),
        seat_map=material.picture(heads.seat_map),
    )


def _trainee(material: Material, trainee: Trainee) -> TraineeRow:
    return TraineeRow(
        row=trainee.row,
        name=shown(trainee.name),
        sex=shown(trainee.sex),
        age="" if trainee.age is None else str(trainee.age),
        education=shown(trainee.education),
        occupation=shown(trainee.occupation),
        id_masked=shown(trainee.id_masked),
        notes=material.words.ui("note_separator").join(_trainee_notes(material, trainee)),
    )


def _trainee_notes(material: Material, trainee: Trainee) -> Iterator[str]:
    words = material.words
    if trainee.id_faults:
        yield words.ui("trainee_id_faults", fault=trainee.id_faults)
    if trainee.missing:
        yield words.ui("trainee_missing", column=trainee.missing)
    if trainee.duplicate_of_row is not None:
        yield words.ui("trainee_duplicate", row=trainee.duplicate_of_row)
