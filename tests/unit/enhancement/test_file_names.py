"""`hdrkit enhance` and file names of any bytes and length, links in circles, folders that may not be read."""

import errno
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from helpers.shots import write_shot
from PIL import Image

from hdrkit.cli import main
from hdrkit.enhancement import api, file_names

FRAME = (np.random.default_rng(1).random((60, 90, 3)) ** 3 * 200).astype(np.uint8)
posix = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are not any bytes there")


@pytest.fixture
def folder(tmp_path):
    given = tmp_path / "in"
    given.mkdir()
    Image.fromarray(FRAME).save(given / "zz_good.jpg", quality=95)
    return given


def enhanced(names, out, *options):
    return main.main(["enhance", *map(str, names), "--out", str(out), *options])


@posix
@pytest.mark.parametrize("name", [b"caf\xe9", b"\xff\xfe", "日本".encode(), b"a b*[1]?", b"new\nline", b"{x}%s"])
def test_a_name_may_be_any_bytes(folder, tmp_path, name):
    sources = []
    for suffix in (".jpg", ".png", ".tif", ".webp"):
        sources.append(Path(os.fsdecode(os.fsencode(folder) + b"/" + name + suffix.encode())))
        Image.fromarray(FRAME).save(sources[-1])
    assert enhanced([folder], tmp_path / "out") == 0
    for number, source in enumerate(sources):
        assert enhanced([source], tmp_path / str(number), "--confidence") == 0
        assert (tmp_path / str(number) / source.name).exists() and (tmp_path / "out" / source.name).exists()


@posix
def test_a_terminal_that_cannot_show_a_name_stops_nothing(folder, tmp_path):
    os.rename(folder / "zz_good.jpg", os.fsencode(folder) + b"/caf\xe9.jpg")
    for encoding in ("utf-8:strict", "ascii:strict"):
        out = tmp_path / encoding[:3]
        command = [sys.executable, "-m", "hdrkit", "enhance", folder, "--out", out]
        environment = os.environ | {"PYTHONIOENCODING": encoding}
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, env=environment)
        assert (done.returncode, done.stderr) == (0, "") and r"caf\udce9.jpg" in done.stdout


@posix
@pytest.mark.parametrize("letter", ["x", "ü", "😀"])
def test_a_name_may_be_as_long_as_the_disk_allows(folder, tmp_path, letter):
    name = letter * (250 // len(letter.encode())) + ".jpg"
    os.rename(folder / "zz_good.jpg", folder / name)
    assert enhanced([folder], tmp_path / "out", "--compare", "--confidence") == 0
    found = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(found) == 3 and name in found
    assert all(len(os.fsencode(other)) <= 255 for other in found)


def test_a_name_that_is_too_long_is_one_line(folder, tmp_path, capsys):
    assert enhanced(["x" * 300 + ".jpg", folder / "zz_good.jpg"], tmp_path / "out") == 1
    first, last = capsys.readouterr().err.splitlines()
    assert "xxx.jpg: cannot be opened" in first and last.startswith("hdrkit: 1 of 2")
    assert (tmp_path / "out/zz_good.jpg").exists()


@posix
def test_links_in_circles_and_to_nothing_are_one_line_each(folder, tmp_path, capsys):
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "lost.jpg").symlink_to("nowhere.jpg")
    (folder / "circle").symlink_to(folder)
    assert enhanced([folder], tmp_path / "out", "--compare") == 1
    skipped, *lines = capsys.readouterr().err.splitlines()
    assert skipped.endswith(": circle")
    assert [line.split(":")[1].strip() for line in lines[:2]] == [str(folder / "loop.jpg"), str(folder / "lost.jpg")]
    assert len(lines) == 3 and (tmp_path / "out/zz_good.jpg").exists()


def test_a_folder_that_may_not_be_read_is_one_line(folder, tmp_path, monkeypatch, capsys):
    locked, really_list = tmp_path / "lost+found", Path.iterdir
    locked.mkdir()

    def list_folder(path):
        if path == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return really_list(path)

    monkeypatch.setattr(Path, "iterdir", list_folder)  # who runs the tests may be allowed all
    assert enhanced([locked, folder], tmp_path / "out") == 1
    first, last = capsys.readouterr().err.splitlines()
    assert first == f"hdrkit: {locked}: a folder that may not be read; change its permissions"
    assert last.startswith("hdrkit: 1 of 2") and (tmp_path / "out/zz_good.jpg").exists()


@posix
def test_a_pipe_in_a_folder_is_not_waited_for(folder, tmp_path, capsys):
    os.mkfifo(folder / "a.jpg")
    assert enhanced([folder], tmp_path / "out") == 0
    assert capsys.readouterr().err.endswith(": a.jpg\n")


def test_a_folder_names_the_first_of_what_it_skips(folder, tmp_path, capsys):
    for number in range(8):
        (folder / f"{number}.xmp").write_text("words", encoding="utf-8")
    (folder / ".hidden").touch()
    (folder / "out").mkdir()
    assert enhanced([folder], folder / "out") == 0
    assert capsys.readouterr().err.endswith(": 0.xmp, 1.xmp, 2.xmp, 3.xmp, 4.xmp and 3 more\n")


def test_the_traceback_is_shown_where_it_is_asked_for(folder, tmp_path, monkeypatch, capsys):
    def enhance(pixels, strength):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(api, "enhance", enhance)
    assert enhanced([folder], tmp_path / "out") == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert enhanced([folder], tmp_path / "out", "--debug") == 1
    said = capsys.readouterr().err
    assert said.startswith("Traceback") and "ZeroDivisionError: planted" in said and "in enhance" in said


def test_a_raw_file_and_its_jpeg_do_not_meet(folder, tmp_path):
    shot = write_shot(folder / "IMG_1.DNG", Fraction(1, 80))
    Image.fromarray(FRAME).save(folder / "IMG_1.JPG")
    for _ in range(2):  # made, kept
        assert enhanced([folder], tmp_path / "out", "--compare") == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "IMG_1.DNG_compare.jpg", "IMG_1.JPG", "IMG_1.JPG_compare.jpg", "IMG_1.tif",
        "zz_good.jpg", "zz_good_compare.jpg",
    ]  # fmt: skip
    assert enhanced([shot], tmp_path / "alone", "--compare") == 0
    assert sorted(path.name for path in (tmp_path / "alone").iterdir()) == ["IMG_1.tif", "IMG_1_compare.jpg"]


def test_a_heic_and_a_jpeg_of_one_name_do_not_meet(folder, tmp_path):
    file = pillow_heif.from_bytes(mode="RGB", size=FRAME.shape[1::-1], data=FRAME.tobytes())
    file.save(folder / "zz_good.HEIC")
    assert enhanced([folder], tmp_path / "out") == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["zz_good.HEIC.jpg", "zz_good.jpg"]


@pytest.mark.parametrize("letter", ["x", "ü", "\udcff"])
def test_long_names_that_end_differently_stay_different(letter):
    """One bracket's picture was written over another's."""
    long = letter * (250 // len(os.fsencode(letter)))
    found = {file_names.name(long + end, "_mertens.jpg") for end in ("", "1", "2")}
    assert len(found) == 3 and all(len(os.fsencode(name)) <= 255 and name.endswith("_mertens.jpg") for name in found)
    assert file_names.name("short", "_mertens.jpg") == "short_mertens.jpg"
