"""Everything that a run writes for people and programs, as {file name: content}. Pure: writes nothing itself."""

from collections.abc import Iterable

from vidaudit.model.settings import Profile
from vidaudit.model.submission import StrayFile
from vidaudit.report.attention import SummaryRow
from vidaudit.report.context import ReportContext
from vidaudit.report.docx import NoticeTemplate, notice_docx
from vidaudit.report.html import class_html, summary_html
from vidaudit.report.json_report import class_report, dumps, summary
from vidaudit.report.material import Material
from vidaudit.report.xlsx import class_xlsx, summary_xlsx


def render_class(material: Material, template: NoticeTemplate | None = None) -> dict[str, bytes]:
    """The report of one class: `report.json`, `report.html`, `report.xlsx`, and `notice.docx` where there is something
    to mend or to clarify.

    Pictures that are missing are left out of the page.

    Args:
        template: a county's own template of the notice.
    """
    files = {
        "report.json": dumps(
            class_report(material.verdict, material.profile, material.context, material.evidence, material.stake)
        ),
        "report.html": class_html(material).encode("utf-8"),
        "report.xlsx": class_xlsx(material),
    }
    notice = notice_docx(material, template)
    return files if notice is None else {**files, "notice.docx": notice}


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
