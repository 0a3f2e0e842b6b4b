"""What the likeness benchmark makes of known faces."""

import numpy as np
import pytest

from benchmarks.likeness import Look, on_the_wall, pairs, photograph_sets, rates


def look(who: str, at: float, shot: str | None = None) -> Look:
    return Look(who=who, numbers=np.array([at, 0.0]), shot=shot)


@pytest.mark.parametrize(("limit", "false_matches", "false_non_matches"), [(0.3, 0, 1), (0.5, 1, 0), (1.0, 2, 0)])
def test_pairs_on_the_wrong_side_of_a_limit_are_counted(
    limit: float, false_matches: int, false_non_matches: int
) -> None:
    found = rates([look("a", 0.0), look("a", 0.5), look("b", 1.0)], limit)
    assert (found.num_same, found.num_strangers) == (1, 2)
    assert (found.false_matches, found.false_non_matches) == (false_matches, false_non_matches)


def test_looks_of_one_clip_are_not_compared() -> None:
    same, strangers = pairs([look("a", 0, "1"), look("b", 1, "1"), look("a", 2, "2"), look("c", 3, "2")])
    assert sorted(same) == [2]
    assert sorted(strangers) == [1, 2, 3]


@pytest.mark.parametrize("number", ["1", "2"])
def test_the_wall_is_known_with_and_without_the_baby(number: str) -> None:
    whole, without = on_the_wall(number, 19), on_the_wall(number, 18)
    assert whole is not None
    assert without == tuple(who for who in whole if who != "baby")
    assert len(set(whole)) == 19
    assert on_the_wall(number, 17) is None


def test_both_walls_show_the_same_people() -> None:
    assert set(on_the_wall("1", 19) or ()) == set(on_the_wall("2", 19) or ())


def test_no_photograph_is_in_a_set_twice() -> None:
    for photographs in photograph_sets().values():
        files = [photograph.file for photograph in photographs]
        assert len(files) == len(set(files))
