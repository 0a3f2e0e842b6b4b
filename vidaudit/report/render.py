"""Everything that a run writes for people and programs, as {file name: content}. Pure: writes nothing itself."""

from collections.abc import Iterable, Mapping

from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Profile
from vidaudit.model.submission import StrayFile
from vidaudit.model.verdict import ClassVerdict
from vidaudit.report.attention import SummaryRow
from vidaudit.report.context import ReportContext
from vidaudit.report.html import class_html, summary_html
from vidaudit.report.json_report import class_report, dumps, summary
from vidaudit.report.material import Material
from vidaudit.report.xlsx import class_xlsx, summary_xlsx


def render_class(
    verdict: ClassVerdict,
    evidence: ClassEvidence,
    profile: Profile,
    context: ReportContext,
    pictures: Mapping[str, bytes],
) -> dict[str, bytes]:
    """The report of one class: `report.json`, `report.html` and `report.xlsx`.

    Args:
        pictures: {snapshot name: JPEG or PNG bytes}; those that are missing are left out of the page.
    """
    material = Material(verdict=verdict, evidence=evidence, profile=profile, context=context, pictures=pictures)
    return {
        "report.json": dumps(class_report(verdict, profile, context, evidence)),
        "report.html": class_html(material).encode("utf-8"),
        "report.xlsx": class_xlsx(material),
    }


def render_summary(
    rows: Iterable[SummaryRow], profile: Profile, context: ReportContext, loose: Iterable[StrayFile] = ()
) -> dict[str, bytes]:
    """The whole run: `summary.json`, `summary.html` and `summary.xlsx`, also for no class at all.

    Args:
        loose: what lies in the submission but in no class.
    """
    listed, astray = tuple(rows), tuple(loose)
    return {
        "summary.json": dumps(summary(listed, profile, context, astray)),
        "summary.html": summary_html(listed, profile, context, astray).encode("utf-8"),
        "summary.xlsx": summary_xlsx(listed, profile, context, astray),
    }
