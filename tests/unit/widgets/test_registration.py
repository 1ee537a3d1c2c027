"""What hands and ECC do to a frame, on planted maps."""

import math
import re

import cv2
import numpy as np
import pytest
from helpers.brackets import IDENTITY, RENDER_SIZE, TO_SCENE, photograph, radiance_of, render_of

from hdrkit.brackets.registration import displacement, stretch
from hdrkit.core.errors import HdrkitError
from hdrkit.widgets.registration import GREY, STRUCTURE, Numbers, curve, knobs, register_by_hand, sights, to_map
from hdrkit.widgets.registration import to_numbers as numbers_of

FRAME_SIZE = (256, 176)
SIZES = RENDER_SIZE, FRAME_SIZE


@pytest.fixture(scope="module")
def pictures():
    radiance = radiance_of(1)
    return photograph(radiance, 0, IDENTITY, np.random.default_rng(5)), render_of(radiance)


@pytest.fixture
def by_hand(pictures):
    return register_by_hand(*pictures, TO_SCENE)


def away(to_frame, right):
    """Return a map that lays the frame so many pixels too far to the right."""
    numbers = numbers_of(to_frame, *SIZES)
    return to_map(numbers._replace(right=numbers.right + right), *SIZES)


def test_without_a_move_the_frame_is_stretched():
    np.testing.assert_allclose(to_map(Numbers(), *SIZES), stretch(*SIZES), atol=1e-4)


def test_each_number_moves_the_picture_as_its_name_says():
    centre, half = (np.array(RENDER_SIZE) - 1) / 2, 40
    at = {"centre": centre, "right of it": centre + np.array([half, 0]), "below it": centre + np.array([0, half])}

    def lands(point, **moved):
        """Where the frame's content that was at a render's point is seen after a move."""
        seen = stretch(*SIZES) @ [*at[point], 1]
        return cv2.invertAffineTransform(to_map(Numbers(**moved), *SIZES)) @ [*seen, 1] - centre

    np.testing.assert_allclose(lands("centre", right=5, down=-3), [5, -3], atol=1e-3)
    np.testing.assert_allclose(lands("right of it", turn=90), [0, half], atol=1e-3)  # clockwise, as y is down
    np.testing.assert_allclose(lands("right of it", width=110), [44, 0], atol=1e-3)
    np.testing.assert_allclose(lands("below it", height=95), [0, 38], atol=1e-3)
    np.testing.assert_allclose(lands("below it", shear=10), [4, half], atol=1e-3)


def test_every_affine_map_is_six_numbers():
    numbers = Numbers(3.2, -7.1, 1.3, 106, 104, -0.4)
    np.testing.assert_allclose(numbers_of(to_map(numbers, *SIZES), *SIZES), numbers, atol=1e-3)
    np.testing.assert_allclose(to_map(numbers_of(TO_SCENE, *SIZES), *SIZES), TO_SCENE, atol=1e-4)


def test_the_sliders_reach_every_render_that_the_simulator_cuts():
    from hdrkit.simulation.embedded_views import read_views
    from hdrkit.simulation.views import FRAME_SIZE, RENDER_SIZE, true_maps

    maps = [np.array(of_frame) for view in read_views() for of_frame in true_maps(view, 0).values()]
    numbers = np.array([numbers_of(to_frame, RENDER_SIZE, FRAME_SIZE) for to_frame in maps])
    knob = knobs(RENDER_SIZE[0]).values()
    assert (np.abs(numbers - [k.middle for k in knob]) < [k.reach for k in knob]).all()


@pytest.mark.parametrize("sight", [GREY, STRUCTURE])
def test_the_coefficient_is_what_opencv_reaches(pictures, sight):
    sight = sights(*pictures)[sight]
    criteria = (cv2.TERM_CRITERIA_COUNT, 1, 0.0)
    expected, _ = cv2.findTransformECC(*sight, TO_SCENE.copy(), cv2.MOTION_AFFINE, criteria, None, 1)
    assert sight.coefficient(TO_SCENE) == pytest.approx(expected, abs=2e-3)
    assert sight.coefficient(TO_SCENE) > sight.coefficient(away(TO_SCENE, 2)) + 0.02


def test_a_frame_out_of_sight_or_black_correlates_with_nothing(pictures):
    linear, render = pictures
    assert sights(linear, render)[GREY].coefficient(away(TO_SCENE, 1000)) == 0
    for sight in sights(0 * linear, render).values():
        assert sight.coefficient(TO_SCENE) == 0


def test_iterations_end_on_the_planted_map(pictures):
    steps = list(sights(*pictures)[STRUCTURE].iterations(away(TO_SCENE, 3)))
    errors = [displacement(to_frame, TO_SCENE, RENDER_SIZE).mean() for _, to_frame in steps]
    assert errors[0] > 0.3 > 0.1 > errors[-1] and 3 < len(steps) < 60
    assert steps[-1][0] > 0.9 and steps[-1][0] > steps[0][0]


def test_ecc_says_where_it_finds_no_way(pictures):
    with pytest.raises(HdrkitError, match="ECC finds no way from here; bring the frame closer by hand"):
        list(sights(*pictures)[STRUCTURE].iterations(away(TO_SCENE, 1000)))


def test_the_curve_says_its_numbers_and_rises():
    drawn = curve([0.5, 0.7, 0.9])
    heights = [int(y) for y in re.findall(r",(\d+)", re.search('points="([^"]+)"', drawn)[1])]
    assert heights == sorted(heights, reverse=True) and len(heights) == 3
    assert drawn.count("2 iterations, coefficient from 0.500 to 0.900") == 2  # to see and to hear


def readout(by_hand):
    return by_hand.children[2].value


def test_it_begins_stretched_and_says_how_far_off_that_is(by_hand):
    error = displacement(stretch(*SIZES), TO_SCENE, RENDER_SIZE).mean()
    assert error > 5 and by_hand.error == pytest.approx(error, abs=1e-3)
    labels = [slider.label for slider in by_hand.sliders.values()]
    assert labels == ["0.0 px", "0.0 px", "0.00°", "100.0 %", "100.0 %", "0.00 %"]
    assert f"ECC coefficient of grey values: {by_hand.coefficient:.3f}" in readout(by_hand)
    assert f"True error: {error:.2f} px" in readout(by_hand)


def test_hands_can_bring_a_frame_home_and_picture_and_numbers_follow(by_hand):
    wanted, before = numbers_of(TO_SCENE, *SIZES), by_hand.table.arrays["frame"].copy()
    coefficients = [by_hand.coefficient]
    for name, knob in knobs(RENDER_SIZE[0]).items():
        by_hand.sliders[name].value = knob.place(getattr(wanted, name))
        coefficients.append(by_hand.coefficient)
    assert by_hand.error < 0.2 and f"True error: {by_hand.error:.2f} px" in readout(by_hand)
    assert coefficients[-1] == max(coefficients) and f"{coefficients[-1]:.3f}" in readout(by_hand)
    render, after = (by_hand.table.arrays[name] for name in ("render", "frame"))
    assert np.abs(after - 1.0 * render).mean() < np.abs(before - 1.0 * render).mean() / 2


def test_a_slider_changes_its_own_number_only(by_hand):
    before = by_hand.numbers
    by_hand.sliders["turn"].value += 10
    np.testing.assert_allclose(by_hand.numbers, before._replace(turn=0.2), atol=1e-3)


def test_ecc_goes_on_from_where_the_hands_left_it(by_hand):
    by_hand.sees.value = STRUCTURE
    by_hand.sliders["right"].value += 50
    left = by_hand.coefficient
    by_hand.finish.click()
    by_hand.wait()
    assert by_hand.coefficients[0] == left and by_hand.coefficients[-1] == by_hand.coefficient
    assert by_hand.error < 0.1 and by_hand.coefficient > 0.9
    for name, knob in knobs(RENDER_SIZE[0]).items():
        assert by_hand.sliders[name].value == knob.place(getattr(by_hand.numbers, name))
    assert f"{len(by_hand.coefficients) - 1} iterations" in by_hand.children[3].value
    by_hand.again.click()
    np.testing.assert_allclose(by_hand.to_frame, stretch(*SIZES), atol=1e-4)
    assert by_hand.children[3].value == ""


def test_a_hand_on_a_slider_stops_ecc(by_hand):
    moved = by_hand.sliders["down"].value + 20

    def grasp(_change):
        """Move a slider once, as soon as ECC shows a step."""
        by_hand.children[3].unobserve(grasp, "value")
        by_hand.sliders["down"].value = moved

    by_hand.children[3].observe(grasp, "value")
    by_hand.finish.click()
    by_hand.wait()
    assert len(by_hand.coefficients) == 1 and by_hand.sliders["down"].value == moved


def test_a_lost_frame_is_told_in_a_sentence(by_hand):
    by_hand.sees.value = STRUCTURE
    by_hand.to_frame = away(TO_SCENE, 1000)
    by_hand.finish.click()
    by_hand.wait()
    assert "bring the frame closer by hand" in by_hand.children[3].value


def test_without_the_true_map_the_error_is_not_known(pictures):
    by_hand = register_by_hand(*pictures)
    assert math.isnan(by_hand.error) and "not known" in readout(by_hand)


def test_a_page_without_a_kernel_says_the_numbers(by_hand):
    by_hand.sliders["turn"].value += 10
    page = by_hand._repr_mimebundle_()["text/html"]
    assert "hdrkit-standalone" in page and "turn +0.20°, width 100.0 %" in page and readout(by_hand)[5:-6] in page


def test_bad_input_is_one_clear_line(pictures):
    linear, render = pictures
    with pytest.raises(HdrkitError, match="linear: uint8 of shape .*; it takes .* floating point"):
        register_by_hand(render, render)
    with pytest.raises(HdrkitError, match="render: float32 of shape .*; it takes .* uint8"):
        register_by_hand(linear, linear)
    with pytest.raises(HdrkitError, match=r"true: of shape \(3, 3\); a map is 2 x 3"):
        register_by_hand(linear, render, np.eye(3))
