"""What is written is there whole or not at all, also where the disk is full: each stage says so, and goes on later.

A limit on the size of files stands for the full disk: the system itself refuses to write on.
"""

import os
from contextlib import contextmanager

import pandas as pd
import pytest
from helpers import photographs
from helpers.brackets import write_bracket
from helpers.trainings import fit
from PIL import Image, UnidentifiedImageError

from hdrkit.core import tables
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import written_whole
from hdrkit.dataset.alignment import align
from hdrkit.dataset.survey import Survey
from hdrkit.enhancement.batch import EnhanceOptions, enhance_files
from hdrkit.enhancement.bracket_files import BracketOptions, fuse_bracket
from hdrkit.reproduction import store
from hdrkit.simulation import embedded_survey, embedded_views

resource = pytest.importorskip("resource", reason="limits on file sizes need a Unix")


@contextmanager
def full_disk(kilobytes):
    """Let no file grow beyond this many kilobytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_failed_write_keeps_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "numbers.txt"
    path.write_text("old", encoding="utf-8")
    message = r"numbers\.txt: cannot be written \(File too large\); free"
    with full_disk(1), pytest.raises(HdrkitError, match=message), written_whole(path) as temporary:
        temporary.write_bytes(bytes(2000))
    assert path.read_text(encoding="utf-8") == "old" and files_in(tmp_path) == ["numbers.txt"]


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path):
    (tmp_path / "file").touch()
    message = r"cannot be written \(.*(exists|directory)"
    with pytest.raises(HdrkitError, match=message), written_whole(tmp_path / "file" / "inside"):
        pass


def test_a_failure_of_another_file_is_not_said_of_the_one_that_is_written(tmp_path):
    gone = tmp_path / "gone.exr"
    with pytest.raises(FileNotFoundError) as error, written_whole(tmp_path / "views.npy"):
        gone.read_bytes()
    assert error.value.filename == str(gone)
    (tmp_path / "words.png").write_text("not a picture", encoding="utf-8")
    with pytest.raises(UnidentifiedImageError, match=r"words\.png"), written_whole(tmp_path / "views.npy"):
        Image.open(tmp_path / "words.png")
    assert files_in(tmp_path) == ["words.png"]


def test_a_target_that_cannot_be_replaced_is_named(tmp_path):
    (tmp_path / "numbers.txt").mkdir()
    with (
        pytest.raises(HdrkitError, match=r"numbers\.txt: cannot be written \(Is a directory\)"),
        written_whole(tmp_path / "numbers.txt") as temporary,
    ):
        temporary.write_text("new", encoding="utf-8")


def test_aligning_scenes_on_a_full_disk(tmp_path):
    write_bracket(tmp_path / "photos" / "barn")
    scenes = Survey(tmp_path / "photos").scenes
    with full_disk(10), pytest.raises(HdrkitError, match=r"\.npz: cannot be written"):
        align(scenes, tmp_path / "cache")
    assert files_in(tmp_path / "cache") == []
    assert len(align(scenes, tmp_path / "cache")) == 1


def test_capturing_on_a_full_disk(tmp_path):
    scene = embedded_views.read_views()[0].scene
    with full_disk(100), pytest.raises(HdrkitError, match=r"\.DNG: cannot be written"):
        embedded_survey.capture(tmp_path, scenes=[scene])
    assert not [name for name in files_in(tmp_path) if name.endswith(".DNG")]
    embedded_survey.capture(tmp_path, scenes=[scene])
    assert len([name for name in files_in(tmp_path) if name.endswith(".DNG")]) == 9


def test_training_on_a_full_disk(tmp_path):
    with full_disk(3), pytest.raises(HdrkitError, match=r"epoch-0001\.keras: cannot be written"):
        fit(tmp_path)
    assert "model.keras" not in files_in(tmp_path)
    assert not fit(tmp_path).reused


def test_scores_on_a_full_disk(tmp_path):
    frame = pd.DataFrame([dict.fromkeys(store.SCORES, 1.0)] * 100)
    frame = frame.assign(method="input", frames="radiometric", arithmetic="correct", split="test")
    with full_disk(1), pytest.raises(HdrkitError, match=r"x\.csv: cannot be written"):
        store.write_scores(tmp_path, "x", frame)
    assert files_in(tmp_path) == []


def test_enhancing_on_a_full_disk(tmp_path, capsys):
    sources = [photographs.write(tmp_path / "in" / name) for name in ("a.png", "b.jpg")]
    options = EnhanceOptions(compare=True, confidence=True)
    with full_disk(1), pytest.raises(HdrkitError, match="2 of 2 pictures could not be enhanced"):
        enhance_files(sources, tmp_path / "out", options)
    assert files_in(tmp_path / "out") == [] and capsys.readouterr().err.count("cannot be written") == 2
    assert len(enhance_files(sources, tmp_path / "out", options)) == 6


def test_fusing_on_a_full_disk(tmp_path):
    write_bracket(tmp_path / "barn")
    for path in (tmp_path / "barn").glob("*Rendered.jpg"):
        path.unlink()
    options = BracketOptions(radiance=True)
    with full_disk(2), pytest.raises(HdrkitError, match="cannot be written"):
        fuse_bracket([tmp_path / "barn"], tmp_path / "out", options)
    assert files_in(tmp_path / "out") == []
    assert len(fuse_bracket([tmp_path / "barn"], tmp_path / "out", options)) == 3


def test_a_cell_of_a_study_on_a_full_disk(tmp_path):
    with full_disk(1), pytest.raises(HdrkitError, match=r"cell\.csv: cannot be written"):
        tables.write_sealed(tmp_path / "cell.csv", pd.DataFrame({"a": range(1000)}))
    assert files_in(tmp_path) == []


def test_a_cache_that_may_not_be_written(tmp_path):
    """Root may write anywhere, so a file stands where the cache's folder would be."""
    write_bracket(tmp_path / "photos" / "barn")
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    with pytest.raises(HdrkitError, match="cache.*cannot be written"):
        align(Survey(tmp_path / "photos").scenes, tmp_path / "cache")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
def test_a_pipe_or_a_device_is_not_replaced_by_a_file(tmp_path):
    """As `--html /dev/stdout` would replace it, for all users, where one may write there."""
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(HdrkitError, match="cannot be written .a pipe or a device, not a file"), written_whole(path):
            pytest.fail("nothing is to be written")
    assert pipe.is_fifo() and link.is_symlink() and len(list(tmp_path.iterdir())) == 2
