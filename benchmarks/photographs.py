"""The photographs that rooms are made of: who is in which, and where each face lies.

Everybody in every picture was looked at and counted by eye; boxes reach from forehead to chin. Names come from the file
where it tells one, else they are the file's and a number: no two of these photographs show the same unnamed person.
Where strangers stand far behind, or figures look like faces, the picture is cropped to those who count.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fixtures.videos.canvas import Picture

Corners = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True, kw_only=True)
class Face:
    """One face of a photograph: a name for the person, and where it is in the picture."""

    who: str
    corners: Corners

    @property
    def width_px(self) -> float:
        """Width of the face."""
        return self.corners[2] - self.corners[0]


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """A picture of the test media, or a part of it.

    Args:
        file: its path below `pictures/` of the test media.
        faces: everybody in it, in pixels of the part.
        part: which part is meant; None = all of it.
    """

    file: str
    faces: tuple[Face, ...]
    part: tuple[int, int, int, int] | None = None

    @property
    def face_px(self) -> float:
        """The median width of its faces."""
        return float(np.median([face.width_px for face in self.faces]))

    def load(self, pictures: Path) -> Picture:
        """The picture as (height, width, 3) uint8, blue-green-red."""
        whole = _read(pictures / self.file)
        if self.part is None:
            return whole
        left, top, right, bottom = self.part
        return whole[top:bottom, left:right]


_JOHN = (18, 0, 114, 145)  # all of them are cut alike
_JOHNS = {
    "John_Salley": "000179_02159509 000183_02159543 000186_02159346 000189_02159361 000190_02159501 000192_02159531 "
    "000194_02159572 000197_02159322 000197_02159525 000198_02159470 000200_02159354",
    "John_Savage": "000264_01099001 000274_01099061 000277_01099000 000289_01099139 000290_01099067 000290_01099090 "
    "000291_01099023 000291_01099214 000293_01099081 000296_01099007 000299_01099008",
    "John_Schneider": "000288_00925786 000302_00925785 000307_00925823 000325_00925954 000326_00925765 000326_00926089 "
    "000326_00926128 000326_00926139 000329_00925859 000329_00925963 000331_00926012",
    "John_Shimkus": "000373_03228153 000375_03227651 000376_02340068 000378_02340151 000378_03227610 000383_03227939 "
    "000385_03227766 000388_03227773 000390_03227666 000394_02340150 000396_03227722",
    "John_Simm": "000288_00470387 000297_00470170 000300_00470148 000304_00470122 000305_00470162 000305_00470717 "
    "000306_00470222 000306_00470223 000309_00470287 000310_00470421 000310_00470511",
}
_FAMILIES = {
    "Family1-Dad": ((17, 20, 163, 212), (35, 60, 104, 147), (12, 40, 102, 149)),
    "Family1-Daughter": ((12, 25, 80, 110), (7, 20, 82, 103), (30, 37, 78, 98)),
    "Family1-Mom": ((27, 45, 120, 158), (14, 34, 89, 119)),
    "Family1-Son": ((33, 22, 109, 135), (31, 43, 78, 100)),
    "Family2-Lady": ((60, 71, 184, 259), (49, 51, 155, 212)),
    "Family2-Man": ((11, 31, 171, 219), (51, 41, 186, 253)),
    "Family3-Lady": ((64, 85, 140, 181),),
    "Family3-Man": ((49, 53, 165, 232),),
}
_GROUPS: dict[str, tuple[tuple[int, int, int, int], ...]] = {
    "azure/celebrities.jpg": ((588, 73, 51, 68), (460, 105, 42, 59), (279, 97, 44, 61), (84, 89, 45, 76)),
    "azure/detection1.jpg": ((448, 87, 222, 288),),
    "azure/detection2.jpg": ((257, 70, 152, 214),),
    "azure/detection3.jpg": ((524, 180, 126, 158),),
    "azure/detection4.jpg": ((393, 292, 80, 121), (732, 289, 89, 119), (105, 113, 205, 291)),
    "azure/detection5.jpg": ((162, 123, 188, 274), (557, 120, 197, 271), (422, 320, 135, 173)),
    "azure/faces.jpg": (
        *((120, 143, 88, 122), (499, 98, 87, 114), (392, 148, 80, 111)),
        *((16, 132, 90, 112), (229, 139, 83, 106), (320, 146, 67, 92)),
    ),
    "dlib/faces/2007_007763.jpg": (
        *((318, 229, 41, 52), (202, 92, 29, 38), (101, 194, 28, 37), (165, 115, 27, 34)),
        *((301, 82, 33, 44), (185, 213, 29, 37), (391, 82, 42, 58)),
    ),
    "dlib/faces/2008_001009.jpg": ((136, 198, 83, 111), (151, 80, 64, 83)),
    "dlib/faces/2008_001322.jpg": ((357, 142, 86, 118), (108, 146, 67, 95), (234, 209, 61, 77)),
    "dlib/faces/2008_002079.jpg": (
        *((443, 161, 47, 65), (35, 185, 43, 55), (124, 131, 29, 39)),
        *((351, 135, 30, 36), (411, 160, 34, 44), (59, 128, 35, 45)),
    ),
    "dlib/faces/2008_002470.jpg": (
        *((279, 170, 45, 62), (56, 149, 40, 53), (238, 69, 38, 48)),
        *((329, 44, 42, 57), (185, 81, 30, 39), (154, 167, 30, 35)),
    ),
    "dlib/faces/2008_002506.jpg": ((229, 85, 79, 114), (339, 66, 100, 130), (118, 46, 87, 123)),
    "dlib/faces/2008_004176.jpg": (
        *((195, 76, 30, 41), (108, 77, 34, 45), (329, 74, 34, 44), (227, 92, 31, 39)),
        *((206, 227, 33, 41), (166, 115, 32, 39), (286, 97, 29, 38)),
    ),
    "dlib/faces/2008_007676.jpg": (
        *((265, 125, 37, 45), (226, 54, 35, 47), (108, 130, 46, 63), (368, 125, 36, 48)),
        *((192, 107, 43, 57), (320, 115, 33, 42), (133, 70, 43, 56)),
    ),
    "dlib/faces/2009_004587.jpg": ((269, 275, 57, 72), (149, 30, 72, 100)),
    "group.jpg": (
        *((334, 198, 24, 31), (128, 190, 24, 32), (508, 135, 21, 27), (382, 105, 21, 28)),
        *((185, 113, 20, 28), (259, 195, 21, 30), (181, 203, 21, 29), (321, 145, 18, 25)),
    ),
}
_PARTS = {
    "dlib/faces/2008_002079.jpg": (0, 108, 500, 375),  # guests and waiters far behind
    "dlib/faces/2008_004176.jpg": (60, 58, 425, 438),  # cardboard figures and picture postcards
}


def portraits(take: int = 0) -> tuple[Photograph, ...]:
    """The people of whom there are several photographs, and two of whom there is one: one photograph each.

    Args:
        take: which photograph of each; counted on from the first again where there are fewer.
    """
    return (*johns(take), *families(take))


def johns(take: int = 0) -> tuple[Photograph, ...]:
    """Five men of whom there are eleven photographs each: the one with this number."""
    return tuple(
        _portrait(f"dlib/johns/{who}/{_pick(files.split(), take)}.jpg", who, _JOHN) for who, files in _JOHNS.items()
    )


def families(take: int = 0) -> tuple[Photograph, ...]:
    """Eight people of three families, one to three photographs each: the one with this number."""
    return tuple(
        _portrait(f"azure/{who}{take % len(boxes) + 1}.jpg", who, boxes[take % len(boxes)])
        for who, boxes in _FAMILIES.items()
    )


def group(name: str) -> Photograph:
    """The photograph of several people whose file has this name."""
    file = next(file for file in _GROUPS if Path(file).stem == name)
    part = _PARTS.get(file)
    dx, dy = part[:2] if part else (0, 0)
    faces = tuple(
        Face(who=f"{name}-{number}", corners=(x - dx, y - dy, x - dx + width, y - dy + height))
        for number, (x, y, width, height) in enumerate(_GROUPS[file], start=1)
    )
    return Photograph(file=file, faces=faces, part=part)


def groups(names: str) -> tuple[Photograph, ...]:
    """Those of several names, parted by blanks."""
    return tuple(group(name) for name in names.split())


GROUP_NAMES = tuple(Path(file).stem for file in _GROUPS)


def heads(photographs: Iterable[Photograph], margin: float = 0.45) -> tuple[Photograph, ...]:
    """Everybody in them cut out alone, with up to `margin` of the face's width around, short of the next face.

    Faces that leave no room between them are left out.
    """
    cut = (_head(photograph, face, margin) for photograph in photographs for face in photograph.faces)
    return tuple(head for head in cut if head is not None)


def _head(photograph: Photograph, face: Face, margin: float) -> Photograph | None:
    others = [other.corners for other in photograph.faces if other is not face]
    dx, dy = photograph.part[:2] if photograph.part else (0, 0)
    for share in np.linspace(margin, 0.1, 8):
        extra = share * face.width_px
        around = _grown(face.corners, extra)
        if not any(_touch(around, other) for other in others):
            left, top = max(0, int(around[0] + dx)), max(0, int(around[1] + dy))
            part = (left, top, int(around[2] + dx), int(around[3] + dy))
            x0, y0, x1, y1 = face.corners
            moved = (x0 + dx - left, y0 + dy - top, x1 + dx - left, y1 + dy - top)
            return Photograph(file=photograph.file, faces=(Face(who=face.who, corners=moved),), part=part)
    return None


def _grown(corners: Corners, extra: float) -> Corners:
    return corners[0] - extra, corners[1] - extra, corners[2] + extra, corners[3] + extra


def _touch(one: Corners, other: Corners) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _portrait(file: str, who: str, box: tuple[int, int, int, int]) -> Photograph:
    x, y, width, height = box
    return Photograph(file=file, faces=(Face(who=who, corners=(x, y, x + width, y + height)),))


def _pick(names: list[str], take: int) -> str:
    return names[take % len(names)]


@functools.cache
def _read(file: Path) -> Picture:
    picture = cv2.imread(str(file))
    if picture is None:
        raise FileNotFoundError(file)
    return picture.astype(np.uint8)
