"""The report's numbers beside the regenerated ones."""

import numpy as np
from helpers.runs import scores, table1, write_report

from hdrkit.reproduction import store


def test_comparison_puts_every_number_of_the_report_beside_the_regenerated_one(tmp_path):
    store.write_scores(tmp_path, "a", scores(16.3, "debevec_reinhard"))
    store.write_scores(tmp_path, "b", scores(27.9, "debevec_reinhard", "uint8_wraparound"))
    store.write_numbers(tmp_path, "c", {"parameters_total": 22467992, "trainable_percent": 58.96})
    store.write_scores(tmp_path, "d", scores(11.2, "debevec_reinhard").assign(frames="libraw_default"))
    store.write_table(tmp_path, "table1", table1())
    write_report(tmp_path)
    table = store.read_tables(tmp_path)["comparison"].set_index("quantity")
    made = table["regenerated"]
    assert made["Training pairs"] == 10318 and made["Sample pairs per frame"] == 14
    assert made["Trainable share"] == 58.96 and made["Raw frames in the survey (regenerated: used)"] == 917
    assert made["Baseline, test set"] == 27.9 and table.loc["Baseline, test set", "survey"] == "embedded"
    explanation = table.loc["Baseline, test set", "explanation"]
    assert "correct: 11.20 dB" in explanation and "registered frames 16.30 dB" in explanation
    assert np.isnan(made["Network, test set"])
