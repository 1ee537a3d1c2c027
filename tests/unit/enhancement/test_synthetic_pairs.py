"""Synthetic pairs: places are kept apart, photographs repeat, and a render belongs to its photograph."""

import cv2
import numpy as np
import pytest
import tensorflow as tf

from hdrkit.enhancement import synthetic_pairs
from hdrkit.images import srgb
from hdrkit.simulation import camera, embedded_views


@pytest.fixture(scope="module")
def panoramas():
    return dict(list(synthetic_pairs.training_panoramas().items())[:2])


@pytest.fixture(scope="module")
def views(panoramas, tmp_path_factory):
    return synthetic_pairs.make_views(panoramas, 3, 1, tmp_path_factory.mktemp("views"))


def test_no_dev_or_test_place_is_learned_from():
    splits = {view.panorama: view.split for view in embedded_views.read_views()}
    assert {splits[name] for name in synthetic_pairs.training_panoramas()} == {"train"}


def test_a_turned_brighter_panorama_is_the_same_place(tmp_path):
    light = embedded_views.load("courtyard")  # a test place
    cv2.imwrite(str(tmp_path / "other_name.hdr"), 3 * np.roll(light, 300, axis=1)[..., ::-1])
    cv2.imwrite(str(tmp_path / "new.hdr"), light[::-1, ::-1])  # as good as another place
    (tmp_path / "notes.txt").write_text("not a panorama", encoding="utf-8")
    found = synthetic_pairs.training_panoramas(tmp_path)
    assert "other_name" not in found
    assert "new" in found


def test_views_are_made_once(panoramas, views, tmp_path):
    assert views.light.shape == views.render.shape == (6, synthetic_pairs.EDGE, synthetic_pairs.EDGE, 3)
    again = synthetic_pairs.make_views(panoramas, 3, 1, tmp_path)
    assert np.array_equal(again.light, views.light)
    assert np.array_equal(again.render, views.render)
    stored = next(tmp_path.glob("*.npy")).stat().st_mtime_ns
    synthetic_pairs.make_views(panoramas, 3, 1, tmp_path)
    assert next(tmp_path.glob("*.npy")).stat().st_mtime_ns == stored
    assert not np.array_equal(synthetic_pairs.make_views(panoramas, 3, 2, tmp_path).light, views.light)


def test_views_are_metered(views):
    light = srgb.luminance(views.light.astype(np.float32))
    means = np.exp(np.log(np.maximum(light, 1e-6)).mean(axis=(1, 2)))
    assert (np.abs(np.log2(means / camera.METERING)) < 2).all()


def test_another_light_keeps_the_place_and_stays_light():
    """Whatever the draw, light stays light, edges stay where they are, and a grey wall gets no wild colours."""
    light = embedded_views.load("courtyard")[100:300, 100:400]
    edges = cv2.Laplacian(np.log(srgb.luminance(light) + 1e-4), cv2.CV_32F).ravel()
    for seed in range(8):
        found = synthetic_pairs.relit(light, np.random.default_rng(seed))
        assert found.dtype == np.float32
        assert np.isfinite(found).all() and found.min() >= 0
        assert np.corrcoef(edges, cv2.Laplacian(np.log(srgb.luminance(found) + 1e-4), cv2.CV_32F).ravel())[0, 1] > 0.9
        grey = synthetic_pairs.relit(np.full((40, 60, 3), 0.2, np.float32), np.random.default_rng(seed))
        assert (grey.max(axis=2) / grey.min(axis=2)).max() < 2
    assert not np.array_equal(found, light)


def test_the_same_seed_takes_the_same_photograph(views):
    seeds = ([1, 2], [1, 2], [3, 4])
    one, again, other = (synthetic_pairs.photograph(views.light[0], tf.constant(seed)).numpy() for seed in seeds)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_photographs_are_8_bit_pictures_dark_and_bright(views):
    taken = np.stack([synthetic_pairs.photograph(views.light[i % 6], tf.constant([i, 7])) for i in range(40)])
    assert taken.min() >= 0
    assert taken.max() <= 1
    assert np.allclose(taken * 255, np.round(taken * 255), atol=1e-3)
    means = taken.mean(axis=(1, 2, 3))
    assert means.min() < 0.1
    assert means.max() > 0.9


def test_a_pair_belongs_together(views):
    """Every photograph is like its own render, much less like that of any other view, and like no mirror image."""

    def detail(picture):  # whatever the exposure and the render's tone mapping
        log_light = np.log(picture.mean(axis=-1) + 0.02)
        return (log_light - cv2.GaussianBlur(log_light, (0, 0), 4)).ravel()

    for seed in range(4):
        x, y = (part.numpy() for part in next(iter(synthetic_pairs.pairs(views, 6, np.random.default_rng(seed), 6))))
        photographs, renders = ([detail(picture) for picture in pictures] for pictures in (x[:, ::2, ::2], y))
        table = np.corrcoef(photographs, [*renders, *(detail(picture[:, ::-1]) for picture in y)])[:6, 6:]
        others = np.where(np.eye(6, 12, dtype=bool), -1, table).max(axis=1)
        assert (np.diag(table) > others + 0.2).all()


def test_pairs_come_in_the_order_of_the_generator(views):
    def first(seed):
        return next(iter(synthetic_pairs.pairs(views, 4, np.random.default_rng(seed), 8)))

    assert all(np.array_equal(a, b) for a, b in zip(first(3), first(3), strict=True))
    assert not np.array_equal(first(3)[0], first(4)[0])
    assert sum(len(x) for x, _ in synthetic_pairs.pairs(views, 4, np.random.default_rng(0), 14)) == 14
