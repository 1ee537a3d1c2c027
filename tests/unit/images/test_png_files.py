"""PNGs of every colour type and depth, against Pillow where it reads them without rounding."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.images import image_files

PIXELS = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("transparency", [None, 3])
def test_each_colour_type_is_seen_as_pillow_sees_it(tmp_path, mode, transparency):
    picture = Image.fromarray(PIXELS).convert(mode)
    options = {} if transparency is None or mode not in ("L", "P") else {"transparency": transparency}
    picture.save(tmp_path / "a.png", **options)
    with Image.open(tmp_path / "a.png") as found:
        there = np.asarray(found.convert("LA" if mode in ("1", "L", "LA") else "RGBA"))
    for name in ("a.png", "b.png"):
        read = image_files.read(tmp_path / name)
        assert np.array_equal(read.pixels, there[..., :-1].squeeze())
        assert np.array_equal(read.alpha, there[..., -1]) if read.alpha is not None else (there[..., -1] == 255).all()
        image_files.write(tmp_path / "b.png", read)


@given(st.data())
@settings(max_examples=30)
def test_any_picture_comes_back_in_every_bit(tmp_path_factory, data):
    kind = data.draw(st.sampled_from([np.uint8, np.uint16]))
    shape = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    grey, clear, seed = data.draw(st.booleans()), data.draw(st.booleans()), data.draw(st.integers(0, 99))
    draw = np.random.default_rng(seed).integers
    top = np.iinfo(kind).max
    pixels = draw(0, top, shape if grey else (*shape, 3), kind, endpoint=True)
    alpha = draw(0, top, shape, kind, endpoint=True) if clear else None
    path = tmp_path_factory.mktemp("png") / "a.png"
    image_files.write(path, image_files.ImageFile(pixels, alpha))
    found = image_files.read(path)
    assert found.pixels.dtype == kind and np.array_equal(found.pixels, pixels)
    assert found.alpha is None if alpha is None else np.array_equal(found.alpha, alpha)


def test_a_png_cut_anywhere_is_refused(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / "whole.png")
    data = (tmp_path / "whole.png").read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        (tmp_path / "cut.png").write_bytes(data[: int(len(data) * share)])
        with pytest.raises(HdrkitError, match=r"cut.png: cannot be read \(.*; copy it again"):
            image_files.read(tmp_path / "cut.png")


@pytest.mark.parametrize(
    "chunk", [b"cICP\x0c\x0d\0\1", b"gAMA\0\1\x86\xa0", b"cHRM" + struct.pack(">8I", *range(30000, 38000, 1000))]
)
def test_what_a_png_says_of_its_colours_comes_back_as_it_is_said(tmp_path, chunk):
    put_behind_header(tmp_path / "a.png", chunk)
    image_files.write(tmp_path / "b.png", image_files.read(tmp_path / "a.png"))
    assert chunk in (tmp_path / "b.png").read_bytes() and b"iCCP" not in (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("curve", [16, 18])
def test_a_png_for_hdr_screens_is_refused(tmp_path, curve):
    put_behind_header(tmp_path / "a.png", bytes([*b"cICP", 9, curve, 0, 1]))
    with pytest.raises(HdrkitError, match=r"a.png: its values are of a curve for HDR screens"):
        image_files.read(tmp_path / "a.png")


def put_behind_header(path, chunk):
    Image.fromarray(PIXELS).save(path)
    data = path.read_bytes()
    added = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    path.write_bytes(data[:33] + added + data[33:])
