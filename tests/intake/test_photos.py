"""Whose photograph a file is, by its name."""

import pytest

from tests.intake.files import id_number, roster_rows, trainee, xlsx
from vidaudit.errors import UsageError
from vidaudit.intake.discover import discover
from vidaudit.intake.photos import find_photos
from vidaudit.model.people import PhotoProblem

FIRST_ROW = 6  # of the trainees in `people`
NAMES = ["王春禾", "李秋实", "张若水"]
NUMBERS = [id_number(sequence=2 * index) for index in (1, 2, 3)]


@pytest.fixture
def disc(tmp_path):
    return tmp_path / "disc"


def people():
    """A roster of three."""
    return [*roster_rows(0)[:5], *(trainee(index, 姓名=name) for index, name in enumerate(NAMES, start=1))]


def make_class(disc, name="2024年第1期育婴员培训班", rows=None):
    folder = disc / name
    (folder / "5月20日").mkdir(parents=True)
    (folder / "5月20日" / "授课过程.mp4").write_bytes(b"x")
    (folder / "花名册.xlsx").write_bytes(xlsx(rows or people()))
    return folder


def photos_of(tmp_path, disc, *names, roster_file=None):
    folder = tmp_path / "photos"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    folder.mkdir(exist_ok=True)
    return find_photos(folder, discover([disc], roster_file=roster_file).classes, roster_file)


@pytest.mark.parametrize(
    "name",
    [
        f"{NAMES[1]}.jpg",
        f"{NUMBERS[1]}.jpg",
        f"{NAMES[1]}_{NUMBERS[1]}.jpg",
        f"{NAMES[1]}-{NUMBERS[1]}.JPG",
        f"{NAMES[1]}{NUMBERS[1]}.png",
        f"{NUMBERS[1]} {NAMES[1]}.jpeg",
        f"{NAMES[1]}（{NUMBERS[1]}）.jpg",
        f" {NAMES[1][:2]} {NAMES[1][2:]} .jpg",
        f"女/{NAMES[1]}.jpg",
    ],
)
def test_a_file_is_known_by_name_or_number(tmp_path, disc, name):
    make_class(disc)
    (found,) = photos_of(tmp_path, disc, name)
    assert found.faults == ()
    (photo,) = found.photos
    assert (photo.row, photo.name) == (FIRST_ROW + 1, NAMES[1])
    assert photo.file.is_file()
    assert NUMBERS[1] not in photo.shown


@pytest.mark.parametrize(
    "name",
    [
        "张三.jpg",
        f"{NAMES[0]}_{NUMBERS[1]}.jpg",  # name and number of two people
        f"{NUMBERS[1][:-1]}{'1' if NUMBERS[1][-1] != '1' else '2'}.jpg",
        f"{NUMBERS[1]}9.jpg",
        "_.jpg",
        f"{NAMES[0]}甲.jpg",
    ],
)
def test_what_fits_nobody_is_said(tmp_path, disc, name):
    make_class(disc)
    (found,) = photos_of(tmp_path, disc, name)
    assert found.photos == ()
    (fault,) = found.faults
    assert fault.problem is PhotoProblem.NOT_IN_ROSTER
    assert NUMBERS[1] not in fault.file


def test_long_numbers_are_masked(tmp_path, disc):
    make_class(disc)
    (found,) = photos_of(tmp_path, disc, f"{NAMES[0]}{NUMBERS[0]}.jpg", f"王五{NUMBERS[0]}.jpg")
    masked = f"{NUMBERS[0][:4]}************{NUMBERS[0][-2:]}"
    assert [photo.shown for photo in found.photos] == [f"{NAMES[0]}{masked}.jpg"]
    assert [fault.file for fault in found.faults] == [f"王五{masked}.jpg"]


def test_two_of_one_name_are_told_apart_by_number(tmp_path, disc):
    rows = people()
    rows[6] = trainee(2, 姓名=NAMES[0])
    make_class(disc, rows=rows)
    (found,) = photos_of(tmp_path, disc, f"{NAMES[0]}.jpg", f"{NAMES[0]}_{NUMBERS[1]}.jpg", f"{NUMBERS[0]}.jpg")
    assert {photo.row for photo in found.photos} == {FIRST_ROW, FIRST_ROW + 1}
    assert [(fault.file, fault.problem) for fault in found.faults] == [(f"{NAMES[0]}.jpg", PhotoProblem.AMBIGUOUS)]


def test_a_name_counts_where_the_roster_has_no_number(tmp_path, disc):
    rows = people()
    rows[5] = trainee(1, 姓名=NAMES[0], 身份证号=None)
    make_class(disc, rows=rows)
    (found,) = photos_of(tmp_path, disc, f"{NAMES[0]}_{NUMBERS[0]}.jpg", f"{NUMBERS[0]}.jpg")
    assert [photo.row for photo in found.photos] == [FIRST_ROW]
    assert [fault.problem for fault in found.faults] == [PhotoProblem.NOT_IN_ROSTER]


def test_the_number_that_a_spreadsheet_has_rounded_is_not_trusted(tmp_path, disc):
    rows = people()
    rows[5] = trainee(1, 姓名=NAMES[0], 身份证号=float(NUMBERS[0][:-1] + "0"))
    make_class(disc, rows=rows)
    (found,) = photos_of(tmp_path, disc, f"{NAMES[0]}_{NUMBERS[0]}.jpg")
    assert [photo.row for photo in found.photos] == [FIRST_ROW]


def test_each_class_has_its_own(tmp_path, disc):
    first, second = "2024年第1期育婴员培训班", "2024年第2期保育师培训班"
    make_class(disc, first)
    make_class(disc, second, [*people()[:5], trainee(7, 姓名="赵晓青")])
    other = "赵晓青"
    names = [f"{first}/{NAMES[0]}.jpg", f"{first}/{other}.jpg", f"{other}.jpg", "张三.jpg"]
    one, two = photos_of(tmp_path, disc, *names)
    assert [photo.shown for photo in one.photos] == [f"{first}/{NAMES[0]}.jpg"]
    assert [fault.file for fault in one.faults] == [f"{first}/{other}.jpg", "张三.jpg"]
    assert [photo.shown for photo in two.photos] == [f"{other}.jpg"]
    assert [fault.file for fault in two.faults] == ["张三.jpg"]


def test_other_files_and_links_are_left_alone(tmp_path, disc):
    make_class(disc)
    (tmp_path / "photos").mkdir()
    (tmp_path / "elsewhere.jpg").write_bytes(b"x")
    (tmp_path / "photos" / f"{NAMES[0]}.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    (tmp_path / "photos" / f"{NAMES[1]}.png").mkdir()
    (found,) = photos_of(tmp_path, disc, "Thumbs.db", "._张三.jpg", "说明.txt")
    assert (found.photos, found.faults) == ((), ())


def test_a_class_without_a_roster_has_none(tmp_path, disc):
    (make_class(disc) / "花名册.xlsx").unlink()
    (found,) = photos_of(tmp_path, disc, f"{NAMES[0]}.jpg")
    assert (found.photos, found.faults) == ((), ())


def test_a_roster_given_by_hand(tmp_path, disc):
    (make_class(disc) / "花名册.xlsx").unlink()
    given = tmp_path / "given.xlsx"
    given.write_bytes(xlsx(people()))
    (found,) = photos_of(tmp_path, disc, f"{NUMBERS[2]}.jpg", roster_file=given)
    assert [photo.row for photo in found.photos] == [FIRST_ROW + 2]


@pytest.mark.parametrize("name", ["nowhere", "file.jpg"])
def test_a_folder_that_isnt_there(tmp_path, disc, name):
    make_class(disc)
    (tmp_path / "file.jpg").write_bytes(b"x")
    with pytest.raises(UsageError, match="--photos"):
        find_photos(tmp_path / name, discover([disc]).classes)
