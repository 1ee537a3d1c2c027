"""Means by row, with intervals that the seed alone decides."""

import numpy as np
import pandas as pd
import pytest
from helpers.runs import scores

from hdrkit.reproduction import averages, store


def test_table2_gives_means_and_the_reported_number_beside_them(tmp_path):
    store.write_scores(tmp_path, "a", scores(np.arange(12.0)))
    store.write_scores(tmp_path, "b", scores(27.9, "debevec_reinhard", "uint8_wraparound"))
    table = averages.table2(store.read_scores(tmp_path), 500, 1)
    assert list(table.columns) == store.TABLES["table2"]
    wrapped, correct, in_batches, at_once = table.to_dict("records")
    assert wrapped["psnr_db"] == wrapped["ci_low_db"] == 27.9 and wrapped["reported_psnr_db"] == 27.81
    assert correct["psnr_db"] == 5.5 and correct["ci_low_db"] < 4.5 and correct["ci_high_db"] > 6.5
    assert in_batches["arithmetic"] == "batches_of_32" and in_batches["reported_psnr_db"] == 15.05
    assert at_once["arithmetic"] == "batch_pooled"
    assert np.isnan([correct["reported_psnr_db"], at_once["reported_psnr_db"]]).all()


def test_pooled_psnr_is_one_logarithm_and_never_above_the_mean(tmp_path):
    store.write_scores(tmp_path, "a", scores(np.tile([10.0, 30.0], 6)))
    table = averages.table2(store.read_scores(tmp_path), 500, 1).set_index("arithmetic")
    assert table.loc["correct", "psnr_db"] == 20
    assert table.loc["batch_pooled", "psnr_db"] == pytest.approx(-10 * np.log10((0.1 + 0.001) / 2), abs=1e-3)
    row = table.loc["batch_pooled"]
    assert row["ci_low_db"] <= row["psnr_db"] <= row["ci_high_db"]


def test_pooled_in_batches_it_lies_between_that_and_the_mean(tmp_path):
    many = [scores(np.tile([10.0, 30.0], 6), ev=np.arange(12) + 12 * i) for i in range(8)]  # three batches of 32
    store.write_scores(tmp_path, "a", pd.concat(many))
    psnr = averages.table2(store.read_scores(tmp_path), 100, 1).set_index("arithmetic").psnr_db
    assert psnr["batch_pooled"] + 0.01 < psnr["batches_of_32"] < psnr["correct"] - 1


def test_by_ev_and_by_region(tmp_path):
    regions = {"psnr_under_db": 8.0, "psnr_well_db": np.nan, "psnr_clipped_db": [5.0] * 11 + [np.nan]}
    frame = scores(np.tile([10.0, 30.0], 6), **regions)
    every_frame = scores(16.0, "mertens").assign(ev=np.nan)
    store.write_scores(tmp_path, "a", pd.concat([frame, every_frame]))
    read = store.read_scores(tmp_path)
    by_ev = averages.by_ev(read, 100, 1)
    assert list(zip(by_ev["method"], by_ev["ev"], by_ev["psnr_db"], strict=True)) == [
        ("published", -1, 10.0), ("published", 1, 30.0),
    ]  # fmt: skip
    by_region = averages.by_region(read, 100, 1)
    assert list(zip(by_region["region"], by_region["psnr_db"], strict=True)) == [("under", 8.0), ("clipped", 5.0)]


def test_same_seed_same_tables(tmp_path):
    store.write_scores(tmp_path, "a", scores(np.random.default_rng(0).normal(15, 2, 12)))
    read = store.read_scores(tmp_path)
    pd.testing.assert_frame_equal(averages.table2(read, 200, 1), averages.table2(read.iloc[::-1], 200, 1))
    assert not averages.table2(read, 200, 1).equals(averages.table2(read, 200, 2))
