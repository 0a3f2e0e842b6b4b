"""Citizen identity numbers by GB 11643-1999: what is wrong with one, and how to show one without giving it away.

Six digits of the place, eight of the birth date, three of the sequence (the last odd for men, even for women), and a
check character. A full number stays inside this module and `intake.roster`; only masks and fault codes leave.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass, field

from vidaudit.intake.numerals import fold_width

LENGTH = 18
# GB 11643-1999, from ISO 7064 MOD 11-2.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_FIRST_BIRTH_YEAR = 1900
# A spreadsheet keeps 15 significant digits of a number (IEC 60559 double): the rest of a longer one is lost.
_EXACT_NUMBER = 10**15
_AGE_SLACK_YEARS = 1  # the age column may have been filled in a year before or after
_SHORTEST_MASKED = 12  # of a shorter number the first four and last two would give half of it away
_ROUNDED_NUMBER = re.compile(
    r"[1-9](?:\.\d+)?E\+?\d\d"
)  # what a spreadsheet shows of a long number, and exports as text
_FEWEST_DIGITS_OF_KEY = 6  # 无, 同上 or a dash in the place of a number makes nobody the same person
_JUNK = re.compile(r"[\s'’‘`´\u200b-\u200f\u202a-\u202e\u2060\ufeff-]")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What an identity number says.

    Args:
        masked: for showing; None where there is no number.
        faults: codes in the order `rounded`, `length`, `characters`, `birth-date`, `checksum`, `sex`, `age`, `birth`.
        key: the number itself, to find duplicates: never shown, never stored.
    """

    masked: str | None
    faults: tuple[str, ...] = ()
    birth_date: dt.date | None = None
    sex: str | None = None
    key: str | None = field(default=None, repr=False)


def check_identity(
    value: object,
    *,
    today: dt.date,
    sex: str | None = None,
    age: int | None = None,
    age_on: dt.date | None = None,
    born: str | None = None,
) -> Identity:
    """Check a number as a roster gives it.

    Args:
        value: text, or what a spreadsheet holds; a number that a spreadsheet has rounded is never repaired.
        today: births after this day are impossible.
        sex: 男 or 女 as the roster says it, where it does.
        age: years as the roster says it, where it does.
        age_on: the day on which the roster counts ages; without it, ages aren't compared.
        born: the birth date as the roster says it, as 19800110 or only 198001; None where it doesn't.
    """
    number, is_exact = _normalised(value)
    if not number:
        return Identity(masked=None)
    faults = _form_faults(number, is_exact)
    if faults:
        return Identity(masked=mask_identity(number), faults=faults, key=_key(number, is_exact))
    birth = _birth_date(number, today)
    own_sex = "男" if int(number[16]) % 2 else "女"
    found = {
        "birth-date": birth is None,
        "checksum": check_character(number[:17]) != number[17],
        "sex": sex in ("男", "女") and sex != own_sex,
        "age": _differs(birth, age, age_on),
        "birth": birth is not None and born is not None and not f"{birth:%Y%m%d}".startswith(born),
    }
    return Identity(
        masked=mask_identity(number),
        faults=tuple(code for code, is_fault in found.items() if is_fault),
        birth_date=birth,
        sex=own_sex,
        key=_key(number, is_exact),
    )


def _key(number: str, is_exact: bool) -> str | None:
    """The number, if it can tell people apart: not where digits are lost or hidden, or one digit stands for all."""
    digits = [char for char in number if char.isdigit()]
    is_telling = len(digits) >= _FEWEST_DIGITS_OF_KEY and len(set(digits)) > 1
    return number if is_exact and is_telling and "*" not in number else None


def mask_identity(number: str) -> str:
    """The first four and last two characters, the rest as `*`; all `*` for what is shorter than 12 characters."""
    if len(number) < _SHORTEST_MASKED:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def check_character(digits: str) -> str:
    """The eighteenth character that belongs to the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def age_on(birth: dt.date, day: dt.date) -> int:
    """Whole years lived by that day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _normalised(value: object) -> tuple[str, bool]:
    """The number as text, and whether all of its digits are really the writer's."""
    if isinstance(value, bool) or value is None:
        return "", True
    if isinstance(value, int | float):
        return _from_number(value)
    text = _JUNK.sub("", fold_width(str(value))).upper()
    return _from_number(float(text)) if _ROUNDED_NUMBER.fullmatch(text) else (text, True)


def _from_number(value: float) -> tuple[str, bool]:
    if not math.isfinite(value) or value <= 0:
        return "?", False
    is_exact = value == int(value) and (value < _EXACT_NUMBER or (isinstance(value, int) and value % 1000 != 0))
    return str(int(value)), is_exact


def _form_faults(number: str, is_exact: bool) -> tuple[str, ...]:
    if not is_exact and number.isdigit():
        return ("rounded",)
    is_length = len(number) != LENGTH and is_exact
    is_characters = not re.fullmatch(r"[0-9]+[0-9X]", number)
    return tuple(code for code, is_fault in (("length", is_length), ("characters", is_characters)) if is_fault)


def _birth_date(number: str, today: dt.date) -> dt.date | None:
    try:
        birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return birth if birth.year >= _FIRST_BIRTH_YEAR and birth <= today else None


def _differs(birth: dt.date | None, age: int | None, day: dt.date | None) -> bool:
    if birth is None or age is None or day is None:
        return False
    return abs(age_on(birth, day) - age) > _AGE_SLACK_YEARS
