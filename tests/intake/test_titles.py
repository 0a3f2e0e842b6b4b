import pytest

from vidaudit.intake.titles import split_title, without_spaces

SCHOOL = "长治市示例职业培训学校"
COURSE = "2024年第1期育婴员培训班"


@pytest.mark.parametrize(
    ("institution", "class_name"),
    [
        (SCHOOL, COURSE),
        (SCHOOL, "面点师培训班"),
        ("长治市启成职业培训学校有限公司", COURSE),
        ("长治市职业技术学院培训中心", "社区工作者培训班"),
        ("长治技师学院", "第2期电工班"),
        ("山西振东健康产业集团有限公司", "养老护理员培训班"),
        ("长治卫生学校", "养老院护理员培训班"),
        ("首钢长钢技校", "焊工培训班（第1期）"),
        ("某厂", "2024年电工培训班"),
        ("XX机构", "XX培训班"),
        ("长治市职业高级中学", "校园安全培训班"),
        (SCHOOL, "学校保安员班"),
        (SCHOOL, "学校保安员培训班（第1期）"),
        (SCHOOL, "2024年第1期学校保安员班"),
        (SCHOOL, "公司职员办公软件培训班"),
        (SCHOOL, "农民专业合作社理事长培训班"),
        ("壶关县供销合作社", "合作社社员培训班"),
        ("壶关县某某公司", "员工培训班"),
        ("示例公司培训部", "电工班"),
        ("示例学校分校", "电工班"),
    ],
)
def test_a_title_is_split_behind_the_institution(institution: str, class_name: str) -> None:
    found = split_title(institution + class_name)
    assert (found.institution, found.class_name, found.codes) == (institution, class_name, frozenset())


@pytest.mark.parametrize(
    "text", ["面点师培训班", "首钢长钢面点培训班", "", "学校培训", "示例学校", "学校保安员班", "2024年第1期公司职员班"]
)
def test_what_cannot_be_split_is_the_class_as_a_whole(text: str) -> None:
    found = split_title(text)
    assert found.institution is None
    assert found.class_name == (text or None)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("首钢长钢面点培训班", {"unsplit"}),
        ("面点师培训班", {"unsplit"}),
        (COURSE, set()),
        ("第2期电工班", set()),
        ("示例学校", set()),
    ],
)
def test_a_class_that_may_hold_an_institution_is_told(text: str, codes: set[str]) -> None:
    assert split_title(text).codes == codes


def test_a_known_institution_decides() -> None:
    found = split_title(f"首钢长钢{COURSE}", institution="首钢长钢")
    assert (found.institution, found.class_name) == ("首钢长钢", COURSE)


def test_a_known_institution_does_not_cut_a_longer_one() -> None:
    found = split_title(f"{SCHOOL}有限公司{COURSE}", institution=SCHOOL)
    assert found.institution == f"{SCHOOL}有限公司"


def test_a_known_class_decides_where_no_ending_does() -> None:
    found = split_title(f"首钢长钢{COURSE}", class_name=COURSE)
    assert (found.institution, found.class_name) == ("首钢长钢", COURSE)


def test_a_class_alone_has_no_institution() -> None:
    assert split_title("养老院护理员培训班", class_name="养老院护理员培训班").institution is None


@pytest.mark.parametrize(
    ("joint", "code"), [(" ", "spaces"), ("　", "spaces"), ("-", "separator"), ("_", "separator"), ("——", "separator")]
)
def test_what_stands_between_is_told(joint: str, code: str) -> None:
    found = split_title(f"{SCHOOL}{joint}{COURSE}")
    assert (found.institution, found.class_name, found.codes) == (SCHOOL, COURSE, frozenset({code}))


def test_spaces_between_latin_words_stay() -> None:
    assert without_spaces("ABC School 示例 学校") == "ABC School示例学校"
