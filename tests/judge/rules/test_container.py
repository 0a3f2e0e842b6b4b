import pytest

from tests.judge.builders import (
    FACE1,
    LECTURE,
    change_clip,
    change_file,
    change_header,
    change_probe,
    green,
    outcome,
    packets,
    run,
)
from vidaudit.model.evidence import DecodeFacts
from vidaudit.model.media import Container, ProbeProblem


@pytest.mark.parametrize(
    ("container", "extension", "expected"),
    [
        (Container.MP4, "mp4", ("ok", "pass")),
        (Container.MP4, "MP4", ("ok", "pass")),
        (Container.MP4, "avi", ("wrong-extension", "fail")),
        (Container.AVI, "mp4", ("renamed", "fail")),
        (Container.AVI, "avi", ("wrong-container", "fail")),
        (Container.MATROSKA, "mp4", ("renamed", "fail")),
        (Container.MPEG_PS, "mp4", ("renamed", "fail")),
        (Container.MPEG_TS, "ts", ("wrong-container", "fail")),
        (Container.QUICKTIME, "mp4", ("renamed", "fail")),
        (Container.QUICKTIME, "mov", ("wrong-container", "fail")),
        (Container.HIKVISION, "mp4", ("recorder-file", "fail")),
        (Container.DAHUA, "dav", ("recorder-file", "fail")),
        (Container.PLAYLIST, "mp4", ("not-a-video", "fail")),
        (Container.TEXT, "mp4", ("not-a-video", "fail")),
        (Container.EMPTY, "mp4", ("not-a-video", "fail")),
        (Container.UNKNOWN, "mp4", ("unknown-container", "review")),
    ],
)
def test_mp4_container(container, extension, expected):
    path = LECTURE.removesuffix("mp4") + extension
    evidence = change_file(change_probe(green(), LECTURE, container=container), LECTURE, path=path)
    assert outcome("mp4-container", evidence) == {expected}


def test_every_container_but_mp4_does_not_pass():
    for container in set(Container) - {Container.MP4}:
        codes = outcome("mp4-container", change_probe(green(), LECTURE, container=container))
        assert {status for _, status in codes} <= {"fail", "review"}, container


def test_a_quicktime_file_without_a_brand_may_be_an_early_mp4():
    evidence = change_header(change_probe(green(), FACE1, container=Container.QUICKTIME), FACE1, brand=None)
    assert outcome("mp4-container", evidence) == {("unbranded", "review")}


@pytest.mark.parametrize("container", [Container.EMPTY, Container.ZEROS, Container.UNKNOWN])
def test_what_a_failing_drive_gave_is_no_proof(container):
    evidence = change_probe(green(), FACE1, container=container, problems=(ProbeProblem.READ_ERROR,))
    assert outcome("mp4-container", evidence) == {("unknown-container", "review")}


SOFT = {ProbeProblem.READ_ERROR, ProbeProblem.NO_TIMESTAMPS, ProbeProblem.DAMAGED_PACKETS}


@pytest.mark.parametrize("problem", ProbeProblem)
def test_readable_has_a_code_for_every_problem(problem):
    expected = "review" if problem in SOFT else "fail"
    evidence = change_clip(change_probe(green(), LECTURE, problems=(problem,)), LECTURE, decode=None)
    assert outcome("readable", evidence) == {(problem.value, expected)}
    sound = change_probe(green(), LECTURE, problems=(problem,))
    assert outcome("readable", sound) == {(problem.value, expected)}


def test_a_failing_drive_softens_every_other_problem():
    problems = tuple(ProbeProblem)
    evidence = change_probe(green(), LECTURE, problems=problems, packets=packets(600, num_damaged=15000))
    decode = DecodeFacts(mode="frames", num_planned=60, num_decoded=0)
    codes = outcome("readable", change_clip(evidence, LECTURE, decode=decode))
    assert {status for _, status in codes} == {"review"}
    assert len(codes) == len(problems) + 1


@pytest.mark.parametrize(
    ("num_damaged", "expected"), [(1, "review"), (1500, "review"), (1501, "fail"), (15000, "fail")]
)
def test_damaged_packets(num_damaged, expected):
    damaged = packets(600, num_damaged=num_damaged)
    evidence = change_probe(green(), LECTURE, problems=(ProbeProblem.DAMAGED_PACKETS,), packets=damaged)
    assert outcome("readable", evidence) == {("damaged-packets", expected)}


@pytest.mark.parametrize(
    ("decoded", "expected"),
    [
        (60, ("ok", "pass")),
        (59, ("undecodable", "review")),
        (54, ("undecodable", "review")),
        (53, ("undecodable", "fail")),
        (0, ("undecodable", "fail")),
    ],
)
def test_decoding(decoded, expected):
    failed_at_s = tuple(float(second) for second in range(60 - decoded))
    decode = DecodeFacts(mode="keyframes", num_planned=60, num_decoded=decoded, failed_at_s=failed_at_s)
    assert outcome("readable", change_clip(green(), LECTURE, decode=decode)) == {expected}


def test_the_first_instant_that_failed_is_told():
    decode = DecodeFacts(mode="keyframes", num_planned=60, num_decoded=58, failed_at_s=(70.0, 30.0))
    result = run("readable", change_clip(green(), LECTURE, decode=decode))
    finding = next(f for f in result.findings if f.code == "undecodable")
    assert (finding.where.at_s, finding.values["num_failed"]) == (30.0, 2)


@pytest.mark.parametrize("decode", [None, DecodeFacts(mode="frames", num_planned=0, num_decoded=0)])
def test_nothing_decoded_is_no_pass(decode):
    evidence = change_clip(green(), LECTURE, decode=decode)
    assert outcome("readable", evidence) == {("not-decoded", "not-evaluated")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("ok", "pass")),
        ({"codec_profile": "Constrained Baseline"}, ("ok", "pass")),
        ({"codec_profile": None}, ("ok", "pass")),
        ({"pixel_format": "yuvj420p"}, ("ok", "pass")),
        ({"pixel_format": None}, ("doubtful-format", "review")),
        ({"codec_profile": "High 10", "pixel_format": "yuv420p10le"}, ("unplayable-format", "fail")),
        ({"codec_profile": "High 4:4:4 Predictive", "pixel_format": "yuv444p"}, ("unplayable-format", "fail")),
        ({"codec": "hevc", "codec_profile": "Main"}, ("doubtful-codec", "review")),
        ({"codec": "mpeg4", "codec_profile": "Simple Profile"}, ("ok", "pass")),
        ({"codec": "mjpeg", "pixel_format": "yuvj422p"}, ("ok", "pass")),
        ({"codec": "prores"}, ("unplayable-codec", "fail")),
        ({"codec": None}, ("codec-unknown", "not-evaluated")),
    ],
)
def test_playable_codec(changes, expected):
    assert outcome("playable-codec", change_header(green(), LECTURE, **changes)) == {expected}


def test_several_video_streams_need_a_look():
    evidence = change_header(green(), LECTURE, num_video_streams=2)
    assert outcome("playable-codec", evidence) == {("several-pictures", "review")}
