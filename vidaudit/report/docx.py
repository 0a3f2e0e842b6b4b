"""`notice.docx`: the rectification notice, filled from an office template that a county can replace.

Names are untrusted. They are values, never parts of the template: what looks like a placeholder or like XML in the name
of a class stays text. The template itself runs in a sandbox, and a field that doesn't exist is an error.
"""

import io
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from docx.image.image import Image
from docx.shared import Length, Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from vidaudit.errors import NoticeError
from vidaudit.model.verdict import Status
from vidaudit.report.material import Material
from vidaudit.report.notice_view import NoticeEntry, NoticePicture, NoticeSection, NoticeView, notice_view
from vidaudit.report.zipped import with_fixed_times

log = logging.getLogger(__name__)

_WIDEST: Final = Mm(78)  # two beside each other on A4
_HIGHEST: Final = Mm(52)
_LARGEST_TEMPLATE_BYTES: Final = 20_000_000


@dataclass(frozen=True, kw_only=True)
class NoticeTemplate:
    """A county's own template: the content of a .docx file, and its name for messages."""

    name: str
    content: bytes


def read_template(file: Path) -> NoticeTemplate:
    """Read a county's template and try it on a made-up class, so that faults are told before any work is done.

    Raises:
        NoticeError: when it can't be read or filled; says why.
    """
    try:
        if file.stat().st_size > _LARGEST_TEMPLATE_BYTES:
            raise NoticeError(f"The notice template {file} is larger than {_LARGEST_TEMPLATE_BYTES} bytes.")
        template = NoticeTemplate(name=file.name, content=file.read_bytes())
    except OSError as error:
        raise NoticeError(f"Can't read the notice template {file}: {error.strerror or error}.") from error
    _filled(template, _EXAMPLE, {})
    return template


def notice_docx(material: Material, template: NoticeTemplate | None = None) -> bytes | None:
    """The rectification notice of a class; None where there is nothing to send.

    A template that can't be filled with this class after all gives way to the one that comes with vidaudit: a notice is
    never lost to it.

    Args:
        template: a county's own; None for the one in the report's language.
    """
    view = notice_view(material)
    if view is None:
        return None
    if template is not None:
        try:
            return _dated(_filled(template, view, material.pictures), material)
        except NoticeError as error:
            log.error("%s The template that comes with vidaudit was used instead.", error)  # noqa: TRY400
    return _dated(_filled(_own(material.context.lang), view, material.pictures), material)


def _own(lang: str) -> NoticeTemplate:
    name = f"notice.{lang}.docx"
    return NoticeTemplate(
        name=name, content=resources.files("vidaudit.report").joinpath("templates", name).read_bytes()
    )


def _dated(content: bytes, material: Material) -> bytes:
    return with_fixed_times(content, material.context.created.replace(tzinfo=None, microsecond=0))


def _filled(template: NoticeTemplate, view: NoticeView, pictures: Mapping[str, bytes]) -> bytes:
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(io.BytesIO(template.content))
        document.init_docx()
        document.render(_fields(view, pictures, document), environment, autoescape=True)
        buffer = io.BytesIO()
        document.save(buffer)
    except Exception as error:  # a template may break in as many ways as the libraries beneath can
        raise NoticeError(_told(template, error)) from error
    return buffer.getvalue()


def _told(template: NoticeTemplate, error: Exception) -> str:
    line = " ".join(str(error).split())[:200] or type(error).__name__
    return (
        f"The notice template {template.name} can't be filled: {line}. "
        "docs/reports.md lists the fields; the template must be a .docx file."
    )


def _fields(view: NoticeView, pictures: Mapping[str, bytes], document: DocxTemplate) -> dict[str, Any]:
    """The fields of a template, see docs/reports.md."""
    fields = asdict(view)
    for section in fields["sections"]:
        section["status"] = section["status"].value
    shown = [
        {"image": InlineImage(document, io.BytesIO(content), **size), "caption": picture.caption}
        for picture in view.pictures
        if (content := pictures.get(picture.snapshot)) and (size := _size(content))
    ]
    blank = {"image": "", "caption": ""}
    rows = [[*shown[start : start + 2], blank][:2] for start in range(0, len(shown), 2)]
    return {
        **fields,
        "pictures": shown,
        "picture_rows": rows,
        "num_entries": sum(len(section.entries) for section in view.sections),
    }


def _size(content: bytes) -> dict[str, Length] | None:
    """As large as it may be, the other side following; None for what is no picture that Word can show."""
    try:
        image = Image.from_blob(content)
        wide, high = image.px_width, image.px_height
    except Exception:  # a damaged picture; the libraries raise many things
        return None
    if not wide or not high:
        return None
    return {"width": _WIDEST} if wide * _HIGHEST >= high * _WIDEST else {"height": _HIGHEST}


_EXAMPLE: Final = NoticeView(
    institution="示例职业培训学校",
    class_name="示例班",
    folder="示例班",
    regulation="示例",
    document="示例",
    outcome="示例",
    why="示例",
    created="2024-06-03",
    tool="vidaudit",
    sections=(
        NoticeSection(
            status=Status.FAIL,
            title="示例",
            entries=(
                NoticeEntry(
                    number=1, rule="PIC001", title="示例", clause="示例", message="示例", remedy="", places=("a", "b")
                ),
            ),
        ),
    ),
    pictures=(NoticePicture(snapshot="none", caption="示例"),),
)
