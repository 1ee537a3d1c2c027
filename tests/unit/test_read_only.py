"""Folders that may only be read: surveys and full caches work; where something is to be written, one line says so."""

import pytest
from helpers import photographs
from helpers.brackets import write_bracket
from helpers.permissions import read_only, run

ALIGN = """
import sys
from hdrkit.dataset.alignment import align
from hdrkit.dataset.survey import Survey
print(len(align(Survey(sys.argv[1]).scenes, sys.argv[2])[0].frames))
"""


@pytest.fixture
def photos(tmp_path):
    write_bracket(tmp_path / "photos" / "barn")
    return tmp_path / "photos"


def test_a_survey_and_a_full_cache(photos, tmp_path):
    with read_only(photos):
        looked = run("-m", "hdrkit", "survey", photos)
        assert (looked.returncode, looked.stderr) == (0, "") and "1 scene, 5 of 5 frames can be used" in looked.stdout
        aligned = run("-c", ALIGN, photos, tmp_path / "cache")
        assert (aligned.stdout, aligned.returncode) == ("5\n", 0), aligned.stderr
        with read_only(tmp_path / "cache"):
            assert run("-c", ALIGN, photos, tmp_path / "cache").stdout == "5\n"


def test_a_cache_that_lacks_something(photos, tmp_path):
    (tmp_path / "cache").mkdir()
    with read_only(tmp_path / "cache"):
        refused = run("-c", ALIGN, photos, tmp_path / "cache").stderr.splitlines()[-1]
    assert "cannot be written (Permission denied); free some space or name another folder" in refused


@pytest.mark.parametrize(
    "words", ["enhance a.png --out", "capture --out", "download fairchild --out", "reproduce --survey photos --out"]
)
def test_a_folder_for_results(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    photographs.write(tmp_path / "a.png")
    for name in ("photos", "out"):
        (tmp_path / name).mkdir()
    with read_only(tmp_path / "out"):
        refused = run("-m", "hdrkit", *words.split(), "out")
    said = [line for line in refused.stderr.splitlines() if "could not be enhanced; the lines above" not in line]
    assert refused.returncode == 1 and len(said) == 1, refused.stderr
    assert "out" in said[0] and "cannot be written (Permission denied); " in said[0]
