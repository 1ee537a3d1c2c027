"""Fused pictures are scored with the error that was planted in them, and the rows say which picture it is."""

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.dataset.crops import cut, squares
from hdrkit.evaluation import fusion_scores, metrics
from hdrkit.fusion import baselines
from hdrkit.reproduction import store

OFF = {"as_published": 32, "debevec_reinhard": 5, "debevec_drago": 6, "debevec_mantiuk": 7, "mertens": 8}  # levels


def off_by(render, levels):
    """Return a picture every value of which differs from the render by so many levels, up or down."""
    return np.where(render < 128, render + np.uint8(levels), render - np.uint8(levels))


@pytest.fixture
def scenes():
    return [make_scene("barn", "train"), make_scene("hall", "test", seed=1)]


@pytest.fixture
def fused(scenes):
    return [{name: off_by(scene.render, levels) for name, levels in OFF.items()} for scene in scenes]


def psnr_of(levels):
    return 20 * np.log10(255 / levels)


def test_whole_pictures_are_scored_in_both_arithmetics(scenes, fused):
    table = fusion_scores.score_whole(scenes, fused)
    assert list(zip(table.scene, table.split, table.frames, strict=True)) == [
        ("barn", "train", "libraw_default"),
        ("barn", "train", "radiometric"),
        ("hall", "test", "libraw_default"),
        ("hall", "test", "radiometric"),
    ]
    np.testing.assert_allclose(table.psnr_correct_db, [psnr_of(32), psnr_of(5)] * 2)
    np.testing.assert_allclose(table.psnr_wrapping_db, [100, psnr_of(5)] * 2)  # 32² is 4 · 256, and nothing is left
    for row in table.itertuples():
        assert metrics.psnr(row.picture, row.render, data_range=255) == row.psnr_correct_db


def test_the_baseline_as_published_has_a_row_for_each_arithmetic(scenes, fused, tmp_path):
    rows = fusion_scores.published_rows(fusion_scores.score_whole(scenes, fused), survey="s", profile="p")
    scores = rows.set_index(["arithmetic", "scene"]).psnr_db
    assert scores["correct"].round(6).tolist() == [round(psnr_of(32), 6)] * 2
    assert scores["uint8_wraparound"].tolist() == [100, 100]
    store.write_scores(tmp_path, "04_fusion", rows)
    kept = store.read_scores(tmp_path)
    assert set(kept.frames) == {"libraw_default"} and set(kept.method) == {"debevec_reinhard"}
    assert kept.ssim.isna().all() and kept.ev.isna().all() and (kept.crop == 0).all()


def test_crops_of_each_method_are_compared_with_those_of_their_own_render(scenes, fused):
    size = 12
    crops = cut(scenes, size).metered()
    table = fusion_scores.score_crops(fused, crops, frames="radiometric")
    assert len(table) == len(baselines.METHODS) * len(crops.x) and table.ev.isna().all()
    reinhard = table[table.method == "debevec_reinhard"]
    assert reinhard.scene.tolist() == crops.scene.tolist() and set(table.frames) == {"radiometric"}
    expected = [
        metrics.psnr(picture, crop, data_range=255)
        for scene, pictures in zip(scenes, fused, strict=True)
        for picture, crop in zip(squares(pictures["debevec_reinhard"], size), squares(scene.render, size), strict=True)
    ]
    assert reinhard.psnr_db.tolist() == expected
