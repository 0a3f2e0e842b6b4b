from dataclasses import replace

from tests.report import samples
from vidaudit.model.verdict import RuleResult, Status
from vidaudit.report.notice_view import MOST_PICTURES, NoticeView, notice_view


def noticed(*rules: RuleResult, status: Status = Status.REVIEW) -> NoticeView | None:
    sample = samples.nasty()
    return notice_view(replace(sample, verdict=replace(sample.verdict, rules=rules, status=status)))


def dark(status: Status, number: int, snapshot: str | None = None) -> RuleResult:
    found = tuple(
        samples.finding("dark", status, values={"max_share": 0.1}, clip=f"{n}.mp4", at_s=60 + n, snapshot=snapshot)
        for n in range(number)
    )
    return samples.rule("PIC003", "exposure-sharpness", found, status)


def missing(identity: str, slug: str) -> RuleResult:
    found = (samples.finding("missing-roster", Status.NOT_EVALUATED, day="0521"),)
    return samples.rule(identity, slug, found, Status.NOT_EVALUATED)


def test_what_says_the_same_is_one_point_with_all_its_places() -> None:
    view = noticed(dark(Status.REVIEW, 3))
    assert view is not None
    assert [entry.places for entry in view.sections[0].entries] == [("0.mp4 ▸ 1:00", "1.mp4 ▸ 1:01", "2.mp4 ▸ 1:02")]


def test_points_are_numbered_through_and_the_gravest_come_first() -> None:
    view = noticed(missing("FAC002", "persons-vs-roster"), dark(Status.REVIEW, 1), dark(Status.FAIL, 1))
    assert view is not None
    assert [section.status for section in view.sections] == [Status.FAIL, Status.REVIEW, Status.NOT_EVALUATED]
    assert [entry.number for section in view.sections for entry in section.entries] == [1, 2, 3]


def test_what_several_rules_could_not_check_for_one_reason_is_said_once() -> None:
    view = noticed(missing("FAC002", "persons-vs-roster"), missing("CNT001", "headcount-vs-roster"))
    assert view is not None
    (entry,) = view.sections[0].entries
    assert (entry.rule, entry.title) == ("FAC002 CNT001", "人脸人数与花名册、授课人数与花名册")
    assert entry.clause == "壶技能办发〔2024〕1号 附件4 三(3)"


def test_many_rules_are_named_by_their_ids_and_one_document_once() -> None:
    slugs = ("mp4-container", "readable", "playable-codec", "resolution", "noise")
    rules = [missing(f"XXX{number:03d}", slug) for number, slug in enumerate(slugs)]
    sections = ("附件4 三(3)", "附件4 三(3)", "附件4 一", "附件4 二", "附件4 一")
    rules = [replace(rule, clause=replace(rule.clause, section=one)) for rule, one in zip(rules, sections, strict=True)]
    view = noticed(*rules)
    assert view is not None
    (entry,) = view.sections[0].entries
    assert entry.rule == "XXX000 XXX001 XXX002 XXX003 XXX004"
    assert entry.title == "MP4格式、可读取、可播放编码等"
    assert entry.clause == "壶技能办发〔2024〕1号 附件4 三(3)；附件4 一；附件4 二"


def test_a_fault_is_said_for_each_rule() -> None:
    other = replace(dark(Status.FAIL, 1), id="PIC009", slug="exposure-sharpness")
    view = noticed(dark(Status.FAIL, 1), other)
    assert view is not None
    assert [entry.rule for entry in view.sections[0].entries] == ["PIC003", "PIC009"]


def test_no_picture_comes_twice_and_there_are_only_a_few() -> None:
    rules = [replace(dark(Status.FAIL, 1, f"{n}.jpg"), id=f"PIC{n:03d}") for n in range(9)]
    view = noticed(*rules, replace(dark(Status.REVIEW, 1, "0.jpg"), id="PIC100"))
    assert view is not None
    assert [picture.snapshot for picture in view.pictures] == [f"{n}.jpg" for n in range(MOST_PICTURES)]


def test_a_pass_needs_no_notice() -> None:
    assert noticed(dark(Status.REVIEW, 1), status=Status.PASS) is None
    assert noticed() is None
