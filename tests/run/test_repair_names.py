"""Where clips belong and what they are called: told by the school's words, never guessed, never dated anew."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.videos.rosters import INSTITUTION
from tests.run.broken import COURSE, DAY, TITLE, build
from vidaudit.intake.discover import discover
from vidaudit.run.repair_names import Places, place_clips

F1, F2, L = (f"{TITLE}{words}.mp4" for words in ("课间人脸识别视频1", "课间人脸识别视频2", "授课过程"))
GOOD = (f"{DAY}/{F1}", f"{DAY}/{F2}", f"{DAY}/{L}")
NEXT = TITLE.replace("20日", "21日")


def places(tmp_path: Path, *paths: str, name: str = COURSE) -> Places:
    folder = build(tmp_path / "disc", dict.fromkeys(paths, b"x"), name)
    (found,) = discover([folder]).classes
    return place_clips(found.folder)


def codes(made: Places, path: str | None = None) -> set[str]:
    return {note.code for note in made.notes if path is None or note.path == path}


def test_what_is_right_stays(tmp_path: Path) -> None:
    made = places(tmp_path, *GOOD)
    assert made.clips == {path: path for path in GOOD}
    assert (made.folder, made.days, made.notes) == (COURSE, (DAY,), ())


@pytest.mark.parametrize(
    ("odd", "note"),
    [
        (f"{DAY}/{NEXT}授课过程2.mp4", "date-differs"),
        (f"{DAY}/{INSTITUTION}{COURSE}2023年5月20日授课过程2.mp4", "year-differs"),
        (f"{DAY}/{INSTITUTION}2024年第8期保育师培训班{DAY}授课过程2.mp4", "other-class"),
        (f"{DAY}/另一所职业培训学校{COURSE}{DAY}授课过程2.mp4", "other-institution"),
        (f"{DAY}/VID_20240520_101500.mp4", "which-kind"),
    ],
)
def test_a_name_that_contradicts_or_says_nothing_is_kept_and_told(tmp_path: Path, odd: str, note: str) -> None:
    made = places(tmp_path, *GOOD, odd)
    assert made.clips[odd] == odd
    assert codes(made, odd) == {note}


def test_a_year_in_a_name_isnt_changed_where_the_folder_says_another(tmp_path: Path) -> None:
    odd = f"2024年{DAY}/{INSTITUTION}{COURSE}2023年5月20日授课过程2.mp4"
    made = places(tmp_path, *(path.replace(f"{DAY}/", f"2024年{DAY}/", 1) for path in GOOD), odd)
    assert made.clips[odd] == odd
    assert codes(made, odd) == {"year-differs"}


@pytest.mark.parametrize(
    ("first", "second", "told_by"),
    [
        ("课间人脸识别视频3", "课间人脸识别视频5", "number"),
        ("上午人脸", "下午人脸", None),  # read as 1 and 2 from the words
        ("人脸 10点05", "人脸 15点30", "time"),
        ("人脸 20240520_100501", "人脸 20240520_153000", "time"),
    ],
)
def test_two_face_clips_are_numbered_where_their_names_tell_the_order(
    tmp_path: Path, first: str, second: str, told_by: str | None
) -> None:
    # The one that comes later in the alphabet must not win for that alone.
    made = places(tmp_path, f"{DAY}/{TITLE}{second}.mp4", f"{DAY}/{TITLE}{first}.mp4", f"{DAY}/{L}")
    assert made.clips[f"{DAY}/{TITLE}{first}.mp4"] == f"{DAY}/{F1}"
    assert made.clips[f"{DAY}/{TITLE}{second}.mp4"] == f"{DAY}/{F2}"
    assert codes(made) == (set() if told_by is None else {f"numbered-by-{told_by}"})


def test_halves_of_a_day_as_folders_number_the_clips(tmp_path: Path) -> None:
    name = f"{TITLE}课间人脸识别视频.mp4"
    made = places(tmp_path, f"{DAY}/下午/{name}", f"{DAY}/上午/{name}", f"{DAY}/{L}")
    assert made.clips[f"{DAY}/上午/{name}"] == f"{DAY}/{F1}"
    assert made.clips[f"{DAY}/下午/{name}"] == f"{DAY}/{F2}"
    assert codes(made) == {"numbered-by-half"}


@pytest.mark.parametrize(
    "names",
    [
        ("课间人脸识别视频甲", "课间人脸识别视频乙"),
        ("人脸 10点05", "人脸 10点05分整"),
        ("人脸甲", "人脸乙", "人脸丙"),
    ],
)
def test_which_face_clip_is_which_is_never_guessed(tmp_path: Path, names: tuple[str, ...]) -> None:
    paths = [f"{DAY}/{TITLE}{name}.mp4" for name in names]
    made = places(tmp_path, *paths, f"{DAY}/{L}")
    assert {made.clips[path] for path in paths} == set(paths)
    assert {code for path in paths for code in codes(made, path)} == {"which-number"}


def test_clips_outside_of_days_go_to_the_day_in_their_name(tmp_path: Path) -> None:
    made = places(tmp_path, *GOOD, f"{NEXT}授课过程.mp4", f"{TITLE}授课过程2.mp4", "授课过程.mp4")
    assert made.clips[f"{NEXT}授课过程.mp4"] == f"5月21日/{NEXT}授课过程.mp4"
    assert made.clips[f"{TITLE}授课过程2.mp4"] == f"{DAY}/{TITLE}授课过程2.mp4"
    assert made.clips["授课过程.mp4"] == "授课过程.mp4"
    assert codes(made) == {"no-date"}
    assert made.days == (DAY, "5月21日")


def test_two_folders_of_one_day_with_the_same_clips_are_left_to_a_person(tmp_path: Path) -> None:
    made = places(tmp_path, *GOOD, f"0520/{F1}", f"0520/{L}")
    assert made.clips == {path: path for path in (*GOOD, f"0520/{F1}", f"0520/{L}")}
    assert set(made.days) == {"0520", DAY}
    assert codes(made) == {"same-date"}


def test_an_ambiguous_folder_stays(tmp_path: Path) -> None:
    odd = f"5月20日-22日/{NEXT}授课过程.mp4"
    made = places(tmp_path, *GOOD, odd)
    assert made.clips[odd] == odd


def test_papers_follow_their_day(tmp_path: Path) -> None:
    made = places(tmp_path, *(path.replace(f"{DAY}/", "视频/") for path in GOOD))
    assert made.folders == {"视频": DAY}
    assert made.days == (DAY,)


def test_a_folder_that_names_no_class_gets_the_classs_name(tmp_path: Path) -> None:
    assert places(tmp_path, *GOOD, name="新建文件夹").folder == COURSE


def test_a_folder_that_names_another_class_is_left_to_a_person(tmp_path: Path) -> None:
    made = places(tmp_path, *GOOD, name="2024年第7期电工培训班")
    assert made.folder == "2024年第7期电工培训班"
    assert codes(made) == {"folder-differs"}


def test_without_a_majority_nothing_is_renamed(tmp_path: Path) -> None:
    other = TITLE.replace("第9期", "第8期")
    paths = [f"{DAY}/{TITLE}课间人脸识别视频１.mp4", f"{DAY}/{other}课间人脸识别视频２.mp4"]
    made = places(tmp_path, *paths)
    assert {made.clips[path].rpartition("/")[2] for path in paths} == {path.rpartition("/")[2] for path in paths}


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            [
                *GOOD,
                f"0520/{F1}",
                f"{F1}",
                f"视频/{F2}",
                f"{DAY}/上午/{F1}",
                f"{DAY}/{TITLE}人脸.mp4",
                f"{DAY}/{TITLE}人脸２.avi",
                f"{NEXT}授课过程.mp4",
                f"第1天/{L}",
                f"{DAY}/\u202e坏\n名.mp4",
                f"{DAY}/{F1.upper()}",
            ]
        ),
        unique=True,
        min_size=1,
    )
)
def test_every_clip_gets_one_place_and_no_two_the_same(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str]
) -> None:
    tmp_path = tmp_path_factory.mktemp("any")
    folder = build(tmp_path / "disc", dict.fromkeys(paths, b"x"))
    (found,) = discover([folder]).classes
    made = place_clips(found.folder)
    assert made.clips.keys() == {clip.path for clip in found.folder.clips}
    assert len({target.casefold() for target in made.clips.values()}) == len(paths)
    assert all("\n" not in target and "\\" not in target for target in made.clips.values())
    assert {target.rpartition("/")[0] for target in made.clips.values()} <= {"", *made.days}


def test_a_folder_that_only_its_clips_date_gets_the_name_of_that_day(tmp_path: Path) -> None:
    made = places(tmp_path, *(path.replace(f"{DAY}/", "20日/", 1) for path in GOOD))
    assert set(made.clips.values()) == set(GOOD)
    assert made.days == (DAY,)


def test_a_day_folder_comes_out_of_the_folder_of_its_week(tmp_path: Path) -> None:
    other = f"5月21日/{NEXT}授课过程.mp4"
    made = places(tmp_path, *(f"第1周/{path}" for path in GOOD), other)
    assert made.clips == {**{f"第1周/{path}": path for path in GOOD}, other: other}
    assert made.folders == {f"第1周/{DAY}": DAY, "5月21日": "5月21日"}


def test_a_week_and_a_folder_beside_it_of_one_day_become_one(tmp_path: Path) -> None:
    made = places(tmp_path, f"第1周/{GOOD[0]}", *GOOD[1:])
    assert set(made.clips.values()) == set(GOOD)
    assert made.days == (DAY,)
