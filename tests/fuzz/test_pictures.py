"""Damaged photographs and panoramas of each kind: read, or refused in one line that names the file."""

from pathlib import Path

import pytest
from helpers import photographs
from helpers.fuzzing import damaged, drawn, only_documented_errors
from hypothesis import given
from hypothesis import strategies as st

from hdrkit.core.errors import HdrkitError
from hdrkit.images import exposure_metadata, image_files, kinds, raw
from hdrkit.simulation import panorama

KEPT = Path(__file__).parent / "kept"  # whole files, where a few bytes in an `@example` would not do


@pytest.mark.parametrize("name", photographs.PICTURES + photographs.TIFFS)
def test_a_damaged_photograph(tmp_path, name):
    path = photographs.write(tmp_path / name)
    whole = image_files.read(path)
    assert whole.pixels.size

    @drawn(12)
    @given(damaged(path.read_bytes()))
    def read(data):
        path.write_bytes(data)
        kinds.kind(path)
        image_files.suffix_for(path)
        exposure_metadata.read_settings(path)
        with only_documented_errors():
            image_files.read_metadata(path)
        with only_documented_errors():
            picture = image_files.read(path)
            assert image_files.upright(picture).size == picture.pixels.size

    read()


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "deep.png", "none.tif", "jpeg.tif", "a.dng"])
def test_a_damaged_frame(tmp_path, name):
    path = photographs.write(tmp_path / name)
    assert raw.decode_linear(path).size

    @drawn(10)
    @given(damaged(path.read_bytes()))
    def read(data):
        path.write_bytes(data)
        with only_documented_errors():
            raw.read_header(path)
        with only_documented_errors():
            raw.decode_linear(path, "LINEAR")

    read()


@pytest.mark.parametrize("name", photographs.PANORAMAS)
def test_a_damaged_panorama(tmp_path, name):
    path = photographs.write(tmp_path / name)
    assert panorama.load_panorama(path).shape == (*photographs.SIZE[::-1], 3)

    @drawn(10)
    @given(damaged(path.read_bytes()))
    def load(data):
        path.write_bytes(data)
        with only_documented_errors():
            panorama.load_panorama(path)

    load()


@pytest.mark.parametrize("suffix", sorted({suffixes[0] for suffixes in kinds.SUFFIXES.values()} | {".nef", ".cr3"}))
def test_any_bytes_under_any_name(tmp_path, suffix):
    starts = [*kinds.TIFF_STARTS, *kinds.RAW_STARTS, b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\1\0\0WEBP", b"",
              b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom"]  # fmt: skip
    path = tmp_path / f"a{suffix}"

    @drawn(10)
    @given(st.sampled_from(starts), st.binary(max_size=200))
    def read(start, rest):
        path.write_bytes(start + rest)
        with only_documented_errors():
            image_files.read(path)
        with only_documented_errors():
            image_files.read_metadata(path)

    read()


@pytest.mark.parametrize("path", sorted(KEPT.iterdir()), ids=lambda path: path.name)
def test_a_file_that_once_did_harm(path):
    with pytest.raises(HdrkitError, match=path.name):
        image_files.read(path)
