import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from vidaudit.intake.dates import is_possible
from vidaudit.intake.naming import MAX_NAME_BYTES, format_clip_name, parse_clip_name, suggest_name
from vidaudit.intake.printable import printable
from vidaudit.model.submission import ClipKind

SCHOOL = "长治市示例职业培训学校"
COURSE = "2024年第1期育婴员培训班"
TITLE = SCHOOL + COURSE

places = st.sampled_from(["长治市", "壶关县", "山西", "XX", "Hu Guan"])
schools = st.builds(
    "{}{}{}".format, places, st.sampled_from(["示例", "爱民", "A1", ""]), st.sampled_from(["学校", "学院", "公司"])
)
courses = st.builds(
    "{}{}培训班".format,
    st.sampled_from(["", "2024年第1期", "第12期", "2024年5月"]),
    st.sampled_from(["育婴员", "面点师", "养老院护理员", "XX", "社区工作者", "授课教师"]),
)
dates = st.tuples(st.integers(1, 12), st.integers(1, 31)).filter(lambda pair: is_possible(*pair))
takes = st.tuples(st.just(ClipKind.FACE), st.sampled_from([1, 2])) | st.tuples(
    st.just(ClipKind.LECTURE), st.none() | st.integers(1, 40)
)


@given(schools, courses, dates, takes)
@example("XX机构", "XX培训班", (12, 31), (ClipKind.FACE, 2))
def test_a_prescribed_name_reads_back(
    school: str, course: str, date: tuple[int, int], take: tuple[ClipKind, int | None]
) -> None:
    (month, day), (kind, number) = date, take
    name = format_clip_name(institution=school, class_name=course, month=month, day=day, kind=kind, number=number)
    read = parse_clip_name(name, institution=school)
    assert (read.institution, read.class_name, read.month, read.day) == (school, course, month, day)
    assert (read.kind, read.number, read.year) == (kind, number, None)
    assert read.prescribed
    assert read.differences == ()


@given(schools, courses, dates, takes, st.integers(0, 60), st.characters(exclude_categories=["Cs"]))
def test_a_changed_name_is_prescribed_only_where_its_parts_give_it_again(
    school: str, course: str, date: tuple[int, int], take: tuple[ClipKind, int | None], place: int, char: str
) -> None:
    (month, day), (kind, number) = date, take
    parts = {"institution": school, "class_name": course, "month": month, "day": day, "kind": kind, "number": number}
    name = format_clip_name(**parts)
    at = min(place, len(name))
    changed = name[:at] + char + name[at:]
    assume(printable(char) == char)
    read = parse_clip_name(changed, institution=school)
    if read.prescribed:
        again = format_clip_name(
            institution=read.institution or "",
            class_name=read.class_name or "",
            month=read.month or 0,
            day=read.day or 0,
            kind=read.kind,
            number=read.number,
        )
        assert again == unicodedata.normalize("NFC", changed)


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_any_name_is_read_without_failing(name: str) -> None:
    read = parse_clip_name(f"{name}.mp4")
    for text in (read.institution, read.class_name):
        if text is not None:
            text.encode("utf-8")


@pytest.mark.parametrize(
    ("ending", "kind", "number", "differences"),
    [
        ("5月20日课间人脸识别视频1.mp4", ClipKind.FACE, 1, ()),
        ("5月20日课间人脸识别视频2.mp4", ClipKind.FACE, 2, ()),
        ("5月20日授课过程.mp4", ClipKind.LECTURE, None, ()),
        ("5月20日授课过程3.mp4", ClipKind.LECTURE, 3, ()),
        ("5月20日授课过程.MP4", ClipKind.LECTURE, None, ("case",)),
        ("5月20日授课过程.Mp4", ClipKind.LECTURE, None, ("case",)),
        ("5月20日课间人脸识别视频二.mp4", ClipKind.FACE, 2, ("chinese-number",)),
        ("五月二十日授课过程.mp4", ClipKind.LECTURE, None, ("chinese-number",)),
        ("５月２０日课间人脸识别视频１.mp4", ClipKind.FACE, 1, ("full-width",)),
        ("5月20日授课过程．mp4", ClipKind.LECTURE, None, ("full-width",)),
        ("05月20日课间人脸识别视频01.mp4", ClipKind.FACE, 1, ("zero-padded", "number-padded")),
        ("2024年5月20日授课过程.mp4", ClipKind.LECTURE, None, ("year",)),
        ("5月20日课间人脸识别视频（1）.mp4", ClipKind.FACE, 1, ("brackets",)),
        ("（5月20日）授课过程.mp4", ClipKind.LECTURE, None, ("brackets",)),
        ("5月20日 课间人脸识别视频 1.mp4", ClipKind.FACE, 1, ("spaces",)),
        (" 5月20日授课过程 .mp4", ClipKind.LECTURE, None, ("spaces",)),
        ("_5月20日-课间人脸识别视频_1.mp4", ClipKind.FACE, 1, ("separator",)),
        ("5月20日课间人脸识别视频.mp4", ClipKind.FACE, None, ("number-missing",)),
        ("5月20日课间人脸识别视频3.mp4", ClipKind.FACE, 3, ("number-unexpected",)),
        ("5月20日课间人脸识别视频0.mp4", ClipKind.FACE, 0, ("number-unexpected",)),
        ("5月20日课间人脸识别视频1、2.mp4", ClipKind.FACE, None, ("separator", "number-unexpected", "wording")),
        ("5月20日授课过程0.mp4", ClipKind.LECTURE, 0, ("number-unexpected",)),
        ("5月20日人脸视频1.mp4", ClipKind.FACE, 1, ("wording",)),
        ("5月20日课间视频2.mp4", ClipKind.FACE, 2, ("wording",)),
        ("5月20日人脸识别1.mp4", ClipKind.FACE, 1, ("wording",)),
        ("5月20日课间人脸识别1视频.mp4", ClipKind.FACE, 1, ("wording",)),
        ("5月20日课间人脸识别视频（上午）.mp4", ClipKind.FACE, 1, ("brackets", "wording")),
        ("5月20日下午课间人脸识别视频.mp4", ClipKind.FACE, 2, ("wording",)),
        ("5月20日下午课间人脸识别视频1.mp4", ClipKind.FACE, 1, ("wording",)),
        ("5月20日授课视频.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日上课过程.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日授课过程视频.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日授课过程10分钟.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日授课过程（第二段）.mp4", ClipKind.LECTURE, 2, ("chinese-number", "brackets", "wording")),
        ("5月20日課間人臉識別視頻1.mp4", ClipKind.FACE, 1, ("wording",)),
        ("5月20日授課過程.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20号授课过程.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5.20授课过程.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("0520授课过程.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("20240520授课过程.mp4", ClipKind.LECTURE, None, ("year", "wording")),
        ("2024-05-20授课过程.mp4", ClipKind.LECTURE, None, ("year", "wording")),
        ("授课过程5月20日.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日授课过程 - 副本.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日授课过程 copy 2.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日课间人脸识别视频1(1).mp4", ClipKind.FACE, 1, ("wording",)),
        ("5月20日课间人脸识别\u200b视频1.mp4", ClipKind.FACE, 1, ("wording",)),
        ("5月20日授课\n过程.mp4", ClipKind.LECTURE, None, ("spaces", "wording")),
        ("5⽉20日授课过程.mp4", ClipKind.LECTURE, None, ("wording",)),
        ("5月20日授课过程.mp4.mp4", ClipKind.LECTURE, None, ("extension",)),
        ("5月20日授课过程.avi", ClipKind.LECTURE, None, ("extension",)),
        ("5月20日授课过程.avi.mp4", ClipKind.LECTURE, None, ("extension",)),
        ("5月20日授课过程", ClipKind.LECTURE, None, ("extension",)),
        ("5月20日授课过程.mр4", ClipKind.LECTURE, None, ("extension",)),
        ("5月20日课间人脸识别视频1。mp4", ClipKind.FACE, 1, ("extension",)),
        ("5月20日课间人脸识别视频1．mp4", ClipKind.FACE, 1, ("full-width",)),
    ],
)
def test_near_misses_are_understood_and_told(
    ending: str, kind: ClipKind, number: int | None, differences: tuple[str, ...]
) -> None:
    read = parse_clip_name(TITLE + ending)
    assert (read.institution, read.class_name) == (SCHOOL, COURSE)
    assert (read.month, read.day, read.kind, read.number) == (5, 20, kind, number)
    assert read.differences == differences
    assert read.prescribed == (not differences)


def test_the_date_may_stand_first() -> None:
    read = parse_clip_name(f"5月20日{TITLE}课间人脸识别视频1.mp4")
    assert (read.institution, read.class_name, read.month, read.number) == (SCHOOL, COURSE, 5, 1)
    assert read.differences == ("wording",)


@pytest.mark.parametrize(
    ("name", "weekday"),
    [
        ("5月20日授课过程.mp4", None),
        ("5月20日星期三授课过程.mp4", 2),
        ("5月20日（周日）授课过程.mp4", 6),
        ("2024-05-20 星期１ 授课过程.mp4", 0),
        ("5月20日授课过程第三周一班.mp4", None),
    ],
)
def test_a_weekday_beside_the_date(name: str, weekday: int | None) -> None:
    assert parse_clip_name(TITLE + name).weekday == weekday


@pytest.mark.parametrize("name", ["2月30日授课过程.mp4", "授课过程.mp4", "13月1日授课过程.mp4"])
def test_a_name_without_a_possible_date_is_unparsed(name: str) -> None:
    read = parse_clip_name(TITLE + name)
    assert (read.month, read.day, read.kind) == (None, None, ClipKind.LECTURE)
    assert "unparsed" in read.differences


@pytest.mark.parametrize(
    ("name", "differences"),
    [
        ("壶关宾馆育婴员培训班5月20日授课过程.mp4", ("unsplit",)),
        (f"壶关县妇联{COURSE}5月20日课间人脸识别视频2.mp4", ("unsplit",)),
        ("育婴员培训班5月20日授课过程.mp4", ("unsplit",)),
        ("壶关宾馆育婴员培训班5月20日授课过程.MP4", ("case", "unsplit")),
        ("壶关宾馆育婴员培训班5月20日上课视频.mp4", ("wording", "unsplit")),
    ],
)
def test_where_an_unusual_institution_ends_is_for_a_person(name: str, differences: tuple[str, ...]) -> None:
    read = parse_clip_name(name)
    assert (read.institution, read.prescribed, read.differences) == (None, False, differences)


@pytest.mark.parametrize(
    "name", ["5月20日授课过程.mp4", f"{COURSE}5月20日授课过程.mp4", f"{SCHOOL}5月20日授课过程.mp4"]
)
def test_a_name_without_institution_and_class_is_not_prescribed(name: str) -> None:
    read = parse_clip_name(name)
    assert read.institution is None
    assert "unparsed" in read.differences


@pytest.mark.parametrize("name", ["VID_20240520.mp4", "录像1.mp4", "授.mp4", ".mp4", "", "\udcff\udcfe.mp4", "😀.mp4"])
def test_other_names_are_other(name: str) -> None:
    read = parse_clip_name(name)
    assert (read.kind, read.prescribed, read.differences) == (ClipKind.OTHER, False, ("unparsed",))


def test_words_in_the_class_name_do_not_make_the_kind() -> None:
    read = parse_clip_name(f"{SCHOOL}授课技能培训班5月20日课间人脸识别视频1.mp4")
    assert (read.kind, read.prescribed) == (ClipKind.FACE, True)
    assert parse_clip_name(f"{SCHOOL}授课技能培训班5月20日.mp4").kind is ClipKind.OTHER


def test_what_is_known_of_the_class_helps_to_split() -> None:
    name = f"首钢长钢{COURSE}5月20日授课过程.mp4"
    assert parse_clip_name(name).institution is None
    for context in ({"institution": "首钢长钢"}, {"class_name": COURSE}):
        read = parse_clip_name(name, **context)
        assert (read.institution, read.class_name, read.prescribed) == ("首钢长钢", COURSE, True)


def test_a_suggestion_is_the_prescribed_name() -> None:
    parts = {"institution": SCHOOL, "class_name": COURSE, "month": 5, "day": 20}
    assert suggest_name(**parts, kind=ClipKind.FACE, number=2) == f"{TITLE}5月20日课间人脸识别视频2.mp4"
    assert suggest_name(**parts, kind=ClipKind.LECTURE) == f"{TITLE}5月20日授课过程.mp4"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": ClipKind.OTHER},
        {"number": None},
        {"number": 3},
        {"month": 2, "day": 30},
        {"institution": "a/b学校"},
        {"institution": ""},
        {"class_name": "育婴员"},
        {"institution": f"{'长' * 70}学校"},
    ],
)
def test_no_suggestion_where_the_parts_make_no_right_name(change: dict[str, object]) -> None:
    parts = {
        "institution": SCHOOL,
        "class_name": COURSE,
        "month": 5,
        "day": 20,
        "kind": ClipKind.FACE,
        "number": 1,
    }
    assert suggest_name(**(parts | change)) is None  # type: ignore[arg-type]


@given(schools, courses, dates, takes)
def test_every_suggestion_is_prescribed_and_fits_a_file_system(
    school: str, course: str, date: tuple[int, int], take: tuple[ClipKind, int | None]
) -> None:
    (month, day), (kind, number) = date, take
    name = suggest_name(institution=school, class_name=course, month=month, day=day, kind=kind, number=number)
    assume(name is not None)
    assert parse_clip_name(name or "", institution=school).prescribed
    assert len((name or "").encode()) <= MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("wording", "number", "differences"),
    [
        ("课间人脸识别视频01", 1, ("number-padded",)),
        ("课间人脸识别视频001", 1, ("number-padded",)),
        ("课间人脸识别视频0", 0, ("number-unexpected",)),
        ("课间人脸识别视频10", 10, ("number-unexpected",)),
        ("授课过程02", 2, ("number-padded",)),
        ("授课过程10", 10, ()),
        ("授课过程0830", None, ("wording",)),
        ("课间人脸识别视频02.1", None, ("separator", "number-unexpected", "wording")),
    ],
)
def test_a_leading_0_is_told_where_there_is_one_before_the_number(
    wording: str, number: int | None, differences: tuple[str, ...]
) -> None:
    name = parse_clip_name(f"示例学校育婴员培训班5月20日{wording}.mp4")
    assert (name.number, name.differences) == (number, differences)


@pytest.mark.parametrize(
    ("title", "institution", "class_name", "differences"),
    [
        ("“示例学校”育婴员培训班", "示例学校", "育婴员培训班", ("quotes",)),
        ('"示例学校"育婴员培训班', "示例学校", "育婴员培训班", ("quotes",)),
        ("《示例学校育婴员培训班》", "示例学校", "育婴员培训班", ("quotes",)),
        ("长治市“示例”学校育婴员培训班", "长治市“示例”学校", "育婴员培训班", ()),
        ("示例学校“育婴员”培训班", "示例学校", "“育婴员”培训班", ()),
        ("“示例学校育婴员培训班", "示例学校", "育婴员培训班", ("quotes",)),
    ],
)
def test_quotation_marks_round_the_title_are_no_part_of_it(
    title: str, institution: str, class_name: str, differences: tuple[str, ...]
) -> None:
    name = parse_clip_name(f"{title}5月20日授课过程.mp4")
    assert (name.institution, name.class_name, name.differences) == (institution, class_name, differences)
