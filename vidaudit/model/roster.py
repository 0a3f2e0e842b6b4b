"""Who is enrolled. Full ID numbers never get here: intake checks them and passes on a masked form and the faults."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Trainee:
    """One row of a roster.

    Args:
        row: the row in the file, counted from 1 as a spreadsheet shows it.
        id_masked: first 4 and last 2 characters, the rest as `*`; None when the row has no number.
        id_faults: codes of what is wrong with the number by GB 11643-1999: `rounded` (a spreadsheet lost its last
            digits), `length`, `characters`,
            `birth-date`, `checksum`, `sex` (differs from the sex column), `age` (differs by more than a year
            from the age column), `birth` (differs from the column of birth dates).
        missing: canonical names of required columns that are empty in this row.
        duplicate_of_row: an earlier row with the same ID number (or the same name where neither has one).
        age_by_number: whole years by the birth date in a sound number, on the day that ages count on; else None.
        also_in: paths of other classes of the run whose rosters have the same ID number.
    """

    row: int
    name: str | None
    sex: str | None = None
    age: int | None = None
    education: str | None = None
    occupation: str | None = None
    id_masked: str | None = None
    id_faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    duplicate_of_row: int | None = None
    age_by_number: int | None = None
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The trainees of one class.

    Args:
        file: where it was found, relative to the class folder (or the name of the file given by hand).
        institution: the school as its head rows say, or None.
        school: that of them which is certainly a school's name, not that of a company or of an office; else None.
        training_dates: the days it names, in order; empty when it names none.
        training_span: first and last day, where it names only these (5月20日至31日); else None.
        missing_columns: canonical names of annex-4 columns that are not there.
        faults: what kept it from being read whole, as codes: `no-header`, `no-rows`, `unreadable`, `encrypted`,
            `several-rosters`, `formulas` (names or numbers are formulas without values), `outside-class` (nothing was
            read: the file lies beside the class folder).
        other_files: further roster-like files in the same class folder that were not used.
    """

    file: str
    trainees: tuple[Trainee, ...]
    title: str | None = None
    institution: str | None = None
    training_dates: tuple[date, ...] = ()
    missing_columns: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    other_files: tuple[str, ...] = ()
    training_span: tuple[date, date] | None = None
    school: str | None = None

    @property
    def size(self) -> int | None:
        """How many are enrolled (rows that repeat an earlier one not counted); None when it couldn't be read."""
        if not self.trainees:
            return None
        return sum(trainee.duplicate_of_row is None for trainee in self.trainees)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photograph of somebody enrolled; never stored, for it holds the machine's own path.

    Args:
        row, name: as in `Trainee`.
        file: the file on this machine.
        shown: its path below the folder of photographs, printable, long numbers masked.
    """

    row: int
    name: str | None
    file: Path
    shown: str
