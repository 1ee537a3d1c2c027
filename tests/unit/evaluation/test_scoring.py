"""Scores fall where they belong."""

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.dataset.crops import cut
from hdrkit.evaluation import metrics, scoring


@pytest.fixture
def crops():
    return cut([make_scene("barn", "train"), make_scene("hall", "test", seed=1)], 12)


def psnr(a, b):
    return metrics.psnr(a, b, data_range=255)


def test_regions_cover_each_pixel_once():
    frame = np.array([[[0, 0, 0], [25, 25, 25], [26, 0, 0], [249, 0, 0], [250, 0, 0], [255, 255, 255]]], np.uint8)
    masks = scoring.region_masks(frame)
    assert {name: mask[0].tolist() for name, mask in masks.items()} == {
        "under": [True, True, False, False, False, False],
        "well": [False, False, True, True, False, False],
        "clipped": [False, False, False, False, True, True],
    }


def test_scores_name_their_crop_and_agree_with_the_metrics(crops):
    table = scoring.score(crops.x, crops, "input", survey="s", profile="p", arithmetic="correct")
    assert len(table) == len(crops.x) == 36
    assert table.groupby("split").scene.agg(set).to_dict() == {"train": {"barn"}, "test": {"hall"}}
    i = 7
    assert table.psnr_db[i] == psnr(crops.x[i], crops.y[crops.target[i]])
    assert (table.survey[i], table.method[i], table.ev[i]) == ("s", "input", crops.ev[i])


def test_region_errors_add_up_to_the_whole(crops):
    table = scoring.score(crops.x, crops, "input")
    masks = scoring.region_masks(crops.x)
    shares = np.stack([masks[region].mean(axis=(1, 2)) for region in scoring.REGIONS], axis=1)
    parts = table[[f"psnr_{region}_db" for region in scoring.REGIONS]].to_numpy()
    total = np.nansum(shares * 10 ** (-parts / 10), axis=1)
    whole = (shares * np.isfinite(parts)).sum(axis=1) > 0.999
    assert whole.sum() > 20
    np.testing.assert_allclose(-10 * np.log10(total[whole]), table.psnr_db[whole], atol=0.02)


def test_floating_predictions_are_judged_as_saved_pictures(crops):
    exact = crops.y[crops.target] / 255.0
    table = scoring.score(exact + 0.3 / 255, crops, "input")
    assert np.isinf(table.psnr_db).all()


def test_damage_in_one_region_lowers_the_similarity_there_alone():
    scene = make_scene("barn", "train", size=(48, 72))
    crops = cut([scene], 48)
    crops = crops.where((crops.ev == 1) & (crops.crop == 0))
    masks = scoring.region_masks(crops.x)
    truth = crops.y[crops.target]
    assert all(masks[region].mean() > 0.02 for region in ("well", "clipped"))
    noise = np.random.default_rng(0).integers(0, 256, truth.shape, dtype=np.uint8)
    spoilt = np.where(masks["clipped"][..., None], noise, truth)
    (clean,), (damaged,) = (scoring.score(p, crops, "x").to_dict("records") for p in (truth, spoilt))
    assert clean["ssim_well"] == clean["ssim_clipped"] == 1
    assert damaged["ssim_clipped"] < 0.3 and damaged["ssim_well"] > 0.6


def test_artefacts_have_a_row_for_each_picture(crops):
    renders = crops.y[crops.target]
    found = scoring.artefacts(crops.x, renders)
    assert len(found) == len(crops.x) and list(found) == list(scoring.ARTEFACTS)
    assert found.CIEDE2000[1] == metrics.ciede2000(crops.x[1], renders[1])
    same = scoring.artefacts(renders, renders)
    assert (same.CIEDE2000 == 0).all() and np.allclose(same["sharpness of edges"].dropna(), 1)
