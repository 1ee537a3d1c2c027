"""`hdrkit enhance` on damaged photographs and brackets: each is made whole, or named in a line; no other is lost."""

import os

import numpy as np
import pytest
from helpers import photographs
from helpers.fuzzing import damaged, drawn, only_documented_errors
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.enhancement import batch, bracket_files
from hdrkit.images import image_files


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "deflate.tif", "lossless.webp"])
def test_a_damaged_photograph_beside_a_whole_one(tmp_path_factory, capfd, name):
    source = photographs.write(tmp_path_factory.mktemp("in") / name)
    good = photographs.write(source.parent / "zz_good.jpg")

    @drawn(8)
    @given(damaged(source.read_bytes()))
    def enhance(data):
        source.write_bytes(data)
        out = tmp_path_factory.mktemp("out")
        try:
            written = batch.enhance_files([source, good], out, batch.EnhanceOptions(compare=True, confidence=True))
            assert len(written) == 6
        except HdrkitError as error:
            lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("hdrkit: ")]
            assert str(error).startswith("1 of 2 pictures") and any(name in line for line in lines)
            assert not any("Error:" in line for line in lines), lines  # of another kind, which nobody foresaw
        assert (out / "zz_good.jpg").exists()
        for path in out.iterdir():
            assert image_files.read(path).pixels.size

    enhance()


def test_a_bracket_with_a_damaged_frame(tmp_path_factory):
    folder = tmp_path_factory.mktemp("in")
    light = photographs.pixels() / 255
    for i, gain in enumerate((0.25, 1, 4)):
        Image.fromarray(np.rint(255 * np.clip(light * gain, 0, 1)).astype(np.uint8)).save(folder / f"{i}.jpg")
    frame = folder / "1.jpg"

    @drawn(8)
    @given(damaged(frame.read_bytes()))
    def fuse(data):
        frame.write_bytes(data)
        with only_documented_errors():
            bracket_files.fuse_bracket([folder], tmp_path_factory.mktemp("out"), bracket_files.BracketOptions())

    fuse()


@drawn(30)
@given(st.binary(min_size=1, max_size=40).map(lambda name: name.replace(b"\0", b"?")))
def test_names_that_mean_nothing(tmp_path, name):
    with only_documented_errors():
        batch.enhance_files(
            [tmp_path / "in" / os.fsdecode(name).replace("/", "?")], tmp_path / "out", batch.EnhanceOptions()
        )
