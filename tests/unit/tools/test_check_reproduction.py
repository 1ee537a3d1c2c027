import check_reproduction as check
import pandas as pd
import pytest

from hdrkit.fusion import baselines
from hdrkit.reproduction import store


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Write the tables of a run that meets every target, with one value changed."""
    monkeypatch.setattr(check, "KEPT", tmp_path / "none")

    def run(table="", row=0, column="", value=None):
        pairs = [("fairchild", s, 1, 1, n, n) for s, n in check.TABLE1.items()]
        scores = [("debevec_reinhard", "libraw_default", "uint8_wraparound", s, 27.9) for s in ("train", "dev", "test")]
        scores += [("published", "libraw_default", "correct", "test", 16.5)]
        scores += [("best_constant", "libraw_default", "correct", "test", 14.4)]
        scores += [("hdrkit", "radiometric", "correct", "test", 24.1)]
        scores += [(method, "radiometric", "correct", "test", 18.0) for method in baselines.METHODS]
        tables = {
            "table1": pd.DataFrame(pairs, columns=store.TABLES["table1"]),
            "table2": pd.DataFrame(scores, columns=[*check.KEYS, "psnr_db"])
            .assign(survey="embedded", profile="quick")
            .reindex(columns=store.TABLES["table2"]),
            "registration": pd.DataFrame(
                [("embedded", "joint", ev, 0.2, 0.9, 1, 105) for ev in range(-4, 5)],
                columns=store.TABLES["registration"],
            ),
        }
        if table:
            tables[table].loc[row, column] = value
        for name, frame in tables.items():
            store.write_table(tmp_path, name, frame)
        return tmp_path

    return run


def test_a_run_that_meets_every_target_passes(run, capsys):
    assert check.main(run()) == 0
    printed = capsys.readouterr().out
    assert "FAIL" not in printed and printed.endswith("31 numbers checked, 0 wrong\n")
    assert "ok    Table 1, fairchild, train, pairs: 10318 (wanted = 10318)" in printed


@pytest.mark.parametrize(
    ("table", "row", "column", "value"),
    [
        ("table1", 0, "pairs", 10317),
        ("table2", 1, "psnr_db", 28.21),
        ("table2", 2, "psnr_db", 27.59),
        ("table2", 2, "psnr_db", float("nan")),
        ("table2", 3, "psnr_db", 16.3),
        ("table2", 3, "method", "published_repaired"),
        ("table2", 5, "psnr_db", 23.9),
        ("table2", 6, "psnr_db", 24.2),
        ("registration", 0, "median_px", 0.26),
        ("registration", 6, "median_px", 0.26),
        ("registration", 8, "median_px", 0.51),
        ("registration", 4, "p95_px", 1.0),
        ("registration", 4, "failed_frames", 2),
        ("registration", 4, "frames", 104),
        ("registration", 4, "ev", 5),
    ],
)
def test_one_number_beyond_its_target_fails(run, capsys, table, row, column, value):
    assert check.main(run(table, row, column, value)) == 1
    assert "FAIL" in capsys.readouterr().out


def test_bright_frames_may_be_half_a_pixel_off(run):
    assert check.main(run("registration", 7, "median_px", 0.49)) == 0


def test_a_run_is_held_against_the_kept_one(run, tmp_path, monkeypatch, capsys):
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(check, "KEPT", kept)
    out = run()
    (kept / "table2.csv").write_bytes((out / "tables" / "table2.csv").read_bytes())
    assert check.main(out) == 0
    assert check.main(run("table2", 4, "psnr_db", 14.29)) == 1
    wrong = "FAIL  as kept: quick; best_constant; libraw_default; correct; test, dB: 14.29 (wanted 14.4 +- 0.1)"
    assert wrong in capsys.readouterr().out
    assert check.main(run("table2", 3, "psnr_db", 16.9)) == 0
    assert check.main(run("table2", 3, "psnr_db", 17.1)) == 1


def test_a_network_of_a_study_is_not_taken_for_the_runs(run, capsys):
    out = run()
    table = store.read_tables(out)["table2"]
    study = table.query("method == 'published' and split == 'test'").assign(profile="study, quick", psnr_db=10.0)
    store.write_table(out, "table2", pd.concat([table, study]))
    assert check.main(out) == 0
    assert "the report's network, test, dB: 16.5 " in capsys.readouterr().out
    store.write_table(out, "table2", pd.concat([table.drop(index=3), study.assign(psnr_db=20.0)]))
    assert check.main(out) == 1


def test_an_empty_folder_fails(tmp_path, capsys):
    assert check.main(tmp_path) == 1
