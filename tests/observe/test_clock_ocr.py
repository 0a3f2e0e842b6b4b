import sys

import numpy as np
import pytest

from fixtures.videos.clock import Style, text_width_px, write
from vidaudit.model.still import Box
from vidaudit.observe.clock_ocr import LINE_PX, cut_line, find_lines, read_line

TEXT = "2024-05-22 10:05:13"


def page(*places, size=(480, 640), height_px=20):
    picture = np.full((*size, 3), 90, np.uint8)
    for at_px in places:
        write(picture, TEXT, at_px, Style(height_px=height_px))
    return picture


@pytest.mark.parametrize("at_px", [(20, 20), (200, 60), (20, 440)])
def test_a_line_is_found_whole_and_read(at_px):
    picture = page(at_px)
    (box,) = find_lines(picture, 1280)
    assert box.x_px == pytest.approx(at_px[0], abs=12)
    assert box.y_px == pytest.approx(at_px[1], abs=12)
    assert box.width_px == pytest.approx(text_width_px(TEXT, 20), abs=24)
    line = read_line(cut_line(picture, box))
    assert line.text.replace(" ", "") == TEXT.replace(" ", "")
    assert line.confidence > 0.9


def test_upper_lines_come_first_and_the_middle_is_not_looked_at():
    boxes = find_lines(page((20, 440), (20, 240), (20, 20), (20, 60)), 1280)
    assert [round(box.y_px / 20) for box in boxes] == [1, 3, 22]


def test_an_empty_picture_has_none():
    assert find_lines(page(), 1280) == []
    nothing = read_line(np.full((LINE_PX, 300, 3), 90, np.uint8))
    assert (nothing.text, nothing.confidence) == ("", 0.0)


def test_a_line_at_the_edge_is_cut_there():
    line = cut_line(page((0, 0)), Box(x_px=0, y_px=0, width_px=640, height_px=24))
    assert line.shape[0] == LINE_PX


def test_reading_needs_only_the_networks_files():
    assert "rapidocr" not in sys.modules
