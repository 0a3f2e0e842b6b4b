"""The notice opened again with python-docx: what stands in it, whatever the names are."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report import samples
from vidaudit.errors import NoticeError
from vidaudit.model.verdict import Level, Status
from vidaudit.report.docx import NoticeTemplate, notice_docx, read_template
from vidaudit.report.material import Material


def opened(content: bytes | None) -> Any:
    assert content is not None
    return docx.Document(io.BytesIO(content))


def text_of(content: bytes | None) -> str:
    document = opened(content)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def called(name: str) -> Material:
    sample = samples.nasty()
    folder = replace(sample.evidence.folder, class_name=name)
    return replace(sample, evidence=replace(sample.evidence, folder=folder))


def own(*lines: str) -> NoticeTemplate:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return NoticeTemplate(name="own.docx", content=buffer.getvalue())


@pytest.mark.parametrize(("lang", "title"), [("zh", "培训视频整改通知书"), ("en", "Rectification notice")])
def test_it_lists_what_fails_or_needs_a_person_with_clause_file_time_and_remedy(lang: str, title: str) -> None:
    text = text_of(notice_docx(replace(samples.nasty(), context=samples.context(lang))))
    assert title in text
    assert "PIC001" in text
    assert "壶技能办发〔2024〕1号 附件4 三(3)" in text
    assert "1280" in text
    assert "▸ 2:05.5" in text
    assert "tool-failed" not in text
    assert "{{" not in text.replace("{{ 7 * 7 }}", "")
    assert "{%" not in text.replace("{% raw %}", "")


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "{% raw %}", "{#", "</w:t><w:p/>&amp;<!--", "{{ ''.__class__ }}", "=1+1", "{%p if %}"]
)
def test_a_name_is_never_part_of_the_template(name: str) -> None:
    content = notice_docx(called(name))
    assert f"“{name}”" in text_of(content)
    assert name in opened(content).sections[0].footer.paragraphs[0].text


@given(st.text(max_size=40))
@settings(max_examples=15, deadline=None)
def test_any_name_can_be_printed(name: str) -> None:
    assert "整改" in text_of(notice_docx(called(name)))


def test_no_id_number_is_left() -> None:
    content = notice_docx(samples.nasty())
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if samples.FULL_ID.encode() in archive.read(name)]


def test_pictures_are_sized_and_what_is_none_is_left_out() -> None:
    sample = samples.nasty()
    assert len(opened(notice_docx(sample)).inline_shapes) == 1
    for broken in (b"", b"\xff\xd8\xff", samples.PIXEL[:20], b"<svg/>"):
        assert len(opened(notice_docx(replace(sample, pictures={"frame.png": broken}))).inline_shapes) == 0


def test_a_class_that_passes_gets_none() -> None:
    assert notice_docx(samples.clean()) is None


def test_the_same_notice_is_the_same_bytes() -> None:
    assert notice_docx(samples.nasty()) == notice_docx(samples.nasty())


def test_a_countys_own_template_is_filled() -> None:
    template = own("致 {{ institution }}", "{%p for section in sections %}", "{{ section.title }}", "{%p endfor %}")
    text = text_of(notice_docx(samples.nasty(), template))
    assert "致 =学校1404************34" in text
    assert "不符合要求，须整改" in text
    assert "整改通知书" not in text


def test_a_template_that_breaks_on_this_class_gives_way_to_the_own_one(caplog: pytest.LogCaptureFixture) -> None:
    template = own("{% if num_entries > 1 %}{{ nothing }}{% endif %}")
    assert "整改通知书" in text_of(notice_docx(samples.nasty(), template))
    assert "own.docx" in caplog.text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{{ instituton }}", "instituton"),
        ("{% for %}", "Expected"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% include 'x' %}", "no loader"),
    ],
)
def test_a_broken_template_is_told_before_any_work_is_done(line: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "通知.docx"
    file.write_bytes(own(line).content)
    with pytest.raises(NoticeError, match=told) as caught:
        read_template(file)
    assert "通知.docx" in str(caught.value)
    assert caught.value.exit_code == 2


def test_what_is_no_word_file_or_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"text")
    with pytest.raises(NoticeError, match=r"a\.docx can't be filled"):
        read_template(tmp_path / "a.docx")
    with pytest.raises(NoticeError, match="Can't read"):
        read_template(tmp_path / "b.docx")


@pytest.mark.parametrize("status", [Status.FAIL, Status.ERROR])
def test_advice_and_a_broken_tool_are_no_reason_for_a_notice(status: Status) -> None:
    sample = samples.nasty()
    level = Level.ADVISE if status is Status.FAIL else Level.REQUIRE
    rules = (samples.rule("PIC001", "resolution", (samples.finding("tool-failed", status),), status, level=level),)
    assert notice_docx(replace(sample, verdict=replace(sample.verdict, rules=rules, status=Status.ERROR))) is None
