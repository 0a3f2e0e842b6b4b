"""Faces that never move while others do: portraits on a wall, a photograph held up, a poster of a class.

Where a face was first seen, the same patch of the room is compared from sight to sight. A picture stays what it is,
whatever noise and compression do to it; nobody alive does for ten minutes. Lighting changes both, so the patches are
compared by correlation, which brightness and contrast don't touch.

Measured on 61 looks at the classroom of the test media with portraits of 45 to 160 px on its wall, with and without
noise of 6 grey levels, compressed as JPEG at quality 50: the tenth lowest of a hundred correlations is at least 0.995
for a portrait and at most 0.92 for a person, also for one who mostly sits still (median 0.99).
"""

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box
from vidaudit.observe.change import MOVED_LEVELS, Grey, blocks, largest_change, room
from vidaudit.observe.detect import Image
from vidaudit.observe.place import View
from vidaudit.observe.tracks import Sight, Track

_PATCH_PX = 16
_STANDING_SHARE = 0.003  # of the width; a fixed camera's way between two looks is measured at under 0.001
_STILL_CORRELATION = 0.98
_STILL_QUANTILE = 0.1  # somebody may pass before a picture on the wall
_MIN_COMPARED = 8  # fewer looks say nothing: a person can sit still for a minute
_MIN_CONTRAST = 4.0  # grey levels; below it the correlation is that of the noise

_Patch = npt.NDArray[np.float64]


class Liveliness:
    """Remembers how the room and the patch of each track change. Feed each frame, then its sights."""

    def __init__(self) -> None:
        self._room: Grey | None = None
        self._view: View | None = None
        self._changes: list[float] = []
        self._last: dict[Track, _Patch] = {}
        self._alike: dict[Track, list[float]] = {}

    def look(self, grey: Grey, view: View, width_px: int) -> None:
        """The next frame, of a picture `width_px` wide. A camera that moves says nothing of what moves in the room.

        Args:
            grey: (height, width) uint8, reduced to whatever size.
        """
        now = blocks(room(grey))
        if self._room is not None and self._room.shape == now.shape and self._stands(view, width_px):
            self._changes.append(largest_change(self._room, now))
        self._room, self._view = now, view

    def _stands(self, view: View, width_px: int) -> bool:
        before = self._view
        if before is None or before.segment != view.segment:
            return False
        return view.travelled_px - before.travelled_px <= _STANDING_SHARE * width_px

    def add(self, track: Track, sight: Sight, view: View, image: Image) -> None:
        """One more sight of a track, just entered into it."""
        home = track.sights[0]
        if home.segment != sight.segment:
            return
        patch = _patch(image, view.box_in_frame(home.place))
        if patch is None:
            return
        before = self._last.get(track)
        if before is not None:
            self._alike.setdefault(track, []).append(float((patch * before).mean()))
        self._last[track] = patch

    @property
    def room_lives(self) -> bool:
        """Whether something moves in the room; not in a photograph filmed for ten minutes."""
        return bool(self._changes) and float(np.median(self._changes)) > MOVED_LEVELS

    def is_still(self, track: Track) -> bool:
        """Whether this face is the same picture every time."""
        alike = self._alike.get(track, [])
        return len(alike) >= _MIN_COMPARED and float(np.quantile(alike, _STILL_QUANTILE)) >= _STILL_CORRELATION


def _patch(image: Image, box: Box) -> _Patch | None:
    """The grey levels of a box with mean 0 and deviation 1; None outside of the picture or without contrast."""
    top, left = max(round(box.y_px), 0), max(round(box.x_px), 0)
    part = image[top : max(round(box.y_px + box.height_px), 0), left : max(round(box.x_px + box.width_px), 0)]
    if min(part.shape[:2]) < 2:
        return None
    grey = cv2.cvtColor(cv2.resize(part, (_PATCH_PX, _PATCH_PX), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    deviation = float(grey.std())
    return None if deviation < _MIN_CONTRAST else (grey - grey.mean()) / deviation
