from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.report import samples
from vidaudit.model.verdict import Finding, Level, Status
from vidaudit.report.findings_view import Section, anchor_for, sections

SMALL = {"width_px": 1280, "height_px": 720, "min_width_px": 1024, "min_height_px": 768}


def made(*rules: object) -> tuple[Section, ...]:
    sample = samples.clean()
    return sections(replace(sample, verdict=replace(sample.verdict, rules=rules)))


def test_the_gravest_come_first_and_advice_last() -> None:
    assert [section.key for section in sections(samples.nasty())] == [
        *("fail", "error", "review", "not-evaluated", "advice")
    ]


def test_passes_are_nothing_to_do() -> None:
    assert sections(samples.clean()) == ()


def test_a_failed_rule_that_only_advises_is_not_listed_as_a_fail() -> None:
    rule = samples.rule("PIC001", "resolution", (Finding(code="too-small", status=Status.FAIL),), Status.FAIL)
    assert [section.key for section in made(replace(rule, level=Level.ADVISE))] == ["advice"]


def test_what_is_alike_is_said_once() -> None:
    found = tuple(samples.finding("too-small", Status.FAIL, values=SMALL, clip=f"{n}.mp4") for n in range(3))
    other = samples.finding("too-small", Status.FAIL, values={**SMALL, "width_px": 640}, clip="x.mp4")
    [section] = made(samples.rule("PIC001", "resolution", (*found, other), Status.FAIL))
    [group] = section.groups
    [block] = group.blocks
    assert [len(entry.places) for entry in block.entries] == [3, 1]
    assert section.num_places == 4


@given(st.lists(st.sampled_from(list(Status)), max_size=12), st.sampled_from([Level.REQUIRE, Level.ADVISE]))
def test_every_finding_but_the_passes_stands_there_once(statuses: list[Status], level: Level) -> None:
    found = tuple(samples.finding("ok", status, clip=f"{n}.mp4") for n, status in enumerate(statuses))
    parts = made(samples.rule("PIC001", "resolution", found, Status.REVIEW, level=level))
    places = [place for section in parts for group in section.groups for place in group.places]
    assert sorted(place.clip or "" for place in places) == sorted(
        f"{n}.mp4" for n, status in enumerate(statuses) if status is not Status.PASS
    )
    assert len({place.anchor for place in places}) == len(places)


def test_an_anchor_leads_to_the_gravest_finding_that_fits() -> None:
    review = samples.rule(
        "PIC002", "noise", (samples.finding("noisy", Status.REVIEW, clip="a.mp4", day="d"),), Status.REVIEW
    )
    fail = samples.rule(
        "PIC001", "resolution", (samples.finding("too-small", Status.FAIL, clip="a.mp4", day="d"),), Status.FAIL
    )
    parts = made(review, fail)
    assert anchor_for(parts, clip="a.mp4") == "f1"
    assert anchor_for(parts, day="d") == "f1"
    assert anchor_for(parts, clip="a.mp4", slug="noise") == "f2"
    assert anchor_for(parts, clip="b.mp4") is None


def test_a_picture_that_could_run_is_left_out() -> None:
    sample = samples.nasty()
    places = [place for part in sections(sample) for group in part.groups for place in group.places]
    pictures = [place.picture for place in places if place.picture]
    assert len(pictures) == 1
    assert pictures[0].startswith("data:image/png;base64,")
