"""What a difference between two settings of a study is called."""

import numpy as np
import pandas as pd
import pytest

from hdrkit.ablations import analysis, effects
from hdrkit.ablations.analysis import Effect, Study
from hdrkit.reproduction import claims, sources


def study_of(by_seed, scenes=20, noise=0.01):
    """A study of two settings, whose second differs from the first by the given number with each seed."""
    rng = np.random.default_rng(0)
    rows = [
        {"setting": setting, "seed": seed, "scene": f"s{scene}", "place": "p",
         **dict.fromkeys(analysis.MEASURES, 15 + (setting == "other") * more + rng.normal(0, noise))}
        for setting in ("first", "other") for seed, more in enumerate(by_seed, 1) for scene in range(scenes)
    ]  # fmt: skip
    facts = {
        "seconds": 12 * len(rows),
        "seeds": len(by_seed),
        "settings": {"first": "the first", "other": "the other"},
        "pairs": 160,
        "batch": 2,
    }
    return Study(pd.DataFrame(rows), facts)


@pytest.mark.parametrize(
    ("by_seed", "words"),
    [
        ((0.5, 0.6, 0.4), "more"),
        ((-0.5, -0.6, -0.4), "less"),
        ((0.02, 0.9, 0.05), "more, by one seed"),
        ((-0.02, -0.9, -0.05), "less, by one seed"),
        ((0.5, -0.6, 0.4), analysis.NOT_SEEN),
        ((0.5,), "more, by one seed"),
    ],
)
def test_a_difference_is_called_by_its_interval_and_its_seeds(by_seed, words):
    effect = study_of(by_seed).effect("other", "psnr_db")
    assert effect.words == words
    assert effect.seeds == pytest.approx(by_seed, abs=0.02)
    assert effect.by_all_seeds == (words in ("more", "less"))


def test_seeds_that_disagree_do_not_agree_even_where_the_interval_excludes_zero():
    assert not Effect(0.5, 0.1, 0.9, (0.9, 0.8, -0.2)).by_all_seeds


def test_a_measure_that_is_missing_shows_no_difference():
    assert Effect(np.nan, np.nan, np.nan, (np.nan, np.nan)).words == analysis.NOT_SEEN


def test_words_and_ledger_agree_on_every_kept_study():
    """The notebook and the claims ledger read the same tables; neither may see what the other does not."""
    run = sources.Run({}, {}, {})
    for name, source in sources.read_sources().items():
        if source["kind"] != "study" or not source["versus"]:
            continue
        study = Study(*analysis.read(source["study"]))
        effect = study.effect(source["setting"], source["measure"], source["versus"])
        verdict, _ = claims.RULES["positive"](sources.find(source, run)[0], np.nan, np.nan)
        decided = {"more": claims.REPRODUCED, "less": claims.NOT_REPRODUCED}.get(effect.words)
        assert verdict == (decided if effect.by_all_seeds else claims.NO_DIFFERENCE), name


def test_a_kept_difference_of_one_seed_is_called_so():
    study = Study(*analysis.read("pretraining"))
    assert study.effect("random", "checkerboard").words == "more, by one seed"


def test_a_table_shows_the_first_setting_and_every_seed():
    listed = effects.listed(study_of((0.5, 0.65, 0.4)), ["psnr_db", "ssim"])
    assert listed.loc[("PSNR (dB)", "the first")].tolist() == ["15.00", "", "", "", "", ""]
    other = listed.loc[("SSIM", "the other")]
    assert other["seed 2"].startswith("+0.6") and other[""] == "more" and " to +" in other["difference (95 % interval)"]


def test_a_study_that_is_missing_says_which_command_makes_it(capsys, tmp_path):
    assert effects.show("loss", ["psnr_db"], "Losses.", tmp_path, tmp_path) is None
    assert "`hdrkit study loss" in capsys.readouterr().out


def test_a_study_that_is_being_made_anew_is_left_out(tmp_path):
    (tmp_path / "loss.json").write_text("{}", encoding="utf-8")  # an earlier study, whose table is gone
    assert effects.all_studies(tmp_path) == {}
