"""Who of the people in a lecture is probably the teacher: a hint for a person, never a reason to count anybody out."""

from collections.abc import Sequence

import numpy as np

from vidaudit.model.still import Box
from vidaudit.observe.perspective import HEAD_TO_FACE, middle, perspective_of

_WALKED_WIDTHS = 3.0  # between two places of one person: more than a chair moved, or a neighbour's seat taken
_MIN_BACKS = 5  # people who never show their face: then the only face belongs to whom they look at
_MIN_OTHERS = 6  # whose sizes tell how large a head is at each height
# Somebody who stands has their head as high in the picture as those who sit far behind, and as large as it is near. Own
# choice: heads of adults differ by a tenth (ISO 7250-3), and a detector's boxes by another tenth.
_STANDS_OUT = 1.4
_FITS = 1.25


def probably_staff(people: Sequence[Sequence[Box]], num_living: int) -> tuple[int, ...]:
    """Indices of those who walk about or stand apart from all others.

    Args:
        people: for each person the boxes of the face at the places they took.
        num_living: places of people who never show their face.
    """
    walking = tuple(index for index, places in enumerate(people) if _walks(places))
    if walking:
        return walking
    if len(people) == 1 and num_living >= _MIN_BACKS:
        return (0,)
    return _standing([places[0] for places in people])


def _walks(places: Sequence[Box]) -> bool:
    first = middle(places[0])
    reach = _WALKED_WIDTHS * HEAD_TO_FACE * max(box.width_px for box in places)
    return any(float(np.hypot(*np.subtract(middle(box), first))) > reach for box in places)


def _standing(faces: Sequence[Box]) -> tuple[int, ...]:
    """The one whose head is far too large for its height while all the others fit."""
    apart = [index for index in range(len(faces)) if _stands_out(faces, index)]
    return tuple(apart) if len(apart) == 1 else ()


def _stands_out(faces: Sequence[Box], index: int) -> bool:
    others = [face for number, face in enumerate(faces) if number != index]
    perspective = perspective_of(others)
    if perspective is None or len(others) < _MIN_OTHERS:
        return False

    def ratio(face: Box) -> float:
        return HEAD_TO_FACE * face.width_px / max(perspective.head_px(middle(face)[1]), 1.0)

    return ratio(faces[index]) >= _STANDS_OUT and all(1 / _FITS <= ratio(face) <= _FITS for face in others)
