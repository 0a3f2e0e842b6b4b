"""What a plan says of clips that no honest tool mends."""

from pathlib import Path

import pytest

from tests.run.submissions import make_class
from tests.run.test_repair_media import look
from vidaudit.intake.discover import discover
from vidaudit.judge.catalogue import bind
from vidaudit.model.media import Container, HeaderFacts, MediaProbe
from vidaudit.profile import load_profile
from vidaudit.run.repair import plan_options
from vidaudit.run.repair_media import ClipLook
from vidaudit.run.repair_plan import plan_class

SIZE_NOTES = {"small-picture", "portrait"}


def sized(width_px: int, height_px: int) -> ClipLook:
    sound = look(Container.MP4)
    header = HeaderFacts(codec="h264", width_px=width_px, height_px=height_px)
    facts = MediaProbe(container=Container.MP4, bytes=1, header=header)
    return ClipLook(facts=facts, index=sound.index, streams=sound.streams)


@pytest.mark.parametrize(
    ("profile", "size_px", "note"),
    [
        ("huguan-2024", (1024, 768), None),
        ("huguan-2024", (1023, 768), "small-picture"),
        ("huguan-2024", (1024, 767), "small-picture"),
        ("huguan-2024", (768, 1024), "portrait"),
        ("huguan-2024", (1080, 1920), "portrait"),
        ("huguan-2024", (767, 1024), "small-picture"),
        ("huguan-2024", (1024, 1024), None),
        ("shanxi-2023", (160, 120), None),  # asks for no size
    ],
)
def test_a_picture_of_the_wrong_size_is_told_and_left(
    tmp_path: Path, profile: str, size_px: tuple[int, int], note: str | None
) -> None:
    make_class(tmp_path / "disc", clip=None)
    (found,) = discover([tmp_path / "disc"]).classes
    looks = {clip.path: sized(*size_px) for clip in found.folder.clips}
    options = plan_options(bind(load_profile(profile)), cut_lectures=False)
    plan = plan_class(found, looks, options, ())
    assert {one.code for one in plan.notes} & SIZE_NOTES == ({note} if note else set())
    assert plan.num_changes == 0
