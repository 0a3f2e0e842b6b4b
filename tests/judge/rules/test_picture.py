from dataclasses import replace
from fractions import Fraction

import pytest

from tests.judge.builders import (
    DAY1,
    LECTURE,
    change_clip,
    change_header,
    change_probe,
    green,
    outcome,
    packets,
    picture,
    run,
    with_parameters,
)
from vidaudit.model.still import Box, Stretch
from vidaudit.model.verdict import Where


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1024, 768, ("ok", "pass")),
        (1023, 768, ("too-small", "fail")),
        (1024, 767, ("too-small", "fail")),
        (1024, 766, ("too-small", "fail")),
        (1025, 769, ("ok", "pass")),
        (1280, 720, ("too-small", "fail")),
        (1366, 768, ("ok", "pass")),
        (1920, 1080, ("ok", "pass")),
        (768, 1024, ("portrait", "fail")),
        (1080, 1920, ("ok", "pass")),
    ],
)
def test_resolution(width, height, expected):
    evidence = change_header(green(), LECTURE, width_px=width, height_px=height)
    assert outcome("resolution", evidence) == {expected}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"width_px": 768, "height_px": 1024, "rotation_deg": 90}, ("ok", "pass")),
        ({"width_px": 768, "height_px": 1024, "rotation_deg": 180}, ("portrait", "fail")),
        ({"width_px": 1024, "height_px": 768, "rotation_deg": 270}, ("portrait", "fail")),
        ({"width_px": 768, "height_px": 768, "pixel_aspect": Fraction(4, 3)}, ("ok", "pass")),
        ({"width_px": 720, "height_px": 576, "pixel_aspect": Fraction(64, 45)}, ("too-small", "fail")),
        ({"width_px": None}, ("missing-size", "not-evaluated")),
    ],
)
def test_resolution_is_what_a_player_shows(changes, expected):
    assert outcome("resolution", change_header(green(), LECTURE, **changes)) == {expected}


def test_portrait_can_be_allowed():
    rules = with_parameters("resolution", portrait_allowed=True)
    upright = change_header(green(), LECTURE, width_px=768, height_px=1024)
    assert outcome("resolution", upright, rules) == {("ok", "pass")}
    small = change_header(green(), LECTURE, width_px=767, height_px=1024)
    assert outcome("resolution", small, rules) == {("too-small", "fail")}


def look(slug, *, headcount=0, **changes):
    """The outcome for a lecture in which so many people were made out."""
    heads = replace(green().clip(LECTURE).heads, headcount=headcount)
    return outcome(slug, change_clip(green(), LECTURE, picture=picture(**changes), heads=heads))


@pytest.mark.parametrize(
    ("sigma", "expected"),
    [
        (7.99, ("ok", "pass")),
        (8.0, ("noisy", "review")),
        (90.0, ("noisy", "review")),
        (float("nan"), ("noisy", "review")),
    ],
)
def test_noise_is_never_more_than_a_question(sigma, expected):
    assert look("noise", noise_sigma=sigma) == {expected}


@pytest.mark.parametrize("code", ["dark", "bright", "blurred", "covered"])
@pytest.mark.parametrize(("share", "passes"), [(0.3, True), (0.301, False), (0.9, False), (float("nan"), False)])
def test_exposure_and_sharpness(code, share, passes):
    expected = ("ok", "pass") if passes else (code, "review")
    assert look("exposure-sharpness", **{f"{code}_share": share}) == {expected}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"covered_share": 0.979}, ("covered", "review")),
        ({"covered_share": 0.98}, ("shows-nothing", "fail")),
        ({"dark_share": 0.98, "luma": 15.9}, ("shows-nothing", "fail")),
        ({"dark_share": 0.98, "luma": 16.0}, ("dark", "review")),
        ({"dark_share": 0.979, "luma": 5.0}, ("dark", "review")),
        ({"bright_share": 1.0}, ("bright", "review")),
        ({"blurred_share": 1.0}, ("blurred", "review")),
    ],
)
def test_a_clip_that_shows_nothing_fails(changes, expected):
    assert look("exposure-sharpness", **changes) == {expected}


@pytest.mark.parametrize(("headcount", "expected"), [(0, ("shows-nothing", "fail")), (1, ("covered", "review"))])
def test_a_featureless_picture_in_which_somebody_was_made_out_is_for_a_person(headcount, expected):
    assert look("exposure-sharpness", headcount=headcount, covered_share=1.0) == {expected}


def test_the_worst_picture_is_kept_as_evidence():
    evidence = change_clip(green(), LECTURE, picture=picture(dark_share=0.5))
    finding = next(f for f in run("exposure-sharpness", evidence).findings if f.code == "dark")
    assert (finding.where, finding.snapshot) == (Where(day=DAY1, clip=LECTURE, at_s=30.0), "worst.jpg")


@pytest.mark.parametrize("slug", ["noise", "exposure-sharpness", "upscaled", "live-picture"])
def test_no_frame_is_no_pass(slug):
    assert look(slug, num_frames=0) == {("no-frames", "not-evaluated")}


def stretches(*pairs):
    return tuple(Stretch(start_s=start, end_s=end) for start, end in pairs)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"black": stretches((10.0, 11.9))}, ("ok", "pass")),
        ({"black": stretches((10.0, 12.0))}, ("black", "review")),
        ({"black": stretches((0.0, 569.0))}, ("black", "review")),
        ({"black": stretches((0.0, 570.0))}, ("all-black", "fail")),
        ({"frozen": stretches((0.0, 30.0))}, ("ok", "pass")),
        ({"frozen": stretches((0.0, 31.0))}, ("frozen", "review")),
        ({"frozen": stretches((0.0, 600.0))}, ("frozen", "review")),
        ({"frozen": stretches((0.0, 600.0)), "still": stretches((0.0, 569.0))}, ("frozen", "review")),
        ({"frozen": stretches((0.0, 570.0)), "still": stretches((0.0, 570.0))}, ("all-frozen", "fail")),
        ({"frozen": stretches((0.0, 20.0), (10.0, 30.0))}, ("ok", "pass")),
        ({"frozen": stretches((0.0, 16.0), (300.0, 316.0))}, ("frozen", "review")),
        ({"frozen": stretches((0.0, 9000.0)), "still": stretches((0.0, 9000.0))}, ("all-frozen", "fail")),
    ],
)
def test_live_picture(changes, expected):
    assert look("live-picture", **changes) == {expected}


@pytest.mark.parametrize(
    ("lifeless", "expected"),
    [
        (None, ("ok", "pass")),
        ((), ("ok", "pass")),
        (((0.0, 299.0),), ("ok", "pass")),
        (((0.0, 300.0),), ("lifeless", "review")),
        (((0.0, 600.0),), ("lifeless", "review")),
        (((0.0, 270.0), (300.0, 329.0)), ("ok", "pass")),
        (((0.0, 270.0), (300.0, 330.0)), ("lifeless", "review")),
    ],
)
def test_a_still_with_something_laid_on_it_needs_a_look(lifeless, expected):
    given = None if lifeless is None else stretches(*lifeless)
    assert look("live-picture", lifeless=given) == {expected}


def test_what_stands_still_is_not_called_lifeless_too():
    whole = stretches((0.0, 600.0))
    assert look("live-picture", lifeless=whole, frozen=whole) == {("frozen", "review")}


def test_a_still_is_shown_by_two_of_its_looks():
    still = picture(lifeless=stretches((20.0, 580.0)), lifeless_snapshot="still.jpg")
    found = run("live-picture", change_clip(green(), LECTURE, picture=still)).findings
    (finding,) = (f for f in found if f.code == "lifeless")
    assert (finding.where.at_s, finding.snapshot) == (20.0, "still.jpg")


def test_a_clip_without_length_shows_nothing_alive():
    evidence = change_probe(green(), LECTURE, packets=packets(0))
    assert outcome("live-picture", evidence) == {("no-frames", "not-evaluated")}


@pytest.mark.parametrize(
    ("smallest", "expected"),
    [
        (None, ("ok", "pass")),
        ((1920, 1080), ("ok", "pass")),
        ((1920, 1078), ("size-changes", "review")),
        ((640, 480), ("size-changes", "review")),
    ],
)
def test_a_picture_that_shrinks_in_mid_clip_needs_a_look(smallest, expected):
    evidence = change_header(green(), LECTURE, width_px=1920, height_px=1080)
    sound = evidence.clip(LECTURE).picture
    evidence = change_clip(evidence, LECTURE, picture=replace(sound, smallest_size_px=smallest))
    assert outcome("resolution", evidence) == {expected}


@pytest.mark.parametrize(
    ("width", "aspect", "expected"),
    [
        (768, Fraction(4, 3), ("ok", "pass")),
        (512, Fraction(2), ("ok", "pass")),
        (511, Fraction(3), ("stretched", "review")),
    ],
)
def test_a_picture_that_is_only_stretched_needs_a_look(width, aspect, expected):
    evidence = change_header(green(), LECTURE, width_px=width, height_px=768, pixel_aspect=aspect)
    assert outcome("resolution", evidence) == {expected}


def within_borders(width_px, height_px, *, size=(1366, 960)):
    """A lecture with a picture of that size in a larger frame."""
    evidence = change_header(green(), LECTURE, width_px=size[0], height_px=size[1])
    area = Box(x_px=0, y_px=0, width_px=width_px, height_px=height_px)
    return change_clip(evidence, LECTURE, picture=picture(active_area=area))


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1366, 960, ("ok", "pass")),
        (1024, 768, ("ok", "pass")),
        (1008, 752, ("ok", "pass")),
        (1007, 768, ("bordered", "review")),
        (1366, 751, ("bordered", "review")),
        (960, 720, ("bordered", "review")),
        (768, 960, ("bordered", "review")),
    ],
)
def test_only_what_lies_within_the_borders_is_picture(width, height, expected):
    assert outcome("resolution", within_borders(width, height)) == {expected}


def test_a_bordered_picture_is_shown_with_both_sizes():
    (finding,) = (f for f in run("resolution", within_borders(960, 720)).findings if f.code == "bordered")
    assert (finding.where.at_s, finding.snapshot) == (30.0, "worst.jpg")
    assert (finding.values["active_width_px"], finding.values["active_height_px"]) == (960, 720)
    assert (finding.values["width_px"], finding.values["height_px"]) == (1366, 960)


def test_an_upright_picture_within_borders_is_measured_upright():
    rules = with_parameters("resolution", portrait_allowed=True)
    assert outcome("resolution", within_borders(768, 1024, size=(1024, 1366)), rules) == {("ok", "pass")}
    assert outcome("resolution", within_borders(751, 1366, size=(1024, 1366)), rules) == {("bordered", "review")}


def test_a_file_that_is_too_small_stays_too_small_with_borders():
    assert outcome("resolution", within_borders(640, 480, size=(1280, 720))) == {("too-small", "fail")}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (None, ("ok", "pass")),
        ((1, 1), ("ok", "pass")),
        ((2, 1), ("tiled", "review")),
        ((1, 2), ("tiled", "review")),
        ((2, 2), ("tiled", "review")),
        ((3, 1), ("tiled", "review")),
    ],
)
def test_a_picture_made_of_several_needs_a_look(parts, expected):
    assert outcome("resolution", change_clip(green(), LECTURE, picture=picture(parts=parts))) == {expected}


def test_a_picture_made_of_several_is_shown_with_how_many():
    found = run("resolution", change_clip(green(), LECTURE, picture=picture(parts=(3, 1)))).findings
    (finding,) = (f for f in found if f.code == "tiled")
    assert (finding.values["columns"], finding.values["rows"]) == (3, 1)
    assert (finding.where.at_s, finding.snapshot) == (30.0, "worst.jpg")


def test_a_file_that_is_too_small_stays_too_small_with_parts():
    evidence = change_header(green(), LECTURE, width_px=1280, height_px=720)
    evidence = change_clip(evidence, LECTURE, picture=picture(parts=(2, 2)))
    assert outcome("resolution", evidence) == {("too-small", "fail")}


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((512, 384), ("ok", "pass")),
        ((511, 384), ("little-detail", "review")),
        ((512, 383), ("little-detail", "review")),
        ((513, 385), ("ok", "pass")),
        ((384, 512), ("ok", "pass")),
        ((505, 284), ("little-detail", "review")),
        ((0, 0), ("little-detail", "review")),
        (None, ("no-frames", "not-evaluated")),
    ],
)
def test_too_little_detail_for_the_size_needs_a_look(size, expected):
    assert look("upscaled", effective_size_px=size) == {expected}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, ("ok", "pass")),
        ((1024, 768), ("ok", "pass")),
        ((1023, 768), ("enlarged", "review")),
        ((1024, 767), ("enlarged", "review")),
        ((768, 1024), ("ok", "pass")),
        ((1280, 720), ("enlarged", "review")),
        ((1440, 810), ("ok", "pass")),
    ],
)
def test_an_enlargement_from_less_than_asked_needs_a_look(source, expected):
    assert look("upscaled", enlarged_from_px=source) == {expected}


def test_little_detail_says_more_than_how_it_came_about():
    assert look("upscaled", effective_size_px=(500, 280), enlarged_from_px=(480, 270)) == {("little-detail", "review")}


def test_an_enlargement_is_shown_with_its_source():
    evidence = change_clip(green(), LECTURE, picture=picture(enlarged_from_px=(640, 360)))
    (finding,) = (f for f in run("upscaled", evidence).findings if f.code == "enlarged")
    assert (finding.values["source_width_px"], finding.values["source_height_px"]) == (640, 360)
    assert (finding.where.at_s, finding.snapshot) == (30.0, "worst.jpg")


def test_how_much_detail_is_asked_is_the_profiles_business():
    rules = with_parameters("upscaled", min_share=0.0)
    evidence = change_clip(green(), LECTURE, picture=picture(effective_size_px=(10, 10)))
    assert outcome("upscaled", evidence, rules) == {("ok", "pass")}


@pytest.mark.parametrize(
    ("num_packets", "expected"),
    [
        (2401, ("ok", "pass")),
        (2400, ("ok", "pass")),
        (2399, ("few-pictures", "review")),
        (600, ("few-pictures", "review")),
        (0, ("few-pictures", "review")),
    ],
)
def test_fewer_than_four_pictures_a_second_are_a_slide_show(num_packets, expected):
    evidence = change_probe(green(), LECTURE, packets=packets(600, num_packets=num_packets))
    assert outcome("live-picture", evidence) == {expected}


def test_a_slide_show_in_which_nothing_moves_has_both_faults():
    evidence = change_probe(green(), LECTURE, packets=packets(600, num_packets=60))
    evidence = change_clip(evidence, LECTURE, picture=picture(frozen=stretches((0.0, 60.0))))
    assert outcome("live-picture", evidence) == {("frozen", "review"), ("few-pictures", "review")}
