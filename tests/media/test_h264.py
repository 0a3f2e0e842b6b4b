import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clips import make_clip, remux
from vidaudit.media.h264 import KeyframeNumbers


def numbers(path) -> list[int | None]:
    with av.open(str(path)) as media:
        stream = media.streams.video[0]
        reader = KeyframeNumbers(stream.codec_context.extradata)
        packets = [packet for packet in media.demux(stream) if packet.size and packet.is_keyframe]
        return [reader.number(memoryview(packet)) for packet in packets]


@pytest.mark.parametrize("options", [{}, {"profile:v": "baseline"}, {"pix_fmt": "yuv444p"}, {"flags": "+ilme+ildct"}])
def test_an_encoder_that_takes_turns(tmp_path, options):
    assert numbers(make_clip(tmp_path / "clip.mp4", **options)) == [0, 1, 0, 1]


def test_the_numbers_survive_another_container(tmp_path):
    clip = make_clip(tmp_path / "clip.mp4")
    assert numbers(remux(tmp_path / "clip.ts", clip)) == [0, 1, 0, 1]


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_rubbish_has_no_number_or_one(extradata, packet):
    found = KeyframeNumbers(extradata).number(memoryview(packet))
    assert found is None or found >= 0
