"""Small files that claim to be huge are refused by their headers, before anything is unpacked."""

import struct
import tracemalloc
import zlib

import cv2
import numpy as np
import OpenEXR
import pillow_heif
import pytest
import tifffile
from helpers import photographs
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.scene_geometry import read_render
from hdrkit.images import image_files, png_files, raw, sizes
from hdrkit.simulation import panorama

HUGE = 60_000  # pixels of each edge: more than 2^30 in all


def png(path):
    header = (b"IHDR", struct.pack(">IIBBBBB", HUGE, HUGE, 8, 0, 0, 0, 0))
    path.write_bytes(png_files._file([header, (b"IDAT", zlib.compress(bytes(2**26), 9)), (b"IEND", b"")]))


def jpeg(path):
    Image.new("L", (16, 16)).save(path)
    data = path.read_bytes()
    at = data.index(b"\xff\xc0") + 5
    path.write_bytes(data[:at] + struct.pack(">HH", HUGE, HUGE) + data[at + 4 :])


def tiff(path):
    tifffile.imwrite(path, np.zeros((16, 16), np.uint8), compression="deflate", metadata=None)
    with tifffile.TiffFile(path, mode="r+") as file:
        for name in ("ImageWidth", "ImageLength", "RowsPerStrip"):
            file.pages.first.tags[name].overwrite(HUGE)


def heic(path):
    pillow_heif.from_bytes("L", (64, 64), bytes(64 * 64)).save(path, quality=50)
    data = path.read_bytes()
    assert data.count(b"ispe") == 1
    at = data.index(b"ispe") + 8
    path.write_bytes(data[:at] + struct.pack(">II", HUGE, HUGE) + data[at + 8 :])


@pytest.mark.parametrize("write", [png, jpeg, tiff, heic], ids=lambda write: write.__name__)
def test_a_photograph(tmp_path, write):
    path = tmp_path / f"a.{write.__name__}"
    write(path)
    tracemalloc.start()
    with pytest.raises(HdrkitError, match=f"a.{write.__name__}: "):
        image_files.read(path)
    assert tracemalloc.get_traced_memory()[1] < 2**26
    tracemalloc.stop()


@pytest.mark.parametrize("write", [png, jpeg, tiff], ids=lambda write: write.__name__)
def test_a_frame_and_a_render(tmp_path, write):
    path = tmp_path / f"a.{write.__name__}"
    write(path)
    for read in (raw.read_header, raw.decode_linear, raw.check_pixels, read_render):
        with pytest.raises(HdrkitError, match=f"a.{write.__name__}: "):
            read(path)


def test_a_panorama(tmp_path):
    path = tmp_path / "a.exr"
    light = np.zeros((16, 32, 3), np.float32)
    with OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}, {"RGB": light}) as file:
        file.write(str(path))
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<4i", 0, 0, 31, 15), struct.pack("<4i", 0, 0, HUGE - 1, HUGE // 2 - 1)))
    with pytest.raises(HdrkitError, match="a.exr: "):
        panorama.load_panorama(path)
    cv2.imwrite(str(tmp_path / "a.hdr"), light)
    data = (tmp_path / "a.hdr").read_bytes()
    (tmp_path / "a.hdr").write_bytes(data.replace(b"-Y 16 +X 32", b"-Y 30000 +X 60000"))
    with pytest.raises(HdrkitError, match="a.hdr: "):
        panorama.load_panorama(tmp_path / "a.hdr")


def test_a_profile_in_a_png_that_unpacks_to_a_thousandfold(tmp_path):
    path = photographs.write(tmp_path / "a.png")
    chunks = [chunk for chunk in png_files._chunks(path.read_bytes()) if chunk[0] != b"iCCP"]
    bomb = (b"iCCP", b"p\0\0" + zlib.compress(bytes(2**28), 9))
    path.write_bytes(png_files._file([chunks[0], bomb, *chunks[1:]]))
    tracemalloc.start()
    assert image_files.read(path).metadata.profile == b""
    assert tracemalloc.get_traced_memory()[1] < 2**28
    tracemalloc.stop()


def test_what_is_too_large_depends_on_memory_and_on_the_file(tmp_path, monkeypatch):
    path = tmp_path / "a.tif"
    path.write_bytes(bytes(2**20))
    monkeypatch.setattr(sizes, "memory_bytes", lambda: 8 * 2**30)
    sizes.check(path, (10_000, 5_000), 6)
    sizes.check(path, (2**13, 2**13), 8)  # small: its file may be of any size
    with pytest.raises(HdrkitError, match=r"a.tif: too large for the memory of this machine \(40000 x 20000 pixels\)"):
        sizes.check(path, (40_000, 20_000), 6)
    with pytest.raises(HdrkitError, match="or damaged"):
        sizes.check(path, (20_000, 15_000), 6)  # to 1.8 GB, from 1 MB
    monkeypatch.setattr(sizes, "memory_bytes", lambda: 0)  # not known
    with pytest.raises(HdrkitError):
        sizes.check(path, (2**15, 2**15 + 1), 1)
