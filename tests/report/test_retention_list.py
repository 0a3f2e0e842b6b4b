import datetime as dt

from tests.report import samples
from vidaudit.model.retention import RetentionRow, RetentionState
from vidaudit.report.retention_list import retention_document, retention_lines

TODAY = dt.date(2026, 1, 1)
ROW = RetentionRow(
    report=f"out/{samples.FULL_ID}",
    name=f"班{samples.FULL_ID}",
    institution="学校",
    state=RetentionState.KEEP,
    first_date=dt.date(2024, 5, 20),
    last_date=dt.date(2024, 5, 21),
    dated_by="both",
    num_undated=1,
    profile_id="huguan-2024",
    years=2,
    clause=samples.CLAUSE,
    until=dt.date(2026, 5, 21),
    days_left=140,
)
UNKNOWN = RetentionRow(
    report="out/x",
    name="x",
    institution=None,
    state=RetentionState.UNKNOWN,
    first_date=None,
    last_date=None,
    dated_by=None,
    num_undated=3,
    profile_id="huguan-2024",
    years=2,
    clause=samples.CLAUSE,
)


def test_lines() -> None:
    assert list(retention_lines([ROW, UNKNOWN], TODAY, "en")) == [
        "学校  班1404************34: to be kept until 21 May 2026 (140 more days) (at least; 1 days have no date)",
        "    recorded 20 May 2024 to 21 May 2024 (by the folders' names and the clock in the picture)",
        "    2 years, 壶技能办发〔2024〕1号 附件4 三(3)    out/1404************34",
        "x: date unknown",
        "    2 years, 壶技能办发〔2024〕1号 附件4 三(3)    out/x",
        "As of 1 Jan 2026. Classes: 2, kept long enough: 0, to be kept: 1, unknown: 1",
    ]


def test_document() -> None:
    document = retention_document([UNKNOWN, ROW], TODAY)
    assert document["today"] == "2026-01-01"
    unknown, known = document["classes"]
    assert (unknown["state"], unknown["until"], unknown["recorded"]["by"]) == ("unknown", None, None)
    assert (known["until"], known["days_left"], known["clause"]["section"]) == ("2026-05-21", 140, "附件4 三(3)")
    assert samples.FULL_ID not in str(document)
