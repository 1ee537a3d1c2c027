"""The tables that follow from the scores of a run and from kept studies, as files and as people read them."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from helpers.runs import scores, table1, write_report
from helpers.studies import table_of

from hdrkit.ablations import analysis, studies
from hdrkit.reproduction import all_tables, store


def test_a_run_without_scores_still_has_tables_and_a_page(tmp_path):
    assert "not in this run" in write_report(tmp_path).read_text(encoding="utf-8")
    for name in ("table2", "by_ev", "by_region"):
        assert list(pd.read_csv(tmp_path / "tables" / f"{name}.csv").columns) == store.TABLES[name]


def kept_study(folder):
    settings = {"report_net": 0.0, "expandnet": 2.0, "hdrcnn": -3.0, "adversarial": 0.0}
    table_of("systems", settings).to_csv(folder / "systems.csv", index=False)
    facts = {
        "settings": {name: name for name in settings},
        "profile": "small",
        "survey": "embedded",
        "seeds": 3,
        "pairs": 160,
        "size": 64,
    }
    (folder / "systems.json").write_text(json.dumps(facts), encoding="utf-8")
    return analysis.read("systems", folder)[0]


def test_networks_of_the_kept_study_stand_in_table_2_marked_as_such(tmp_path):
    study = kept_study(tmp_path)
    found = all_tables.of_study(tmp_path)
    assert list(found.columns) == store.TABLES["table2"]
    assert found.method.tolist() == ["published", "expandnet", "hdrcnn"]
    assert set(zip(found.survey, found.profile, found.split, strict=True)) == {("embedded", "study, small", "test")}
    of_expandnet = study[study.setting == "expandnet"].psnr_db
    assert found.psnr_db[1] == pytest.approx(of_expandnet.mean(), abs=1e-3)
    assert found.ci_low_db[1] < of_expandnet.mean() < found.ci_high_db[1]
    assert found.reported_psnr_db.isna().all()  # or the comparison would take them for this run's


def test_without_a_finished_study_table_2_is_of_the_run_alone(tmp_path):
    assert all_tables.of_study(tmp_path).empty
    kept_study(tmp_path)
    table = pd.read_csv(tmp_path / "systems.csv")
    table[table.seed < 3].to_csv(tmp_path / "systems.csv", index=False)
    assert all_tables.of_study(tmp_path).empty and analysis.how_made("systems", tmp_path) == ""


def test_the_studys_networks_are_those_that_table_2_knows_by_another_name():
    recipes = {setting.id: setting.recipe for setting in studies.STUDIES["systems"]}
    for setting, method in all_tables.SYSTEMS.items():
        recipe = recipes[setting]
        assert recipe.decoding == "libraw_default" and recipe == studies.RECIPES[method]


def test_a_run_keeps_its_own_numbers_beside_those_of_the_study(tmp_path):
    store.write_scores(
        tmp_path, "a", pd.concat([scores(16.3), scores(18.0, "expandnet").assign(frames="libraw_default")])
    )
    write_report(tmp_path)
    written = store.read_tables(tmp_path)
    of_expandnet = written["table2"].query("method == 'expandnet'").set_index("profile").psnr_db
    assert list(of_expandnet.index) == ["tiny", "study, quick"] and of_expandnet["tiny"] == 18.0
    network = written["comparison"].set_index("quantity").loc["Network, test set"]
    assert network.regenerated == 16.3 and network.profile == "tiny" and "pictures 16.30 dB" in network.explanation


def test_people_read_words_and_one_precision_a_column(tmp_path):
    wrapped = scores(27.9, "debevec_reinhard", "uint8_wraparound")
    store.write_scores(tmp_path, "a", pd.concat([scores(np.arange(12.0)), wrapped]))
    store.write_table(tmp_path, "table1", table1())
    errors = [("embedded", "joint", ev, 0.0951, 0.23, 0, 105) for ev in (-4, 0, 1)]
    store.write_table(tmp_path, "registration", pd.DataFrame(errors, columns=store.TABLES["registration"]))
    shown = write_report(tmp_path).read_text(encoding="utf-8")
    shown = shown[: shown.index('<section id="run">')]
    for text in (shown, *(path.read_text(encoding="utf-8") for path in (tmp_path / "tables").glob("*.md"))):
        assert not re.search(r"psnr_db|ci_low|uint8_|batch_pooled|batches_of|debevec_|median_px|[^\w]\+0\b(?!\.)", text)
    assert all(f">{cell}</td>" in shown for cell in ("EV −4", "EV 0", "EV +1", "10,318"))
    table = (tmp_path / "tables" / "table2.md").read_text(encoding="utf-8")
    assert "| Debevec + Reinhard, all frames | 8 bits, wrapping around | test | 27.90 | 27.90 to 27.90 |" in table
