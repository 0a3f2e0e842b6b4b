"""A few pictures from anywhere in a clip: the same that a whole pass gives, whatever the file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.clips import make_clip, remux
from vidaudit.media.decode import Decoder
from vidaudit.media.excerpt import Film, excerpt, still
from vidaudit.media.plan import Plan
from vidaudit.media.probe import probe

LUMA = np.array([0.114, 0.587, 0.299])  # of blue, green, red


def film(path: Path) -> Film:
    probed = probe(path)
    assert probed.index is not None
    return Film(path=path, probe=probed.facts, index=probed.index)


def late(one: Film) -> tuple[int, ...]:
    """Every second picture of the last second but one."""
    return tuple(int(pts) for pts in one.index.picture_pts[-20:-10:2])


def whole_pass(one: Film, wanted: tuple[int, ...]) -> list[np.ndarray]:
    frames = Decoder(one.path, one.probe, one.index, Plan(mode="frames", pts=wanted))
    return [frame.image @ LUMA for frame in frames]


def apart(pictures: Sequence[np.ndarray], wanted: Sequence[np.ndarray]) -> float:
    """Largest mean difference, in grey levels."""
    return max(float(np.abs(one - other).mean()) for one, other in zip(pictures, wanted, strict=True))


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("mp4", {"g": 10}),
        ("mp4", {"g": 1000}),
        ("mp4", {"g": 20, "bf": 3}),
        ("ts", {"g": 10}),
        ("mkv", {"g": 10}),
        ("avi", {"g": 10, "vcodec": "mpeg4"}),
        ("mpg", {"g": 10, "vcodec": "mpeg2video", "r": 25}),
    ],
)
def test_the_pictures_are_those_of_a_whole_pass(tmp_path: Path, ending: str, options: dict) -> None:
    one = film(make_clip(tmp_path / f"clip.{ending}", **options))
    wanted = late(one)
    found = excerpt(one, wanted, 160)
    assert found.at_s == tuple(one.index.seconds(pts) for pts in wanted)
    assert {picture.shape for picture in found.pictures} == {(120, 160)}
    shown = whole_pass(one, wanted)
    assert apart(found.pictures, shown) < 4 < apart(found.pictures[::-1], shown)


def test_pictures_are_upright_and_as_wide_as_asked(tmp_path: Path) -> None:
    turned = film(remux(tmp_path / "turned.mp4", make_clip(tmp_path / "clip.mp4"), inputs={"display_rotation": 90}))
    found = excerpt(turned, late(turned), 80)
    assert {picture.shape for picture in found.pictures} == {(80, 60)}
    shown = still(turned, late(turned)[0], 80)
    assert shown is not None
    assert shown.image.shape == (80, 60, 3)
    assert shown.at_s == found.at_s[0]
    assert apart([shown.image @ LUMA], found.pictures[:1]) < 4


def test_a_file_that_is_gone_or_not_one_gives_nothing(tmp_path: Path) -> None:
    one = film(make_clip(tmp_path / "clip.mp4"))
    one.path.write_bytes(b"no video" * 1000)
    assert excerpt(one, late(one), 160).pictures == ()
    one.path.unlink()
    assert excerpt(one, late(one), 160).pictures == ()
    assert still(one, late(one)[0], 160) is None
    assert excerpt(one, (), 160).at_s == ()


def test_of_a_file_that_ends_early_comes_what_is_there(tmp_path: Path) -> None:
    one = film(make_clip(tmp_path / "clip.ts", g=10))
    wanted = tuple(int(pts) for pts in one.index.picture_pts[20:])
    one.path.write_bytes(one.path.read_bytes()[: one.path.stat().st_size * 3 // 4])
    assert 0 < len(excerpt(one, wanted, 160).pictures) < len(wanted)
