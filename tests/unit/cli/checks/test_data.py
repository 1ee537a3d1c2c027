import shutil
from pathlib import Path

import pytest

from hdrkit.cli.checks import data
from hdrkit.cli.checks.check import BAD, NOTE, OK, WARNING, Check
from hdrkit.core.registry import HASHES
from hdrkit.simulation import embedded_survey

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1048576\n"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of data/ that a test may spoil."""
    shutil.copytree(data.DATA, tmp_path / "data")
    monkeypatch.setattr(data, "DATA", tmp_path / "data")
    return tmp_path / "data"


def test_what_git_has_is_whole_and_each_table_is_known():
    assert data.data() == Check("data", OK, "all 15 panoramas, 11 tables and the addresses of downloads are whole")
    assert sorted(data.TABLES) == sorted(p.relative_to(data.DATA).as_posix() for p in data.DATA.rglob("*.csv"))


def test_each_kind_of_damage_is_named(copy):
    (copy / "panoramas" / "forest.exr").unlink()
    (copy / "panoramas" / "city.exr").unlink()
    (copy / "views.csv").unlink()
    (copy / "downloads.toml").write_text("[fairchild", encoding="utf-8")
    with open(copy / "panoramas" / "night.exr", "r+b") as stream:
        stream.seek(1000)
        stream.write(b"x")
    check = data.data()
    assert check.state == BAD
    gone = "panoramas/city.exr and panoramas/forest.exr and views.csv missing"
    assert check.found == f"{gone}, panoramas/night.exr and downloads.toml damaged"
    assert check.advice == "restore it with `git checkout -- data`, or clone the repository again"


def test_without_any_panorama(copy):
    shutil.rmtree(copy / "panoramas")
    check = data.data()
    assert check.state == BAD and check.found.count(".exr") == 15 and check.found.endswith("missing")


def test_a_pointer_of_git_lfs_is_not_the_file(copy):
    (copy / "panoramas" / "studio.exr").write_text(POINTER, encoding="utf-8")
    check = data.data()
    assert check.found == "panoramas/studio.exr a pointer of git-LFS in place of the file"
    assert check.advice == "run `git lfs pull`"


def test_a_panorama_that_is_not_registered_is_not_called_whole(copy):
    table = copy / "places.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",city,", ",village,"), encoding="utf-8")
    (copy / "panoramas" / "village.exr").write_bytes(b"any")
    assert data.data().found == "panoramas/village.exr damaged"


@pytest.mark.parametrize("content", [b"", b"place,panorama\n", b"\xff\xfe\x00", b"place,panorama\ncity\n", b"a\n1,2\n"])
def test_a_table_without_rows_or_with_torn_ones_is_damaged(copy, content):
    (copy / "places.csv").write_bytes(content)
    assert data.data().found == "places.csv damaged"


def test_a_kit_without_its_clone_is_told_where_data_comes_from(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "DATA", tmp_path / "data")
    check = data.data()
    assert check.state == BAD and "clone the kit's repository" in check.advice


@pytest.fixture
def own_weights(tmp_path, monkeypatch):
    """A copy of the kit's own weights that a test may spoil."""
    shutil.copytree(data.WEIGHTS.parent, tmp_path / "weights")
    monkeypatch.setattr(data, "WEIGHTS", tmp_path / "weights" / data.WEIGHTS.name)
    return data.WEIGHTS


class Trial:
    """A child that has answered."""

    def __init__(self, failure):
        self.failure = failure

    def answer(self, seconds):
        return "", self.failure


def test_the_kits_own_weights_run():
    with data.start_weights() as trial:
        assert data.weights(trial) == Check("weights", OK, "the kit's own are whole, and run")


def test_weights_that_do_not_run_say_why():
    check = data.weights(Trial("ImportError: libfoo.so"))
    assert check.state == BAD and "(ImportError: libfoo.so)" in check.found


def test_spoilt_weights_are_found_though_nothing_runs(own_weights):
    own_weights.write_bytes(own_weights.read_bytes()[:-1])
    check = data.weights(Trial("ImportError"))
    assert check.state == BAD and check.found == "hdrkit.tflite damaged"
    assert "git checkout -- hdrkit/enhancement/weights" in check.advice
    own_weights.write_text(POINTER, encoding="utf-8")
    assert data.weights(Trial("")).advice == "run `git lfs pull`"
    own_weights.with_suffix(".json").write_text("{", encoding="utf-8")
    own_weights.unlink()
    assert data.weights(Trial("")).found == "hdrkit.json damaged, hdrkit.tflite missing"


def test_how_the_embedded_survey_is_made(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    check = data.survey()
    assert check.state == NOTE and check.found == "not in build/embedded yet" and "`hdrkit capture`" in check.advice
    embedded_survey.capture(Path("build/embedded"), scenes=["Courtyard (1)", "Courtyard (2)"])
    assert data.survey() == Check("survey", OK, "2 scenes in build/embedded")
    shutil.rmtree("build/embedded/Courtyard (1)")
    check = data.survey()
    assert check.state == NOTE and check.found == "2 scenes in build/embedded, 1 of them missing"
    Path("build/embedded/survey.csv").write_bytes(b"\xff\n\xff")
    assert data.survey().state == WARNING


def test_the_registry_has_the_panoramas_of_all_places():
    assert {name for name in HASHES if name.startswith("panoramas/")} == data._panoramas_of_places()
