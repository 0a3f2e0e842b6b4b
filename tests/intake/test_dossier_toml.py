import pytest

from tests.intake.dossiers import TOML
from vidaudit.intake.dossier_raw import RawDossier
from vidaudit.intake.dossier_toml import raw_of_toml


def told(raw: RawDossier) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(fault.problem.value, fault.place, fault.text, fault.hint) for fault in raw.faults]


def test_places_are_lines_and_keys() -> None:
    raw = raw_of_toml(TOML.encode())
    assert raw.fields["kind"].place == "3: kind"
    assert [row["topic"].place for row in raw.plan] == ["9: plan.topic", "16: plan.topic"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert len(raw_of_toml(TOML.replace("\n", "\r\n").encode(encoding)).plan) == 2


def test_a_chinese_form() -> None:
    raw = raw_of_toml('"培训类型" = "order"\n[["教学计划"]]\n"日期" = 2024-05-20\n"学时" = 8\n'.encode())
    assert raw.faults == []
    assert raw.plan[0]["class_hours"].place == "4: plan.学时"


def test_no_toml_is_told_with_its_line() -> None:
    assert told(raw_of_toml(b'kind = "order"\nclass = \n')) == [("bad-toml", "2", None, None)]
    assert told(raw_of_toml(b"\xff\x00\xff")) == [("unreadable", None, None, None)]
    assert raw_of_toml(b"a = " + b"[" * 100_000).faults[0].problem.value == "bad-toml"


def test_unknown_keys_get_the_nearest_right_one() -> None:
    raw = raw_of_toml(b'clas = "x"\nplan = [3]\n[[teachers]]\nnam = "x"\n')
    assert told(raw) == [
        ("unknown-key", "1", "clas", "class"),
        ("unknown-key", "2", "plan: 3", "plan"),
        ("unknown-key", "4", "teachers.nam", "name"),
    ]


def test_values_of_a_wrong_kind_are_unknown_keys() -> None:
    raw = raw_of_toml(b"kind = [1]\n[[plan]]\ndate = true\n")
    assert [fault.problem.value for fault in raw.faults] == ["unknown-key", "unknown-key"]
    assert raw.plan[0]["date"].value is None


def test_a_flood_of_unknown_keys_is_cut() -> None:
    assert len(raw_of_toml("\n".join(f"k{n} = 1" for n in range(500)).encode()).faults) == 20
