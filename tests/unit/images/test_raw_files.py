"""Raw files of each build say what the camera said: TIFFs, Canon's CR3 in parts, and files with a preview alone."""

import io
import struct
from fractions import Fraction

import numpy as np
import pytest
import tifffile
from helpers.shots import write_shot
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.images import image_files, raw, raw_files, tiff_directory
from hdrkit.images.tiff_directory import EXIF, GPS, INTEROPERABILITY, Entry

TIME = Entry(5, 1, struct.pack("<II", 1, 80))
MAKE = {271: Entry(2, 5, b"Acme\0")}


def box(name, body):
    return struct.pack(">I4s", len(body) + 8, name) + body


def test_a_cr3_says_it_in_parts(tmp_path):
    parts = {b"CMT1": MAKE, b"CMT2": {33434: TIME}, b"CMT4": {1: Entry(2, 2, b"N\0")}}
    boxes = b"".join(box(name, tiff_directory.block(directory, "<")) for name, directory in parts.items())
    path = tmp_path / "a.cr3"
    path.write_bytes(box(b"ftyp", b"crx \0\0\0\1") + box(b"moov", box(b"uuid", bytes(16) + boxes)))
    found = tiff_directory.read(raw_files._exif(path))
    assert found[271] == MAKE[271] and found[EXIF].inside[33434] == TIME
    assert found[GPS].inside == parts[b"CMT4"]
    assert found[274].value == b"\1\0"


@pytest.mark.parametrize("order", "<>")
def test_a_file_of_another_build_says_it_in_its_preview(tmp_path, monkeypatch, order):
    stream = io.BytesIO()
    exif = tiff_directory.block({271: MAKE[271], EXIF: tiff_directory.pointer({33434: TIME})}, order)
    Image.new("RGB", (8, 8)).save(stream, "JPEG", exif=b"Exif\0\0" + exif)
    monkeypatch.setattr(raw_files, "in_decoder", lambda function, path: {"jpeg": stream.getvalue()})
    path = tmp_path / "a.raf"
    path.write_bytes(b"FUJIFILMCCD-RAW ")
    found = raw_files._exif(path)
    assert tiff_directory.layout(found).order == order
    assert tiff_directory.read(found)[EXIF].inside[33434] == TIME


def test_a_file_that_says_nothing_says_what_libraw_knows(tmp_path, monkeypatch):
    known = {"time": 0.0125, "aperture": 2.8, "focal_length": 0, "iso": 400, "jpeg": b""}
    monkeypatch.setattr(raw_files, "in_decoder", lambda function, path: known)
    path = tmp_path / "a.x3f"
    path.write_bytes(b"FOVb")
    inside = tiff_directory.read(raw_files._exif(path))[EXIF].inside
    assert inside[33434] == TIME and inside[34855].value == struct.pack("<H", 400) and 37386 not in inside


def test_exposure_in_the_first_directory_is_in_that_of_exif_too(tmp_path):
    path = write_shot(tmp_path / "a.dng", Fraction(1, 80))
    data = path.read_bytes()
    moved = tiff_directory.read(data) | {33434: TIME}
    moved.pop(EXIF)
    path.write_bytes(tiff_directory.block(moved, "<"))
    assert tiff_directory.read(raw_files._exif(path))[EXIF].inside[33434] == TIME


@pytest.mark.parametrize("order", "<>")
def test_maker_note_interoperability_and_position_come_along(tmp_path, order):
    inside = {
        33434: TIME,
        37500: Entry(7, 9, b"maker\0\1\2\3", at=900),
        INTEROPERABILITY: tiff_directory.pointer({1: Entry(2, 4, b"R98\0")}),
    }
    said = MAKE | {EXIF: tiff_directory.pointer(inside), GPS: tiff_directory.pointer({1: Entry(2, 2, b"N\0")})}
    path = tmp_path / "a.nef"
    path.write_bytes(tiff_directory.block(said, order))
    block = raw_files._exif(path)
    found = tiff_directory.read(block)
    assert found[EXIF].inside.items() >= inside.items() and found[GPS] == said[GPS]
    assert block[900:909] == b"maker\0\1\2\3"


def monochrome(path, values):
    """Write a DNG of a sensor without a colour filter array (DNG 1.4, LinearRaw of one channel)."""
    tags = [(271, "s", 0, "Acme", True), (50706, "B", 4, (1, 4, 0, 0), True), (50708, "s", 0, "Acme Mono", True),
            (50714, "H", 1, 0, True), (50717, "H", 1, 65535, True)]  # fmt: skip
    tifffile.imwrite(path, values, photometric="minisblack", metadata=None, software=False, extratags=tags)
    entry = struct.pack("<HHI", 262, 3, 1)
    path.write_bytes(path.read_bytes().replace(entry + struct.pack("<H", 1), entry + struct.pack("<H", 34892)))


def test_a_monochrome_sensor_gives_a_grey_picture(tmp_path):
    values = np.tile(np.linspace(1000, 60000, 120).astype(np.uint16), (80, 1))
    monochrome(tmp_path / "mono.dng", values)
    picture = image_files.read(tmp_path / "mono.dng")
    assert picture.pixels.shape == (80, 120) and picture.pixels.dtype == np.uint16
    light = raw.decode_linear(tmp_path / "mono.dng")
    assert light.shape == (80, 120, 3) and np.abs(light[..., 0] - values / 65535).max() < 0.01


def test_what_libraw_cannot_read_is_said_and_what_to_do(tmp_path):
    path = tmp_path / "a.nef"
    path.write_bytes(b"a camera that nobody knows" * 40)
    with pytest.raises(HdrkitError, match="a.nef: .* that LibRaw does not know.*; .* convert it to DNG"):
        image_files.read(path)


def test_frames_of_a_bracket_may_have_any_name(tmp_path):
    path = tmp_path / "caf\udce9.jpg"
    Image.new("RGB", (8, 6), (255, 255, 255)).save(path)
    assert raw.decode_linear(path).min() == 1


def test_a_raw_file_that_is_cut_short_is_one_line(tmp_path, capfd):
    path = write_shot(tmp_path / "a.dng", Fraction(1, 80))
    data = path.read_bytes()
    for share in (0.3, 0.6, 0.99):
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(HdrkitError, match="a.dng: cannot be decoded"):
            image_files.read(path)
    assert capfd.readouterr().err == ""


def test_an_upright_picture_is_turned_by_no_tag(tmp_path):
    xmp = b'<rdf:Description tiff:Orientation="6"><tiff:Orientation>8</tiff:Orientation></rdf:Description>'
    path = tmp_path / "a.dng"
    turned = {274: Entry(3, 1, b"\6\0"), 700: Entry(1, len(xmp), xmp), 1: Entry(3, 1, b"\1\0")}
    path.write_bytes(tiff_directory.block(turned, "<"))
    found = tiff_directory.read(raw_files._exif(path))
    assert found[274].value == b"\1\0" and 1 not in found
    assert found[700].value == xmp.replace(b"6", b"1").replace(b"8", b"1")
