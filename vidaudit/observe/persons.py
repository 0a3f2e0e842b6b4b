"""Face clips: who was seen. Faces are found per frame, joined by place in the pan, and pieces joined by likeness."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.doubt import doubts
from vidaudit.model.evidence import FaceEvidence, FaceView, PersonSeen
from vidaudit.model.media import Frame
from vidaudit.model.still import Box, Snapshot, SnapshotPurpose
from vidaudit.observe.describe import FaceDescriptor, make_descriptor
from vidaudit.observe.detail import effective_face_width_px
from vidaudit.observe.detect import FaceDetector, Image
from vidaudit.observe.facepose import eye_distance_px, yaw_pitch_deg
from vidaudit.observe.identity import Descriptor, LikenessLimits, distances, group, landmarks, likeness_limit
from vidaudit.observe.place import CameraPath
from vidaudit.observe.snapshots import person_crop, snapshot
from vidaudit.observe.tracks import Found, Sight, Track, TrackBook, never_one_person, seen_together

# Every place is to be in two pictures: while each shows this much of the one before, the camera moves by less than half
# a picture, and what it meets at the edge is whole in the next.
_MIN_SHARED = 0.6
_SURE_SCORE = 0.6  # a face seen only once and below this may be a pattern on a wall
_LIMIT_SLACK = 0.1  # the count's upper bound: what a limit this share lower would give
_DESCRIPTOR_DIGITS = 5
_EDGE_WORTH = 0.3  # of a face that the picture's edge cuts


@dataclass(frozen=True, kw_only=True, eq=False)
class _Look:
    """A sight with what was measured of it; `crop` shows the face and its surroundings, `box` is within the crop.

    `worth` is how well the person could be recognised by it: detail, less for a turned or cut face.
    """

    sight: Sight
    view: FaceView
    crop: Image
    box: Box
    worth: float


class FaceClipObserver:
    """Watches a face clip frame by frame.

    Args:
        detector: finds the faces.
        prefix: begins the file names of the clip's snapshots.
        descriptor: describes the faces; dlib's network if not given.
    """

    def __init__(self, detector: FaceDetector, prefix: str, descriptor: FaceDescriptor | None = None) -> None:
        self._detector = detector
        self._descriptor = descriptor or make_descriptor()
        self._prefix = prefix
        self._path = CameraPath()
        self._book = TrackBook()
        self._best: dict[Track, _Look] = {}
        self._num_faces: list[int] = []

    @property
    def is_followed(self) -> bool:
        """Whether the camera's way was never lost: each picture shows some of the one before."""
        return self._path.num_breaks == 0

    def too_little(self, _before: Frame, after: Frame) -> bool:
        """Whether the camera moved so far since the last frame that what lies between must be seen too."""
        return self._path.shared(after.image) < _MIN_SHARED

    def add(self, frame: Frame) -> None:
        """Look at the next frame; frames come in order of time."""
        self.keep(self.find(frame))

    def find(self, frame: Frame) -> Found:
        """The first half of `add`, which `too_little` depends on."""
        return Found(frame=frame, detections=self._detector.detect(frame.image), view=self._path.add(frame.image))

    def keep(self, found: Found) -> None:
        """The other half, which may be done while the next frame is found; in order as well."""
        sights = found.sights(len(self._num_faces))
        for sight, track in zip(sights, self._book.add(sights), strict=True):
            self._keep(track, sight, found.frame.image)
        self._num_faces.append(len(sights))

    def finish(self) -> tuple[FaceEvidence, tuple[Snapshot, ...]]:
        """What was seen, once all frames have been added."""
        sure = [track for track in self._book.tracks if _is_sure(track)]
        doubtful = len(self._book.tracks) - len(sure)
        likeness = self._descriptor.describe([(best.crop, best.box) for best in (self._best[track] for track in sure)])
        pairwise = distances(likeness, likeness)
        strangers = never_one_person(sure)
        limits = self._descriptor.limits
        limit = likeness_limit(pairwise[strangers], limits)
        labels = group(pairwise, limit, strangers)
        persons, stills = self._persons(sure, likeness, labels)
        fewest = _fewest(pairwise, strangers, seen_together(sure), limits)
        apart = _num_groups(group(pairwise, limit * (1 - _LIMIT_SLACK), strangers))
        maybe_same, maybe_two = max(0, len(persons) - fewest), max(0, apart - len(persons))
        evidence = FaceEvidence(
            detector=self._detector.name,
            persons=persons,
            low=len(persons) - maybe_same,
            high=len(persons) + maybe_two + doubtful,
            max_at_once=max(self._num_faces, default=0),
            num_frames=len(self._num_faces),
            num_frames_with_faces=sum(number > 0 for number in self._num_faces),
            descriptor=self._descriptor.name,
            doubts=doubts(
                look_alike=maybe_same,
                two_in_one=maybe_two,
                seen_once=doubtful,
                broken_way=self._path.num_breaks if maybe_same else 0,
            ),
        )
        return evidence, stills

    def _keep(self, track: Track, sight: Sight, image: Image) -> None:
        """Only the best view is kept: a second one takes memory and changed no count."""
        known = self._best.get(track)
        look = _look(image, sight, at_least=0.0 if known is None else known.worth)
        if look is not None and (known is None or look.worth > known.worth):
            self._best[track] = look

    def _persons(
        self, tracks: Sequence[Track], likeness: Sequence[Descriptor], labels: npt.NDArray[np.int64]
    ) -> tuple[tuple[PersonSeen, ...], tuple[Snapshot, ...]]:
        """One `PersonSeen` and one still a group of tracks, in order of first appearance."""
        groups = [np.flatnonzero(labels == label).tolist() for label in sorted(set(labels.tolist()))]
        groups.sort(key=lambda members: min(tracks[member].sights[0].at_s for member in members))
        persons, stills = [], []
        for index, members in enumerate(groups, start=1):
            best = max((self._best[tracks[member]] for member in members), key=lambda one: one.worth)
            still = snapshot(self._prefix, f"person-{index:03d}", best.crop, best.view.at_s, SnapshotPurpose.PERSON)
            sights = [sight for member in members for sight in tracks[member].sights]
            mean = np.mean([likeness[member] for member in members], axis=0)
            persons.append(
                PersonSeen(
                    index=index,
                    num_views=len(sights),
                    first_s=min(sight.at_s for sight in sights),
                    last_s=max(sight.at_s for sight in sights),
                    best=best.view,
                    snapshot=still.name,
                    descriptor=tuple(round(float(number), _DESCRIPTOR_DIGITS) for number in mean),
                )
            )
            stills.append(still)
        return tuple(persons), tuple(stills)


def _is_sure(track: Track) -> bool:
    return len(track.sights) > 1 or track.sights[0].detection.score >= _SURE_SCORE


def _fewest(
    pairwise: npt.NDArray[np.float64],
    strangers: npt.NDArray[np.bool_],
    together: npt.NDArray[np.bool_],
    limits: LikenessLimits,
) -> int:
    """How many people there are at least.

    Where the camera's way is broken by cuts, whoever may be the same is the same. And somebody who walks along with
    the camera is seen at many places: only being in one frame shows that two who look the same are two.
    """
    by_place = _num_groups(group(pairwise, limits.loose, strangers))
    by_looks = _num_groups(group(pairwise, limits.alike, together))
    return min(by_place, by_looks)


def _num_groups(labels: npt.NDArray[np.int64]) -> int:
    return len(set(labels.tolist()))


def _look(image: Image, sight: Sight, at_least: float) -> _Look | None:
    """Measure one face; None when it can't be worth as much as that, which its detail alone may tell.

    Landmarks and descriptors are taken from the crop: it holds all they read.
    """
    crop, inside = person_crop(image, sight.detection.box)
    detail = effective_face_width_px(_face_only(crop, inside), inside.width_px)
    most = (detail or 0.0) * (_EDGE_WORTH if sight.cut_by_edge else 1.0)
    if most < at_least:
        return None
    view = _measure(crop, inside, sight, detail)
    return _Look(sight=sight, view=view, crop=crop, box=inside, worth=most * _turned(view))


def _measure(crop: Image, inside: Box, sight: Sight, detail: float | None) -> FaceView:
    points = landmarks(crop, inside)
    pose = yaw_pitch_deg(points)
    return FaceView(
        at_s=sight.at_s,
        box=sight.detection.box,
        score=sight.detection.score,
        width_px=sight.detection.box.width_px,
        effective_width_px=detail,
        eye_distance_px=eye_distance_px(points),
        yaw_deg=None if pose is None else pose[0],
        pitch_deg=None if pose is None else pose[1],
    )


def _turned(view: FaceView) -> float:
    return 1.0 if view.yaw_deg is None or view.pitch_deg is None else _frontal(view.yaw_deg, view.pitch_deg)


def _frontal(yaw_deg: float, pitch_deg: float) -> float:
    """1 into the lens, 0 in profile."""
    return float(np.cos(np.radians(min(abs(yaw_deg), 90))) * np.cos(np.radians(min(abs(pitch_deg), 90))))


def _face_only(crop: Image, inside: Box) -> npt.NDArray[np.uint8]:
    """Grey levels of the face and a tenth around it."""
    dx, dy = 0.1 * inside.width_px, 0.1 * inside.height_px
    top, bottom = max(0, int(inside.y_px - dy)), int(inside.y_px + inside.height_px + dy)
    left, right = max(0, int(inside.x_px - dx)), int(inside.x_px + inside.width_px + dx)
    face = crop[top : max(bottom, top + 1), left : max(right, left + 1)]
    return cv2.cvtColor(face, cv2.COLOR_BGR2GRAY).astype(np.uint8)
