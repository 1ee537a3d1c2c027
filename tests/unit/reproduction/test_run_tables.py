import numpy as np
import pandas as pd

from hdrkit.reproduction.run_tables import INTERVAL, display_table, markdown


def test_markdown_cannot_be_broken_by_a_cell():
    text = markdown(pd.DataFrame({"a": ["x|y\nz"], "b": ["−1.5"], "c": [""]}))
    assert text.splitlines() == ["| a | b | c |", "| --- | ---: | --- |", "| x\\|y z | −1.5 |  |"]


def test_a_number_stands_with_its_unit_and_a_missing_one_says_so():
    made = {"place": "Table 2", "quantity": "Network", "unit": "dB", "reported": 15.05, "regenerated": 16.343}
    made |= {"ci_low": 15.9, "ci_high": 16.8, "survey": "embedded", "profile": "quick", "explanation": "Why."}
    absent = made | dict.fromkeys(["unit", "regenerated", "ci_low", "ci_high", "survey", "profile"], np.nan)
    shown = display_table("comparison", pd.DataFrame([made, absent])).to_numpy().tolist()
    assert shown[0] == ["Table 2", "Network", "15.05 dB", "16.34 dB", "15.90 to 16.80", "embedded", "quick", "Why."]
    assert shown[1] == ["Table 2", "Network", "15.05", "not in this run", "", "", "", "Why."]


def test_a_difference_has_its_sign_and_a_warning_where_it_includes_zero():
    row = {"number": "7", "finding": "Pairs", "published": 14.0, "repaired": 12.0, "difference": -0.0704, "unit": "dB"}
    row |= {"ci_low": -0.17, "ci_high": 0.01, "explanation": "E.", "survey": "s", "profile": "p", "evidence": "n#h"}
    shown = display_table("findings", pd.DataFrame([row])).iloc[0]
    assert shown.tolist()[:5] == ["7", "Pairs", "14", "12", "−0.07 dB"]
    assert shown["95 % interval"] == "−0.17 to +0.01, includes zero"


def test_a_claim_says_how_it_was_checked_and_where_its_number_comes_from():
    row = {"section": 3, "claim": "C.", "reported": "1035", "regenerated": 917.25, "ci_low": np.nan, "ci_high": np.nan}
    row |= {"holm_low": np.nan, "holm_high": np.nan}
    row |= {"verdict": "not reproduced", "how": "by counting", "reason": "off by −2."}
    row |= {"survey": "s", "profile": "p", "evidence": "n#h"}
    unmade = row | {"regenerated": np.nan, "reported": "", "how": np.nan}
    first, second = display_table("claims", pd.DataFrame([row, unmade])).to_dict("records")
    assert (first["report"], first["regenerated"], first["why"]) == ("1,035", "917.250", "By counting. Off by −2.")
    assert (second["report"], second["regenerated"], second["survey"], second["why"]) == ("", "", "", "Off by −2.")


def test_a_claim_shows_both_intervals_in_one_column():
    row = {"section": 3, "claim": "C.", "reported": "", "regenerated": 0.5, "ci_low": 0.1, "ci_high": 0.9}
    row |= {"holm_low": -0.1, "holm_high": 1.1, "verdict": "reproduced", "how": "", "reason": ""}
    row |= {"survey": "s", "profile": "p", "evidence": "n#h"}
    (shown,) = display_table("claims", pd.DataFrame([row])).to_dict("records")
    assert shown[INTERVAL] == "0.100 to 0.900; Holm-adjusted: −0.100 to 1.100"


def test_a_reference_that_is_no_render_is_named_beside_the_survey():
    rows = pd.DataFrame({"survey": ["mine", "embedded"], "method": ["input", "input"], "psnr_db": [20.0, 21.0]})
    shown = display_table("by_ev", rows.assign(reference=["local operator", np.nan]))
    assert shown.survey.tolist() == ["mine (reference: local operator)", "embedded"]
    assert list(shown.columns) == list(display_table("by_ev", rows).columns)


def test_what_the_kits_network_has_learned_from_is_said_beside_its_name():
    rows = pd.DataFrame({"survey": ["mine", "mine"], "method": ["input", "hdrkit"], "psnr_db": [20.0, 21.0]})
    shown = display_table("by_ev", rows.assign(learned=[np.nan, "has learned from these places"]))
    plain = display_table("by_ev", rows)
    assert shown.method.tolist() == ["input, untouched (control)", "hdrkit's network (has learned from these places)"]
    assert shown.drop(columns="method").equals(plain.drop(columns="method"))
