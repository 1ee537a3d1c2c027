"""A frame whose pixels contradict its stated exposure is found, and no other."""

import numpy as np
import pytest

from hdrkit.dataset.exposure import contradictions, measured_step

EVS = np.array([-4, -2, 0, 2, 4])


@pytest.fixture
def radiance():
    return np.random.default_rng(0).lognormal(-2, 1.2, (90, 120, 3)).astype(np.float32)


def photograph(radiance, ev, rng):
    light = radiance * 2.0**ev
    return np.clip(light + rng.normal(size=light.shape) * np.sqrt(light / 20000), 0, 1).astype(np.float32)


def test_a_step_is_measured_to_a_few_hundredths(radiance):
    rng = np.random.default_rng(1)
    step = measured_step(photograph(radiance, -1, rng), photograph(radiance, 0.5, rng))
    assert step == pytest.approx(1.5, abs=0.05)


def test_an_honest_bracket_has_no_contradiction(radiance):
    rng = np.random.default_rng(2)
    assert contradictions([photograph(radiance, ev, rng) for ev in EVS], EVS) == {}


@pytest.mark.parametrize(("wrong", "off"), [(0, 2.0), (2, -1.0), (4, -1.5)])
def test_a_mislabelled_frame_is_found_with_its_error(radiance, wrong, off):
    rng = np.random.default_rng(3)
    taken = EVS + np.where(np.arange(5) == wrong, off, 0)
    frames = [photograph(radiance, ev, rng) for ev in taken]
    assert contradictions(frames, EVS) == {wrong: pytest.approx(off, abs=0.2)}


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_blank_frame_says_nothing_of_its_exposure(radiance, value):
    rng = np.random.default_rng(4)
    frames = [photograph(radiance, ev, rng) for ev in EVS]
    frames[0 if value == 0 else 4] = np.full_like(frames[0], value)
    assert contradictions(frames, EVS) == {}
