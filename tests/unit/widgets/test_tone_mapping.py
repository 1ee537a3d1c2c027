"""The baselines with sliders: their parameters do what they say, and both scores are those of `metrics`."""

import re
from dataclasses import replace

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.core.errors import HdrkitError
from hdrkit.evaluation import metrics
from hdrkit.fusion import baselines
from hdrkit.widgets import tone_mapping
from hdrkit.widgets.tone_mapping import NOISE, RANGES, Fusion, Scores, chart, kits_own, spread, steps, tone_mapper


@pytest.fixture(scope="module")
def fusion():
    """Return the scene of these tests, merged; that takes a second."""
    return Fusion(make_scene())


def test_every_method_of_the_kit_has_its_parameters_on_a_step_of_their_sliders():
    assert tuple(RANGES) == baselines.METHODS
    for method in RANGES:
        for name, value in kits_own(method).items():
            assert value in steps(*RANGES[method][name]), (method, name)


def test_the_report_s_parameters_are_the_start():
    reinhard = {"gamma": 1.5, "intensity": 0, "light_adaptation": 0, "color_adaptation": 0}
    assert kits_own("debevec_reinhard") == reinhard
    assert kits_own("debevec_drago")["gamma"] == kits_own("debevec_mantiuk")["gamma"] == 2.2


@pytest.mark.parametrize("method", baselines.METHODS)
def test_with_its_own_parameters_a_method_makes_the_picture_of_the_baselines(fusion, scene, method):
    wanted = baselines.fuse(scene.frames, scene.times, method)
    np.testing.assert_array_equal(fusion.picture(method, kits_own(method)), wanted)


@pytest.mark.parametrize(("method", "name"), [(method, name) for method in RANGES for name in RANGES[method]])
def test_every_slider_changes_the_picture_and_none_breaks_it(fusion, method, name):
    low, high = steps(*RANGES[method][name])[:: len(steps(*RANGES[method][name])) - 1]
    one, other = (fusion.picture(method, kits_own(method) | {name: value}) for value in (low, high))
    assert one.dtype == other.dtype == np.uint8 and one.shape == other.shape == fusion.scene.render.shape
    assert (one != other).mean() > 0.01


def test_a_larger_gamma_brightens(fusion):
    dark, bright = (fusion.picture("debevec_reinhard", {"gamma": gamma}).mean() for gamma in (1, 2))
    assert bright > 1.2 * dark


def test_saturation_of_zero_leaves_grey(fusion):
    grey = fusion.picture("debevec_drago", {"saturation": 0}).astype(int)
    assert np.ptp(grey, axis=-1).max() <= 1


def test_scores_are_of_both_arithmetics(fusion, scene):
    lighter = np.where(scene.render < 236, scene.render + np.uint8(20), scene.render)
    scores = fusion.scores(lighter)
    assert scores == (metrics.psnr(lighter, scene.render, 255), metrics.psnr_wrapping_uint8(lighter, scene.render))
    assert scores.wrapping == pytest.approx(scores.correct + 10 * np.log10(400 / (400 % 256)), abs=1e-6)
    assert fusion.scores(scene.render) == (np.inf, 100)


def test_a_sweep_has_the_scores_of_each_step(fusion):
    swept = fusion.sweep("debevec_drago", "bias")
    assert len(swept) == len(steps(*RANGES["debevec_drago"]["bias"]))
    assert swept[0] == fusion.scores(fusion.picture("debevec_drago", kits_own("debevec_drago") | {"bias": 0.05}))


def test_frames_of_one_exposure_are_refused_in_one_line(scene):

    with pytest.raises(HdrkitError, match="one exposure time"):
        Fusion(replace(scene, times=np.ones(9)))


def test_noise_is_the_report_s_number():
    rng = np.random.default_rng(0)
    pair = rng.integers(0, 256, (2, 300, 300, 3), dtype=np.uint8)
    assert metrics.psnr_wrapping_uint8(*pair) == pytest.approx(NOISE, abs=0.03)


def test_the_chart_has_a_dot_for_each_score_in_its_place():
    history = [Scores(5, 27.5), Scores(20, 28), Scores(float("inf"), 100)]
    dots = re.findall(r'cx="([\d.]+)" cy="(\d+)" r="(\d)"', chart(history))
    assert dots == [
        *(("160.0", "22", "4"), ("310.0", "22", "4"), ("510.0", "22", "7")),
        *(("385.0", "52", "4"), ("390.0", "52", "4"), ("510.0", "52", "7")),
    ]


def test_the_sentence_says_how_far_the_scores_went():
    said = spread([Scores(5.04, 27.5), Scores(23, 28.04)])
    assert said == "2 pictures: correct arithmetic from 5.0 to 23.0 dB, wrapping arithmetic from 27.5 to 28.0 dB"


@pytest.fixture
def panel(scene, fusion, monkeypatch):
    monkeypatch.setattr(tone_mapping, "Fusion", lambda _: fusion)
    return tone_mapper(scene)


def parts(panel):
    (controls, text), table = panel.children[0].children, panel.children[1]
    return controls, text, table


def test_it_starts_with_the_report_s_method(panel, scene):
    controls, text, table = parts(panel)
    assert controls.method.label == "Debevec + Reinhard, all frames"
    assert [slider.description for slider in controls.children[1:]] == [
        "Gamma", "Intensity", "Light adaptation", "Color adaptation"
    ]  # fmt: skip
    assert (table.left, table.right, table.control) == ("fused", "render", "EV 0")
    wanted = baselines.fuse(scene.frames, scene.times, "debevec_reinhard")
    np.testing.assert_array_equal(table.arrays["fused"], wanted)
    assert f"<b>{metrics.psnr(wanted, scene.render, 255):.1f} dB</b> in correct" in text.value


def test_moving_a_slider_changes_picture_and_scores(panel, fusion):
    controls, text, table = parts(panel)
    controls.sliders["debevec_reinhard"]["intensity"].value = 0
    assert controls.parameters == kits_own("debevec_reinhard") | {"intensity": -8}
    picture = fusion.picture("debevec_reinhard", controls.parameters)
    np.testing.assert_array_equal(table.arrays["fused"], picture)
    correct, wrapping = fusion.scores(picture)
    assert f"<b>{correct:.1f} dB</b> in correct arithmetic, <b>{wrapping:.1f} dB</b>" in text.value
    assert "2 pictures" in text.value


@pytest.mark.parametrize("method", baselines.METHODS)
def test_choosing_a_method_shows_its_sliders_and_its_picture(panel, scene, method):
    controls, _, table = parts(panel)
    controls.method.value = method
    assert len(controls.children) == 1 + len(RANGES[method])
    np.testing.assert_array_equal(table.arrays["fused"], baselines.fuse(scene.frames, scene.times, method))


def test_the_button_restores_the_kit_s_parameters(panel):
    controls, _, _ = parts(panel)
    controls.method.value = "debevec_drago"
    for slider in controls.sliders["debevec_drago"].values():
        slider.value = 0
    assert controls.parameters == {"gamma": 0.5, "saturation": 0, "bias": 0.05}
    controls.reset.click()
    assert controls.parameters == kits_own("debevec_drago")


def test_an_operator_that_gives_up_says_so_and_leaves_the_picture(panel, monkeypatch):
    controls, text, table = parts(panel)
    before = table.arrays["fused"]

    def give_up(*_, **__):
        raise HdrkitError("debevec_mantiuk: no tone mapping <here>")

    monkeypatch.setattr(baselines, "tone_map", give_up)
    controls.method.value = "debevec_mantiuk"
    assert text.value == "<p>debevec_mantiuk: no tone mapping &lt;here&gt;</p>"
    assert table.arrays["fused"] is before


def test_without_a_kernel_a_sweep_shows_what_the_scores_do(panel):
    page = panel._repr_mimebundle_()["text/html"]
    assert "hdrkit-standalone" in page and "Reinhard's intensity, moved from −8 to 8" in page
    assert page.split("<figure")[0].count("<circle") == 2 * (33 + 1)
