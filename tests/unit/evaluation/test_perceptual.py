"""The perceptual distance is 0 for equal pictures, grows with damage, and is the formula of its paper."""

import cv2
import keras
import numpy as np
import pytest

from hdrkit.evaluation.perceptual import PIXELS, PerceptualDistance


@pytest.fixture(scope="module")
def distance():
    keras.utils.set_random_seed(1)
    return PerceptualDistance(None, width=1 / 8)


@pytest.fixture(scope="module")
def picture():
    rng = np.random.default_rng(0)
    return cv2.GaussianBlur(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8), (0, 0), 2)


def test_equal_pictures_have_no_distance_and_damage_increases_it(distance, picture):
    blurred = [cv2.GaussianBlur(picture, (0, 0), sigma) for sigma in (1, 2, 4)]
    found = distance(np.stack([picture, *blurred]), np.stack([picture] * 4))
    assert found[0] == 0 and 0 < found[1] < found[2] < found[3] < 20
    np.testing.assert_allclose(distance(np.stack([picture, *blurred]), picture[None]), found, atol=1e-6)


def test_one_reference_may_stand_for_more_pictures_than_one_batch_holds(distance, picture):
    count = PIXELS // picture[..., 0].size + 1
    many = np.stack([picture[::-1]] * count)
    found = distance(many, picture[None])
    assert found.shape == (count,) and found.min() > 0
    np.testing.assert_allclose(found, distance(many[:1], picture[None])[0], rtol=1e-5)


def test_it_is_the_formula(distance, picture):
    other = picture[::-1]
    seen, wanted = (distance.model.predict(p[None].astype(np.float32) / 255, verbose=0) for p in (other, picture))
    expected = 0.0
    for a, b in zip(seen, wanted, strict=True):
        directions = [f[0] / (np.sqrt((f[0] ** 2).sum(-1, keepdims=True)) + 1e-10) for f in (a, b)]
        flat = [d.reshape(-1, d.shape[-1]) for d in directions]
        expected += 2 * np.mean([1 - (p * q).sum() for p, q in zip(*flat, strict=True)])
    assert distance(other[None], picture[None])[0] == pytest.approx(expected, rel=0.05)
