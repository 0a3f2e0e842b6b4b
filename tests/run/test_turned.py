"""Takes that are played to their end and back again, from files."""

from dataclasses import replace

import ffmpeg
import pytest

from tests.clips import FFMPEG
from tests.run.test_reuse import lesson, watched
from vidaudit.model.fingerprint import ReuseHow
from vidaudit.run.reuse import find_reuse
from vidaudit.run.turned import turns


@pytest.fixture(scope="module")
def take(tmp_path_factory):
    return lesson(tmp_path_factory.mktemp("take") / "take.mp4", 5)


@pytest.fixture(scope="module")
def there_and_back(take):
    """The lesson, then the same backwards, encoded again."""
    forwards, backwards = ffmpeg.input(str(take)), ffmpeg.input(str(take)).filter("reverse")
    target = take.with_name("back.mp4")
    command = ffmpeg.concat(forwards, backwards).output(str(target), vcodec="libx264", preset="veryfast", crf=28)
    command.run(cmd=FFMPEG, quiet=True, overwrite_output=True)
    return target


def test_a_take_that_is_played_back_again_is_found(there_and_back):
    (found,) = find_reuse([watched(there_and_back)]).found
    assert (found.how, found.is_loop, found.mirrored) == (ReuseHow.REVERSED, True, False)
    assert found.first_stretch.start_s + found.second_stretch.end_s == pytest.approx(140, abs=1)
    assert found.first_stretch.end_s <= found.second_stretch.start_s
    assert found.first_stretch.duration_s > 30
    assert found.score > 0.75
    assert found.pair.jpeg.startswith(b"\xff\xd8")


def test_an_honest_lesson_is_not_even_looked_at(take):
    assert list(turns([watched(take)])) == []


def test_a_clip_that_breaks_is_told(there_and_back):
    class Broken:
        def each(self, work, items):
            return iter([(number, None) for number, _ in enumerate(items)])

    name = there_and_back.name
    assert (name, name) in find_reuse([watched(there_and_back)], workers=Broken()).unseen


def test_where_the_curve_alone_turns_the_pictures_decide(there_and_back, take):
    """The curve of a lesson that turns, and the pictures of one that doesn't."""
    turned, honest = watched(there_and_back), watched(take)
    deceiving = replace(honest, fingerprint=turned.fingerprint)
    assert len(list(turns([deceiving]))) == 1
    assert [one for one in find_reuse([deceiving]).found if one.how is ReuseHow.REVERSED] == []
