"""Verdicts follow from numbers by the stated rules, and every claim of the ledger has one."""

import json

import numpy as np
import pandas as pd
import pytest
from helpers.studies import table_of

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.reproduction import claims, store
from hdrkit.reproduction.claims import ARTEFACT, NO_DIFFERENCE, NOT_REPRODUCED, NOT_TESTABLE, REPRODUCED
from hdrkit.reproduction.sources import Measured, Run

LEDGER = pd.read_csv(claims.LEDGER, dtype=str, keep_default_na=False)
NOTEBOOKS = DATA.parent / "notebooks"
FACTS = {"survey": "embedded", "profile": "tiny"}


def headings(notebook):
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return {line.lstrip("#").strip() for line in text.splitlines() if line.startswith("##")}


def test_the_ledger_is_whole():
    assert len(LEDGER) >= 90 and LEDGER["id"].is_unique
    assert set(LEDGER["rule"]) <= {*claims.RULES, "untestable"} == set(claims.MEANINGS)
    for claim in LEDGER.to_dict("records"):
        assert claim["claim"].endswith(".") and claim["section"], claim["id"]
        assert claim["reason"] if claim["rule"] == "untestable" else claim["source"] and claim["how"], claim["id"]
        if claim["rule"] in ("close", "above", "below", "artefact", "artefact_of", "no_effect"):
            assert float(claim["tolerance"]) >= 0, claim["id"]


def test_every_piece_of_evidence_exists():
    both = pd.concat([LEDGER, pd.read_csv(claims.FINDINGS)])
    for notebook, heading in both[["notebook", "heading"]].itertuples(index=False):
        assert heading in headings(notebook), f"{notebook}: {heading}"


EXAMPLES = [
    ("equal", Measured(14), 14, np.nan, REPRODUCED),
    ("equal", Measured(12), 14, np.nan, NOT_REPRODUCED),
    ("close", Measured(15.2), 15.05, 0.5, REPRODUCED),
    ("close", Measured(16.2), 15.05, 0.5, NOT_REPRODUCED),
    ("above", Measured(3), np.nan, 1, REPRODUCED),
    ("above", Measured(0), np.nan, 0, NOT_REPRODUCED),
    ("below", Measured(0.5), np.nan, 1, REPRODUCED),
    ("positive", Measured(1, 0.2, 2), np.nan, np.nan, REPRODUCED),
    ("positive", Measured(-1, -2, -0.2), np.nan, np.nan, NOT_REPRODUCED),
    ("positive", Measured(1, -0.1, 2), np.nan, np.nan, NO_DIFFERENCE),
    ("negative", Measured(-1, -2, -0.2), np.nan, np.nan, REPRODUCED),
    ("negative", Measured(1, 0.2, 2), np.nan, np.nan, NOT_REPRODUCED),
    ("negative", Measured(-1, -2, 0.1), np.nan, np.nan, NO_DIFFERENCE),
    ("no_effect", Measured(0.05, -0.1, 0.15), 0, 0.2, REPRODUCED),
    ("no_effect", Measured(0.1, -0.1, 0.3), 0, 0.2, NO_DIFFERENCE),
    ("no_effect", Measured(0.1, 0.05, 0.15), 0, 0.2, NOT_REPRODUCED),
    ("artefact", Measured(0.41), 1, 0.05, ARTEFACT),
    ("artefact", Measured(0.98), 1, 0.05, REPRODUCED),
    ("artefact_of", Measured(27.7, correct=11.2), 27.81, 0.3, ARTEFACT),
    ("artefact_of", Measured(27.7, correct=27.9), 27.81, 0.3, REPRODUCED),
    ("artefact_of", Measured(25.0, correct=11.2), 27.81, 0.3, NOT_REPRODUCED),
    ("positive", Measured(1), np.nan, np.nan, NOT_TESTABLE),
    ("positive", Measured(1, 0.2, 2, doubt="one seed carries it"), np.nan, np.nan, NO_DIFFERENCE),
    ("negative", Measured(1, 0.2, 2, doubt="the seeds disagree"), np.nan, np.nan, NO_DIFFERENCE),
    ("no_effect", Measured(0.2, 0.05, 0.35, doubt="the seeds disagree"), 0, 0.2, NO_DIFFERENCE),
    ("no_effect", Measured(0.0, -0.1, 0.1, doubt="the seeds disagree"), 0, 0.2, REPRODUCED),
    ("below", Measured(1.5), np.nan, 1, NOT_REPRODUCED),
]


@pytest.mark.parametrize(("rule", "found", "reported", "tolerance", "verdict"), EXAMPLES)
def test_rules(rule, found, reported, tolerance, verdict):
    assert claims.RULES[rule](found, reported, tolerance)[0] == verdict


def test_every_rule_can_say_yes_and_no():
    for rule in claims.RULES:
        said = {verdict for name, *_, verdict in EXAMPLES if name == rule}
        assert REPRODUCED in said and said & {NOT_REPRODUCED, ARTEFACT}, rule


@pytest.fixture
def made(tmp_path):
    """A few numbers and scores of a run, and one kept study."""
    row = {"profile": "tiny", "method": "debevec_reinhard", "frames": "libraw_default", "split": "test"}
    scores = [row | {"arithmetic": "uint8_wraparound", "psnr_db": 27.7}]
    scores += [row | {"arithmetic": "correct", "psnr_db": 11.2}]
    table2 = pd.DataFrame(scores).assign(survey="embedded").reindex(columns=store.TABLES["table2"])
    pairs = pd.DataFrame([("fairchild", "train", 82, 737, 10318, 10318)], columns=store.TABLES["table1"])
    effects = {"6": 0.0, "5": -0.5, "4": -1.0, "3": -1.0, "2": -1.0, "1": -1.0, "0": -2.0}
    table_of("skips", effects).to_csv(tmp_path / "skips.csv", index=False)
    facts = {"seeds": 3, "settings": {name: name for name in effects}, "survey": "embedded", "profile": "full"}
    (tmp_path / "skips.json").write_text(json.dumps(facts), encoding="utf-8")
    numbers = {"parameters_total": (22467992, np.nan, np.nan), "gain_over_input_db": (3.0, 2.0, 4.0)}
    tables = store.read_tables(tmp_path) | {"table2": table2, "table1": pairs}
    return claims.ledger(Run(tables, numbers, FACTS, tmp_path)).set_index("id")


def test_every_claim_has_a_verdict_and_every_undecided_one_a_reason(made):
    assert list(made.reset_index().columns) == store.TABLES["claims"]
    assert list(made.index) == list(LEDGER["id"])
    assert set(made["verdict"]) <= set(claims.VERDICTS)
    assert made.loc["scenes", "evidence"] == "03_augmentation#Table 1, regenerated"
    assert made.loc[made["verdict"] == NOT_TESTABLE, "reason"].str.len().gt(10).all()


def test_numbers_tables_and_studies_decide(made):
    verdicts = {"parameters": REPRODUCED, "table1_train": REPRODUCED, "baseline_test": ARTEFACT, "improves": REPRODUCED}
    verdicts |= {"skips": REPRODUCED, "six_skips": REPRODUCED, "table1_dev": NOT_TESTABLE, "l2_psnr": NOT_TESTABLE}
    assert made["verdict"][list(verdicts)].to_dict() == verdicts
    assert made.loc["skips", ["survey", "profile"]].tolist() == ["embedded", "study, full"]
    assert made.loc["skips", "ci_low"] < 2 < made.loc["skips", "ci_high"] + 0.2
    assert "`hdrkit study loss` fills it" in made.loc["l2_psnr", "reason"]
    assert "this run did not make it: the number" in made.loc["ssim", "reason"]


@pytest.mark.parametrize(
    ("survey", "scenes", "verdict", "reason"),
    [
        ("fairchild", 102, REPRODUCED, ""),
        ("fairchild", 101, NOT_TESTABLE, "this run has 101 of the 102 scenes that the claim is about"),
        ("fairchild", None, NOT_TESTABLE, "this run did not count its scenes (notebook 3 does)"),
        ("embedded", 102, NOT_TESTABLE, "this number is of the embedded survey; the claim is about fairchild"),
    ],
)
def test_only_all_scenes_of_the_reports_survey_decide_about_it(tmp_path, survey, scenes, verdict, reason):
    row = {"profile": "tiny", "method": "published", "frames": "libraw_default", "split": "test"}
    row |= {"arithmetic": "batches_of_32", "psnr_db": 15.2, "survey": survey}
    tables = store.read_tables(tmp_path) | {"table2": pd.DataFrame([row]).reindex(columns=store.TABLES["table2"])}
    counts = {"scenes_of_this_run": scenes, "fairchild_scenes_used": 102} if scenes else {}
    numbers = {name: (float(count), np.nan, np.nan) for name, count in counts.items()}
    ledger = claims.ledger(Run(tables, numbers, FACTS | {"survey": survey}, tmp_path)).set_index("id")
    assert ledger.loc["network_test", ["regenerated", "verdict", "reason"]].tolist() == [15.2, verdict, reason]


def test_a_ledger_that_lost_its_rows_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "claims.csv")
    claims.LEDGER.write_text(LEDGER.head(0).to_csv(index=False), encoding="utf-8")
    with pytest.raises(HdrkitError, match="claims.csv: has no row; restore it with"):
        claims.ledger(Run(store.read_tables(tmp_path), {}, FACTS, tmp_path))


def test_a_network_of_a_study_is_not_taken_for_the_runs(tmp_path):
    row = {"survey": "fairchild", "method": "published", "frames": "libraw_default", "split": "test"}
    row |= {"arithmetic": "batches_of_32", "profile": "study, tiny", "psnr_db": 15.0}
    facts, empty = FACTS | {"survey": "fairchild"}, store.read_tables(tmp_path)
    for rows, regenerated in (([row], None), ([row | {"profile": "tiny", "psnr_db": 14.9}, row], 14.9)):
        tables = empty | {"table2": pd.DataFrame(rows).reindex(columns=store.TABLES["table2"])}
        found = claims.ledger(Run(tables, {}, facts, tmp_path)).set_index("id").loc["network_test", "regenerated"]
        assert found == regenerated or (regenerated is None and np.isnan(found))


def test_findings_are_sized_from_their_sources(tmp_path):
    row = {"profile": "tiny", "method": "debevec_reinhard", "frames": "libraw_default", "split": "test"}
    scores = [row | {"arithmetic": "uint8_wraparound", "psnr_db": 27.7}]
    scores += [row | {"arithmetic": "correct", "psnr_db": 11.2}]
    table2 = pd.DataFrame(scores).assign(survey="embedded").reindex(columns=store.TABLES["table2"])
    numbers = {"flat_less_network_db": (-2.0, -3.0, -1.0)}
    found = claims.findings(Run(store.read_tables(tmp_path) | {"table2": table2}, numbers, FACTS, tmp_path))
    assert list(found.columns) == store.TABLES["findings"]
    assert found["number"].astype(int).tolist() == list(range(1, 13))
    found = found.set_index("finding")
    assert found.loc["Wrapping arithmetic", ["published", "repaired", "difference"]].tolist() == [27.7, 11.2, -16.5]
    assert found.loc["Missing controls", ["difference", "ci_low", "ci_high"]].tolist() == [-2, -3, -1]
    assert found.loc["Duplicate pairs", "evidence"] == "03_augmentation#Seven turns"
    assert np.isnan(found.loc["Wrong input to VGG-16", "difference"])
    assert "scores (not in this run) dB" in found.loc["Missing controls", "explanation"]
    gamma = row | {"survey": "embedded", "method": "best_gamma", "arithmetic": "correct", "psnr_db": 18.734}
    tables = store.read_tables(tmp_path) | {"table2": pd.concat([table2, pd.DataFrame([gamma])])}
    explained = claims.findings(Run(tables, numbers, FACTS, tmp_path)).set_index("finding").explanation
    assert "scores 18.73 dB" in explained["Missing controls"]


def test_a_finding_names_both_surveys_where_its_difference_is_of_another(tmp_path):
    """The studies are of the embedded survey; two numbers of a run on another one stand beside their difference."""
    numbers = {"jpeg_ceiling_95_db": (36.0,)}
    found = claims.findings(Run(store.read_tables(tmp_path), numbers, FACTS | {"survey": "mine"})).set_index("finding")
    made_with = ["survey", "profile"]
    mixed = found.loc["JPEG recompression", made_with].tolist()
    assert mixed == ["mine", "tiny; difference: study, quick, survey embedded"]
    assert found.loc["Wrong input to VGG-16", made_with].tolist() == ["embedded", "study, quick"]
    assert found.loc["Missing controls", made_with].tolist() == ["mine", "tiny"]
    at_home = claims.findings(Run(store.read_tables(tmp_path), numbers, FACTS)).set_index("finding")
    assert at_home.loc["JPEG recompression", made_with].tolist() == ["embedded", "study, quick"]
