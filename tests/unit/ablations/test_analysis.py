"""Differences between settings of a study, with intervals over its scenes and seeds."""

import json

import pandas as pd
import pytest
from helpers.studies import table_of

from hdrkit.ablations import analysis, studies
from hdrkit.core.errors import HdrkitError


def test_differences_are_paired_so_that_hard_scenes_do_not_widen_them():
    found = analysis.summary(table_of("x", {"first": 0, "better": 0.5, "same": 0}), "psnr_db", 500, 1)
    found = found.set_index("setting")
    assert found.loc["first", ["difference", "ci_low", "ci_high"]].tolist() == [0, 0, 0]
    assert 0.3 < found.ci_low["better"] < found.ci_high["better"] < 0.7
    assert found.ci_low["same"] < 0 < found.ci_high["same"]


def test_the_mean_of_a_setting_varies_with_its_scenes():
    table = table_of("x", {"first": 0, "better": 2})
    value, low, high = analysis.mean(table, "better", "psnr_db", 500, 1)
    assert value == pytest.approx(table[table.setting == "better"].psnr_db.mean())
    assert low < value - 0.5 and high > value + 0.5  # scenes differ by 3 dB


def test_the_last_block_of_the_kept_study_hardly_moves():
    table, _ = analysis.read("trainable_layers")
    assert max(map(abs, analysis.difference(table, "last_block", "none", "psnr_db"))) < 0.02


def test_two_of_three_networks_with_a_relu_at_the_output_died_in_the_kept_study():
    table, _ = analysis.read("activation")  # as claims.csv says of `relu_output_saturates` and `relu_output_shifts`
    edges = table[table.setting == "relu_output"].groupby("seed").edge_sharpness.mean()
    assert (edges < 0.01).sum() == 2 and edges.max() > 0.5


def test_seeds_that_disagree_widen_the_interval():
    table = table_of("x", {"first": 0, "other": 0}, noise=0.0)
    table.loc[table.setting == "other", "psnr_db"] += table.seed.map({1: -1.0, 2: 0.0, 3: 1.0})
    low, high = analysis.summary(table, "psnr_db", 500, 1).iloc[1][["ci_low", "ci_high"]]
    assert low < -0.5 and high > 0.5


def test_a_missing_cell_says_which_command_fills_it(tmp_path):
    with pytest.raises(HdrkitError, match=r"upsampling\.csv: not there, or not finished; `hdrkit study upsampling`"):
        analysis.read("upsampling", tmp_path)
    labels = {one.id: one.label for one in studies.STUDIES["upsampling"]}
    table = table_of("upsampling", dict.fromkeys(labels, 0.0))
    gap = (table.setting == "bilinear_3") & (table.seed == 2)
    table[~gap].to_csv(tmp_path / "upsampling.csv", index=False)
    (tmp_path / "upsampling.json").write_text(json.dumps({"seeds": 3, "settings": labels}), encoding="utf-8")
    with pytest.raises(HdrkitError, match="setting `bilinear_3`, seed 2, is missing; `hdrkit study upsampling`"):
        analysis.read("upsampling", tmp_path)


def kept(folder, table):
    """Keep a table as that of a study `loss` with the settings `a` and `b`."""
    table.to_csv(folder / "loss.csv", index=False)
    (folder / "loss.json").write_text(json.dumps({"seeds": 3, "settings": {"a": "A", "b": "B"}}), encoding="utf-8")


def test_a_damaged_table_is_named(tmp_path):
    table = table_of("loss", {"a": 0, "b": 1})
    kept(tmp_path, table)
    assert len(analysis.read("loss", tmp_path)[0]) == len(table)
    kept(tmp_path, table.replace({"place": {"p": None}}))
    with pytest.raises(HdrkitError, match="damaged, a setting, seed or scene is missing"):
        analysis.read("loss", tmp_path)
    kept(tmp_path, pd.concat([table, table.assign(setting="x")]))
    with pytest.raises(HdrkitError, match="damaged, it has a setting 'x' that is not the study's"):
        analysis.read("loss", tmp_path)
    for measure in ("psnr_db", "checkerboard"):
        kept(tmp_path, table.assign(**{measure: "many"}))
        with pytest.raises(HdrkitError, match=f"not only numbers in the column `{measure}`"):
            analysis.read("loss", tmp_path)


def test_what_an_older_table_did_not_measure_is_said(tmp_path):
    kept(tmp_path, table_of("loss", {"a": 0, "b": 1}).drop(columns="checkerboard"))
    study = analysis.Study(*analysis.read("loss", tmp_path))
    assert study.effect("b", "psnr_db").value == pytest.approx(1, abs=0.2)
    with pytest.raises(HdrkitError, match="the study did not measure `checkerboard` with its setting `b`"):
        study.effect("b", "checkerboard")


@pytest.mark.parametrize("name", studies.STUDIES)
def test_an_altered_table_is_named(tmp_path, name):
    table, facts = analysis.KEPT / f"{name}.csv", analysis.KEPT / f"{name}.json"
    text = table.read_text(encoding="utf-8")
    (tmp_path / table.name).write_text(text, encoding="utf-8", newline="\n")
    (tmp_path / facts.name).write_bytes(facts.read_bytes())
    analysis.read(name, tmp_path)
    at = text.rindex(".") + 1  # another digit, of which no reader could tell that it is wrong
    (tmp_path / table.name).write_text(
        f"{text[:at]}{9 - int(text[at])}{text[at + 1 :]}", encoding="utf-8", newline="\n"
    )
    with pytest.raises(
        HdrkitError, match=f"{name}.csv: altered since the study wrote it; `hdrkit study {name}` fills it"
    ):
        analysis.read(name, tmp_path)
