"""How often a descriptor takes two people for one, and one for two, at each of its limits.

Who is who is known beforehand: in the photographs by their files, in the pans by the place on the wall at which
somebody is seen. A false match is a pair of two people within the limit, a false non-match a pair of one person beyond
it. In the pans, pairs of one clip are left out: there the place decides, and other clips are what likeness has to link.

Then photographs are held against each pan as a scan does it, with five men among them who aren't there.

    python -m benchmarks.likeness [--descriptor SPEC]
"""

import argparse
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import photographs
from benchmarks.measure import media, table
from benchmarks.photographs import Face, Photograph
from vidaudit.media.decode import Decoder
from vidaudit.media.plan import plan
from vidaudit.media.probe import probe
from vidaudit.model.evidence import FaceEvidence
from vidaudit.model.people import PhotoMatch
from vidaudit.model.roster import Photo
from vidaudit.model.still import Box
from vidaudit.model.submission import ClipKind
from vidaudit.observe.describe import FaceDescriptor, make_descriptor
from vidaudit.observe.detect import FaceDetector
from vidaudit.observe.detectors import clip_detector, make_detector
from vidaudit.observe.identity import Descriptor, LikenessLimits, distances, likeness_limit
from vidaudit.observe.people import SeenClip, link_people
from vidaudit.observe.persons import FaceClipObserver
from vidaudit.observe.photos import match_photos
from vidaudit.observe.place import CameraPath
from vidaudit.profile import load_profile

_NUM_TAKES = 11  # photographs of whom there are most
_GROUP_OF_SIX = tuple(f"faces-{number}" for number in range(1, 7))
_BABY = "baby"  # on the arm of the man on the stairs, half turned away: not always found
_FAMILIES = tuple(
    f"Family{family}-{who}"
    for family, members in ((1, "Dad Mom Daughter Son"), (2, "Lady Man"), (3, "Lady Man"))
    for who in members.split()
)
# Who is on the wall from left to right, in the first and in the second clip of a day.
_WALLS = {
    "1": (*_FAMILIES, "glasses", "blue-shirt", "curls", _BABY, "stairs", *_GROUP_OF_SIX),
    "2": (*_GROUP_OF_SIX, _BABY, "stairs", "curls", "blue-shirt", "glasses", *_FAMILIES),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """A known person's face; looks of one `shot` aren't compared. None = compared with all."""

    who: str
    numbers: Descriptor
    shot: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Pan:
    """A pan, and who each of its persons is, by index."""

    clip: SeenClip
    who: dict[int, str]


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Pairs of two people and those taken for one; pairs of one person and those taken for two."""

    limit: float
    num_strangers: int
    false_matches: int
    num_same: int
    false_non_matches: int


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.likeness")
    parser.add_argument("--descriptor", default="dlib", help="dlib, dlib:FILE or sface:FILE")
    descriptor = make_descriptor(parser.parse_args(arguments).descriptor)
    pictures, disc = media("pictures"), media("disc-real")
    if pictures is not None:
        for name, wanted in photograph_sets().items():
            _report(name, list(looks_of(wanted, pictures, descriptor)), descriptor.limits)
    if disc is not None:
        clips = sorted(disc.glob("*第1期*/*/*课间人脸识别视频[12].mp4"))
        pans = list(known_pans(clips, descriptor))
        _report("pans of 18 people and a baby, other clips", looks_of_pans(pans), descriptor.limits)
        if pictures is not None:
            for (is_there, what), number in sorted(photographs_against(pans, pictures, descriptor).items()):
                print(f"photographs of people who are {is_there}: {number} {what}")


def photograph_sets() -> dict[str, tuple[Photograph, ...]]:
    """The photographs with known people, by name of the set."""
    johns = tuple(one for take in range(_NUM_TAKES) for one in photographs.johns(take))
    families = {one.file: one for take in range(3) for one in photographs.families(take)}
    groups = photographs.groups(" ".join(photographs.GROUP_NAMES))
    return {
        "portraits of 5 men": johns,
        "families, 8 people": tuple(families.values()),
        "both, and groups": (*johns, *families.values(), *groups),
    }


def looks_of(wanted: Iterable[Photograph], pictures: Path, descriptor: FaceDescriptor) -> Iterator[Look]:
    """Everybody in the photographs whom the detector finds."""
    detector = make_detector("centerface")
    for photograph in wanted:
        image = photograph.load(pictures)
        boxes = [face.box for face in detector.detect(image)]
        known = [(face.who, box) for face in photograph.faces for box in boxes if _shows(box, face)]
        for (who, _), numbers in zip(known, descriptor.describe([(image, box) for _, box in known]), strict=True):
            yield Look(who=who, numbers=numbers)


def known_pans(clips: Sequence[Path], descriptor: FaceDescriptor) -> Iterator[Pan]:
    """The pans with everybody named by place; one in which not all are seen is left out, and said so."""
    for clip in clips:
        path = f"{clip.parent.name}/{clip.name}"
        faces, order = watched(clip, clip_detector("centerface", 960), descriptor)
        wall = on_the_wall(clip.stem[-1], len(order))
        if wall is None:
            print(f"left out, {len(order)} persons: {path}")
        else:
            yield Pan(clip=SeenClip(path=path, day=None, faces=faces), who=dict(zip(order, wall, strict=True)))


def looks_of_pans(pans: Sequence[Pan]) -> list[Look]:
    """Everybody in the pans."""
    return [
        Look(who=pan.who[one.index], numbers=np.array(one.descriptor), shot=pan.clip.path)
        for pan in pans
        for one in pan.clip.faces.persons
    ]


def photographs_against(pans: Sequence[Pan], pictures: Path, descriptor: FaceDescriptor) -> Counter[tuple[str, str]]:
    """{(whether the person is there, what was said): how many photographs}, over all pans and takes."""
    detector, said = make_detector("centerface"), Counter[tuple[str, str]]()
    for pan, take in itertools.product(pans, range(3)):
        wanted = [*photographs.families(take), *photographs.johns(take)]
        photos = [
            Photo(row=row, name=one.faces[0].who, file=pictures / one.file, shown=one.file)
            for row, one in enumerate(wanted)
        ]
        found = match_photos(photos, [pan.clip], link_people([pan.clip], descriptor.limits), detector, descriptor)
        said.update(_said(match, pan) for match in found.matches)
        said.update(("-", f"not usable: {fault.problem}") for fault in found.faults)
    return said


def _said(match: PhotoMatch, pan: Pan) -> tuple[str, str]:
    is_there = "there" if match.name in pan.who.values() else "not there"
    if match.seen is None:
        return is_there, match.outcome.value
    is_right = pan.who[match.seen.index] == match.name
    return is_there, f"{match.outcome}, {'right' if is_right else 'wrong'}"


def on_the_wall(number: str, num_seen: int) -> tuple[str, ...] | None:
    """Who was seen from left to right in the first or second clip of a day; None where the number doesn't tell."""
    wall = _WALLS[number]
    without_baby = tuple(who for who in wall if who != _BABY)
    return next((people for people in (wall, without_baby) if len(people) == num_seen), None)


def watched(clip: Path, detector: FaceDetector, descriptor: FaceDescriptor) -> tuple[FaceEvidence, list[int]]:
    """A pan's evidence, and the indices of its persons from left to right."""
    probed, sampling = probe(clip), load_profile("huguan-2024").sampling
    if probed.index is None:
        raise ValueError(f"{clip} can't be read")
    observer, path, views = FaceClipObserver(detector, "pan", descriptor), CameraPath(), {}
    chosen = plan(probed.index, ClipKind.FACE, sampling)
    for frame in Decoder(clip, probed.facts, probed.index, chosen, observer.too_little):
        observer.add(frame)
        views[float(frame.at_s)] = path.add(frame.image)
    faces = observer.finish()[0]
    along = {one.index: views[one.best.at_s].place(*_middle(one.best.box))[0] for one in faces.persons}
    return faces, sorted(along, key=along.__getitem__)


def rates(looks: Sequence[Look], limit: float) -> Rates:
    """What a limit makes of all pairs that are compared."""
    same, strangers = pairs(looks)
    return Rates(
        limit=limit,
        num_strangers=strangers.size,
        false_matches=int((strangers <= limit).sum()),
        num_same=same.size,
        false_non_matches=int((same > limit).sum()),
    )


def pairs(looks: Sequence[Look]) -> tuple[Descriptor, Descriptor]:
    """Distances of all pairs that are compared: of one person, and of two."""
    numbers = [look.numbers for look in looks]
    apart = distances(numbers, numbers)
    same: list[float] = []
    strangers: list[float] = []
    for row, column in itertools.combinations(range(len(looks)), 2):
        one, other = looks[row], looks[column]
        if one.shot is None or one.shot != other.shot:
            (same if one.who == other.who else strangers).append(float(apart[row, column]))
    return np.array(same), np.array(strangers)


def _report(name: str, looks: Sequence[Look], limits: LikenessLimits) -> None:
    own = likeness_limit(pairs(looks)[1], limits)
    named = {"alike": limits.alike, "own strangers": own, "default": limits.default, "loose": limits.loose}
    rows = [_row(line, rates(looks, limit)) for line, limit in named.items()]
    print(f"{name}: {len(looks)} looks of {len({look.who for look in looks})} people")
    print(table(("limit", "at", "false matches", "", "false non-matches", ""), rows))


def _row(line: str, found: Rates) -> tuple[object, ...]:
    return (
        line,
        f"{found.limit:.3f}",
        f"{found.false_matches} of {found.num_strangers}",
        _percent(found.false_matches, found.num_strangers),
        f"{found.false_non_matches} of {found.num_same}",
        _percent(found.false_non_matches, found.num_same),
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _shows(box: Box, face: Face) -> bool:
    """Whether the middle of the one lies in the other, both ways."""
    left, top, right, bottom = face.corners
    x, y = _middle(box)
    mid_x, mid_y = (left + right) / 2, (top + bottom) / 2
    is_inside = box.x_px <= mid_x <= box.x_px + box.width_px and box.y_px <= mid_y <= box.y_px + box.height_px
    return is_inside and left <= x <= right and top <= y <= bottom


def _middle(box: Box) -> tuple[float, float]:
    return box.x_px + box.width_px / 2, box.y_px + box.height_px / 2


if __name__ == "__main__":
    main()
