import shutil
from pathlib import Path

import pytest

from hdrkit.cli import checks, main
from hdrkit.core.registry import HASHES
from hdrkit.simulation import embedded_survey


def test_doctor_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(checks.provenance, "memory_bytes", lambda: 2 * 2**30)
    assert main.main(["doctor"]) == 1
    printed = capsys.readouterr()
    assert "BAD  memory     2 GB; profile quick needs 6 GB" in printed.out
    assert printed.err.startswith("hdrkit: 1 of 9 checks failed")


def test_doctor_names_a_missing_and_an_unfit_package(monkeypatch):
    monkeypatch.setattr(checks.importlib.metadata, "requires", lambda name: ["numpy<1", "no-such-package>=2", "pytest"])
    check = checks._packages()
    assert not check.good
    assert "numpy" in check.found and "is not <1" in check.found and "no-such-package is missing" in check.found


def test_doctor_notices_a_damaged_and_a_missing_panorama(monkeypatch, tmp_path):
    names = sorted(path.name for path in (checks.DATA / "panoramas").glob("*.exr"))
    assert checks._data() == checks.Check("data", True, "all 15 panoramas are whole")
    copy_data(tmp_path, monkeypatch)
    (tmp_path / "panoramas" / names[3]).unlink()
    with open(tmp_path / "panoramas" / names[5], "r+b") as stream:
        stream.seek(1000)
        stream.write(b"x")
    check = checks._data()
    assert not check.good and check.found.startswith(f"{names[3]}, {names[5]} missing or damaged")


def copy_data(folder, monkeypatch):
    shutil.copytree(checks.DATA / "panoramas", folder / "panoramas")
    shutil.copy(checks.DATA / "places.csv", folder)
    monkeypatch.setattr(checks, "DATA", folder)


def test_doctor_does_not_call_a_panorama_whole_that_is_not_registered(monkeypatch):
    monkeypatch.delitem(HASHES, "panoramas/city.exr")
    check = checks._data()
    assert not check.good and check.found.startswith("city.exr missing or damaged")


@pytest.mark.parametrize("places", [None, "", "place,panorama\n", "place\ncity\n"])
def test_doctor_does_not_call_data_whole_without_places(monkeypatch, tmp_path, places):
    copy_data(tmp_path, monkeypatch)
    table = tmp_path / "places.csv"
    table.unlink() if places is None else table.write_text(places, encoding="utf-8")
    check = checks._data()
    assert not check.good and "places.csv is missing or damaged; restore it with `git checkout" in check.found


def test_doctor_without_any_panorama(monkeypatch, tmp_path):
    copy_data(tmp_path, monkeypatch)
    shutil.rmtree(tmp_path / "panoramas")
    assert "BAD  data" in str(checks._data())
    assert "git checkout -- data" in checks._data().found


def test_doctor_says_how_the_embedded_survey_is_made(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "not in build/embedded yet; `hdrkit capture` makes it" in checks._survey().found
    embedded_survey.capture(Path("build/embedded"), scenes=["Courtyard (1)", "Courtyard (2)"])
    assert checks._survey().found == "2 scenes in build/embedded"
    shutil.rmtree("build/embedded/Courtyard (1)")
    assert checks._survey().found.startswith("2 scenes in build/embedded, 1 of them missing; `hdrkit capture`")
