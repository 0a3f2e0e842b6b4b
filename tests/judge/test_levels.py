import pytest

from vidaudit.judge.levels import levels_named
from vidaudit.profile.shape import CERTIFICATES


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("初级", {"beginner"}),
        ("五级/初级工", {"beginner"}),
        ("５级", {"beginner"}),
        ("中级工（四级）", {"intermediate"}),
        ("高级", {"senior"}),
        ("三级", {"senior"}),
        ("Senior", {"senior"}),
        ("特种作业操作证", {"special-operation"}),
        ("特种设备作业人员证", {"special-operation"}),
        ("专项职业能力", {"single-skill"}),
        ("初级、中级", {"beginner", "intermediate"}),
        ("技师", set()),
        ("高级技师", set()),
        ("二级/技师", set()),
        ("一级", set()),
        ("15级", set()),
        ("无", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_levels_are_known_by_their_words(text: str | None, levels: set[str]) -> None:
    assert levels_named(text) == levels
    assert levels <= set(CERTIFICATES)
