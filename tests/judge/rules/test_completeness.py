from dataclasses import replace

import pytest

from tests.judge.builders import (
    DAY1,
    DAY2,
    FACE1,
    FACE2,
    LECTURE,
    PROFILE,
    change_clip,
    change_file,
    change_name,
    change_probe,
    green,
    outcome,
    run,
    with_parameters,
    without_clip,
)
from vidaudit.judge.catalogue import bind
from vidaudit.judge.engine import judge
from vidaudit.model.media import Container, ProbeProblem
from vidaudit.model.submission import ClipKind, StrayFile, StrayReason

FACES, LECTURES = "face-clips-per-day", "lecture-per-day"


def test_all_there():
    assert outcome(FACES, green()) == {("ok", "pass")}
    assert outcome(LECTURES, green()) == {("ok", "pass")}


def test_missing_clips_are_missed_on_their_day():
    result = run(FACES, without_clip(green(), FACE2))
    assert [(f.code, f.where.day, f.values) for f in result.findings if f.status != "pass"] == [
        ("missing-face-clip", DAY1, {"found": 1, "wanted": 2})
    ]
    none = without_clip(without_clip(green(), FACE1), FACE2)
    assert outcome(FACES, none) == {("missing-face-clip", "fail")}
    assert outcome(LECTURES, without_clip(green(), LECTURE)) == {("missing-lecture", "fail")}


def test_a_third_clip_is_for_a_person():
    assert outcome(FACES, change_file(green(), LECTURE, kind=ClipKind.FACE)) == {("more-than-asked", "review")}


@pytest.mark.parametrize("number", [1, None, 3])
def test_unclear_numbers_are_for_a_person(number):
    evidence = change_name(green(), FACE2, number=number)
    result = run(FACES, evidence)
    assert outcome(FACES, evidence) == {("numbers-unclear", "review")}
    shown = next(f.values["numbers"] for f in result.findings if f.code == "numbers-unclear")
    assert set(shown) == {1, number}


@pytest.mark.parametrize("path", [FACE1, LECTURE])
def test_an_empty_file_counts_for_nothing(path):
    slug = LECTURES if path == LECTURE else FACES
    result = run(slug, change_file(green(), path, bytes=0))
    assert [(f.code, f.where.clip) for f in result.findings if f.status == "fail"] == [("empty-clip", path)]


def test_an_empty_file_too_many_is_told_as_well():
    evidence = change_file(change_file(green(), LECTURE, kind=ClipKind.FACE), LECTURE, bytes=0)
    assert outcome(FACES, evidence) == {("empty-clip", "fail")}


@pytest.mark.parametrize("path", [FACE1, LECTURE])
def test_an_empty_file_is_one_fault_of_its_day(path):
    """As the probe sees it; every other rule only says that there was nothing to look at."""
    evidence = change_file(green(), path, bytes=0)
    evidence = change_probe(
        evidence, path, container=Container.EMPTY, problems=(ProbeProblem.EMPTY,), header=None, packets=None, bytes=0
    )
    evidence = change_clip(evidence, path, decode=None, picture=None, faces=None, heads=None)
    stray = StrayFile(path=path, reason=StrayReason.EMPTY_FILE, bytes=0)
    verdict = judge(replace(evidence, folder=replace(evidence.folder, strays=(stray,))), bind(PROFILE))
    faults = [f.code for rule in verdict.rules for f in rule.findings if f.status in ("fail", "review", "error")]
    assert faults == ["empty-clip"]
    assert next(day.status for day in verdict.days if day.folder == DAY1) == "fail"
    codes = {
        f.code for rule in verdict.rules for f in rule.findings if f.status == "not-evaluated" and f.where.clip == path
    }
    assert codes == {"no-content"}


@pytest.mark.parametrize(
    "changes",
    [
        {"container": Container.TEXT},
        {"container": Container.PLAYLIST},
        {"container": Container.ZEROS},
        {"problems": (ProbeProblem.NOT_MEDIA,)},
        {"problems": (ProbeProblem.NO_VIDEO_STREAM,)},
    ],
)
def test_what_is_no_video_counts_for_nothing(changes):
    assert outcome(LECTURES, change_probe(green(), LECTURE, **changes)) == {("not-a-video", "fail")}
    assert outcome(FACES, change_probe(green(), FACE1, **changes)) == {("not-a-video", "fail")}


def test_one_missing_and_one_fake_are_both_told():
    evidence = change_file(without_clip(green(), FACE2), FACE1, bytes=0)
    assert outcome(FACES, evidence) == {("missing-face-clip", "fail"), ("empty-clip", "fail")}


@pytest.mark.parametrize(
    "changes",
    [{"container": Container.AVI}, {"container": Container.UNKNOWN}, {"problems": (ProbeProblem.CUT_OFF,)}],
)
def test_a_bad_video_is_there_all_the_same(changes):
    assert outcome(LECTURES, change_probe(green(), LECTURE, **changes)) == {("ok", "pass")}


def test_what_was_not_probed_or_not_read_decides_nothing():
    unprobed = change_clip(green(), LECTURE, probe=None)
    assert outcome(LECTURES, unprobed) == {("unprobed", "not-evaluated")}
    scratched = change_probe(green(), FACE1, problems=(ProbeProblem.READ_ERROR, ProbeProblem.NOT_MEDIA))
    assert outcome(FACES, scratched) == {("unprobed", "not-evaluated")}


def test_a_shortage_is_certain_even_if_all_unprobed_clips_were_videos():
    evidence = change_clip(without_clip(green(), FACE2), FACE1, probe=None)
    assert outcome(FACES, evidence) == {("missing-face-clip", "fail")}


def test_the_profile_says_how_many_face_clips():
    assert outcome(FACES, green(), with_parameters(FACES, wanted=3)) == {("missing-face-clip", "fail")}


@pytest.mark.parametrize(("slug", "path"), [(FACES, FACE1), (LECTURES, LECTURE)])
def test_a_file_of_another_day_is_for_a_person(slug, path):
    twin = path.replace(DAY1, DAY2)
    evidence = change_probe(change_probe(green(), path, sha256="same"), twin, sha256="same")
    findings = [finding for finding in run(slug, evidence).findings if finding.status != "pass"]
    assert [(f.code, f.where.day, f.where.clip, f.values["others"]) for f in findings] == [
        ("same-as-other-day", DAY1, path, (twin,)),
        ("same-as-other-day", DAY2, twin, (path,)),
    ]


def test_a_copy_within_the_day_or_unread_is_no_copy_of_another_day():
    within = change_probe(change_probe(green(), FACE1, sha256="same"), FACE2, sha256="same")
    assert outcome(FACES, within) == {("ok", "pass")}
    unread = green()
    for path in (LECTURE, LECTURE.replace(DAY1, DAY2)):
        unread = change_probe(unread, path, sha256=None)
    assert outcome(LECTURES, unread) == {("ok", "pass")}


def with_one_date_in_two_folders():
    """The first day's lecture in a folder of its own that means the same date."""
    evidence = change_file(green(), LECTURE, day="0520")
    day = evidence.folder.day(DAY1)
    twin = replace(day, path="0520", same_date_as=(DAY1,))
    days = (replace(day, same_date_as=("0520",)), twin, *evidence.folder.days[1:])
    return replace(evidence, folder=replace(evidence.folder, days=days))


@pytest.mark.parametrize("slug", [FACES, LECTURES])
def test_clips_of_one_date_in_two_folders_count_together(slug):
    evidence = with_one_date_in_two_folders()
    assert outcome(slug, evidence) == {("ok", "pass")}
    assert {("same-date", "fail")} == outcome("day-folder", evidence)


def test_what_one_date_in_two_folders_lacks_is_missing():
    lacks_face = without_clip(with_one_date_in_two_folders(), FACE1)
    assert outcome(FACES, lacks_face) == {("missing-face-clip", "fail")}
    lacks_lecture = without_clip(with_one_date_in_two_folders(), LECTURE)
    assert outcome(LECTURES, lacks_lecture) == {("missing-lecture", "fail")}


def test_what_is_no_video_is_named_in_its_own_folder_and_missing_in_the_other():
    evidence = change_probe(with_one_date_in_two_folders(), LECTURE, container=Container.TEXT)
    found = {(f.code, f.where.day) for f in run(LECTURES, evidence).findings if f.status == "fail"}
    assert found == {("not-a-video", "0520"), ("missing-lecture", DAY1)}
    empty = change_file(with_one_date_in_two_folders(), LECTURE, bytes=0)
    found = {(f.code, f.where.day) for f in run(LECTURES, empty).findings if f.status == "fail"}
    assert found == {("empty-clip", "0520"), ("missing-lecture", DAY1)}
