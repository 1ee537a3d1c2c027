"""A file is what its bytes say, whatever its name says; what is not read here is called by its name."""

import os
from fractions import Fraction

import imagecodecs
import numpy as np
import pytest
from helpers.shots import write_shot
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.images import image_files, kinds

PIXELS = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF", "avif": "AVIF"}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.nef", "a.dng", "a.heic", "a.txt", "a"])
def test_names_do_not_matter(tmp_path, kind, name):
    path = tmp_path / name
    Image.fromarray(PIXELS).save(path, FORMATS[kind])
    assert kinds.kind(path) == kind and image_files.is_picture(path)
    assert image_files.read(path).pixels.shape == PIXELS.shape
    assert image_files.suffix_for(path) in kinds.SUFFIXES[kind]


@pytest.mark.parametrize("name", ["a.dng", "a.nrw", "a.3fr", "a.tif", "a.jpg", "caf\udce9.nef"])
def test_a_raw_file_is_known_by_its_mosaic(tmp_path, name):
    path = write_shot(tmp_path / "shot.dng", Fraction(1, 80)).rename(tmp_path / name)
    assert kinds.kind(path) == "raw" and image_files.suffix_for(path) == ".tif"
    assert image_files.read(path).pixels.dtype == np.uint16


def test_a_usual_suffix_is_kept_and_another_one_is_not(tmp_path):
    for name, suffix in (("a.JPG", ".JPG"), ("a.jfif", ".jfif"), ("a.jpeg", ".jpeg"), ("a.tif", ".jpg")):
        Image.fromarray(PIXELS).save(tmp_path / name, "JPEG")
        assert image_files.suffix_for(tmp_path / name) == suffix


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"GIF89a", "GIF"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\xff\x0a", "JPEG XL"),
        (b"\0\0\0\x0cjP  ", "JPEG 2000"),
        (b"\0\0\0\x18ftypmp42", "a film"),
        (b"\0\0\0\x14ftypqt  ", "a film"),
        (b"<!DOCTYPE html>", "a drawing .SVG. or a web page"),
        (b"\0\0\1\0", "an icon"),
        (b"P6\n60 40\n", "a portable pixmap"),
    ],
)
def test_what_is_not_read_here_is_called_by_its_name(tmp_path, start, name):
    for suffix in (".jpg", ".nef", ".gif"):
        (tmp_path / f"a{suffix}").write_bytes(start + bytes(100))
        with pytest.raises(HdrkitError, match=f"this is {name}.*, which is not read here; convert it"):
            image_files.read(tmp_path / f"a{suffix}")


def test_jpegs_that_are_coded_in_other_ways_are_called_by_their_names(tmp_path):
    deep = PIXELS.astype(np.uint16) << 4
    for data, name in [
        (imagecodecs.jpeg8_encode(deep, bitspersample=12), "a JPEG of 12 bits"),
        (imagecodecs.ljpeg_encode(deep[..., 0], bitspersample=16), "a lossless JPEG"),
        (imagecodecs.jpegls_encode(PIXELS), "JPEG-LS"),
    ]:
        (tmp_path / "a.jpg").write_bytes(data)
        with pytest.raises(HdrkitError, match=f"this is {name}, which is not read here; convert it"):
            image_files.read(tmp_path / "a.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
def test_a_pipe_and_a_device_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    for path in (tmp_path / "pipe.jpg", "/dev/zero"):
        with pytest.raises(HdrkitError, match="a pipe or a device, not a file"):
            image_files.read(path)
