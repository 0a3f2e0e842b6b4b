import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.report import samples
from vidaudit.model.verdict import Level, Status
from vidaudit.report.attention import SummaryRow
from vidaudit.report.html import class_html, summary_html
from vidaudit.report.material import Material

VOID = {"meta", "img", "br", "path", "circle", "use"}


class Page(HTMLParser):
    """Collects tags, attributes and text, and checks that every element is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


def page(sample: Material, lang: str = "zh") -> Page:
    return Page(class_html(replace(sample, context=samples.context(lang))))


PAGES = {
    "nasty-zh": lambda: page(samples.nasty()),
    "nasty-en": lambda: page(samples.nasty(), "en"),
    "clean-zh": lambda: page(samples.clean()),
    "summary": lambda: Page(summary_html(samples.rows(), samples.profile(), samples.context())),
    "no-class": lambda: Page(summary_html((), samples.profile(), samples.context("en"))),
}


@pytest.fixture(params=PAGES.values(), ids=PAGES.keys())
def any_page(request: pytest.FixtureRequest) -> Page:
    made: Page = request.param()
    return made


def test_every_element_is_closed(any_page: Page) -> None:
    assert any_page.open == []


def test_nothing_runs_and_nothing_is_fetched(any_page: Page) -> None:
    names = {tag for tag, _ in any_page.tags}
    assert not names & {
        "script",
        "iframe",
        "object",
        "embed",
        "link",
        "base",
        "form",
        "audio",
        "video",
        "foreignobject",
    }
    assert not [name for _, attrs in any_page.tags for name in attrs if name.startswith("on")]
    assert all(
        source.startswith(("data:image/jpeg;base64,", "data:image/png;base64,")) for source in any_page.all("src")
    )
    assert "url(" not in any_page.text
    assert "@import" not in any_page.text


def test_the_page_forbids_everything_but_its_own_style_and_pictures(any_page: Page) -> None:
    policy = next(attrs["content"] for tag, attrs in any_page.tags if attrs.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")


def test_every_link_within_the_page_has_a_target(any_page: Page) -> None:
    targets = any_page.all("id")
    assert len(set(targets)) == len(targets)
    assert {link[1:] for link in any_page.all("href") if link.startswith("#")} <= set(targets)


def test_no_id_number_and_no_invisible_character_is_left(any_page: Page) -> None:
    text = re.sub(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]+", "", any_page.text + "".join(any_page.all("href")))
    assert samples.FULL_ID not in text
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize(("lang", "html_lang"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_its_language(lang: str, html_lang: str) -> None:
    assert page(samples.clean(), lang).tags[0] == ("html", {"lang": html_lang})


def test_nasty_names_are_shown_as_text() -> None:
    made = page(samples.nasty())
    assert samples.NASTY_SCRIPT in made.text
    assert samples.NASTY_QUOTE in made.text
    assert "{{ 7 * 7 }}{% raw %}" in made.text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.PASS, "符合要求"),
        (Status.FAIL, "不符合要求"),
        (Status.REVIEW, "需要人工查看"),
        (Status.NOT_EVALUATED, "未能完成检查"),
        (Status.ERROR, "检查过程出错"),
    ],
)
def test_the_verdict_comes_first_with_word_and_reason(status: Status, words: str) -> None:
    sample = samples.clean()
    rule = samples.rule("CON001", "mp4-container", (), status)
    html = class_html(replace(sample, verdict=replace(sample.verdict, status=status, rules=(rule,))))
    verdict = re.search(r'<section class="verdict ([a-z-]+)".*?</section>', html, re.DOTALL)
    assert verdict is not None
    assert verdict.group(1) == status.value
    outcome = re.search(r'class="outcome">.*?<span>(.*?)</span>', verdict.group(), re.DOTALL)
    assert outcome is not None
    assert outcome.group(1) == words
    assert html.index("verdict") < html.index('id="days"')


def test_without_any_required_rule_nothing_is_claimed() -> None:
    sample = samples.clean()
    advice = samples.rule("CON001", "mp4-container", (), Status.PASS, level=Level.ADVISE)
    empty = replace(sample.verdict, status=Status.NOT_EVALUATED, rules=(advice,))
    text = page(replace(sample, verdict=empty)).text
    assert "没有可以判定的规则" in text
    assert "符合要求" not in text


def test_many_reasons_are_cut_but_counted() -> None:
    sample = samples.clean()
    rules = tuple(samples.rule(f"ABC{n:03d}", f"rule-{n}", (), Status.FAIL) for n in range(7))
    text = page(replace(sample, verdict=replace(sample.verdict, status=Status.FAIL, rules=rules))).text
    assert "必查规则中有 7 条不符合：rule-0、rule-1、rule-2、rule-3、rule-4、rule-5等。" in text


def test_a_finding_shows_clause_file_time_picture_and_remedy() -> None:
    sample = samples.nasty()
    article = next(part for part in class_html(sample).split("<article") if "CNT001" in part)
    for words in ("附件4 三(3)", "授课过程.mp4", "2:05.5", "data:image/png", "清点到 4 人", "请对照图片和视频清点人数"):
        assert words in article


def test_the_summary_links_to_each_report_by_an_escaped_address() -> None:
    made = PAGES["summary"]()
    assert "%E7%AC%AC1%E6%9C%9F_script_%E5%9F%B9%E8%AE%AD%E7%8F%AD%20%231%3F/report.html" in made.all("href")


def test_a_folder_that_looks_like_an_address_stays_a_folder() -> None:
    row = SummaryRow(verdict=samples.clean().verdict, folder="javascript:alert(1)")
    links = Page(summary_html((row,), samples.profile(), samples.context())).all("href")
    assert [link for link in links if not link.startswith("#")] == ["javascript%3Aalert%281%29/report.html"]
