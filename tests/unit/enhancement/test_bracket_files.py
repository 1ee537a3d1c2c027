"""`hdrkit enhance --bracket`: the fused picture has what belongs to its metered frame, radiance has its unit."""

import io
import os
import struct
import sys
from fractions import Fraction

import cv2
import imagecodecs
import numpy as np
import OpenEXR
import pillow_heif
import pytest
from helpers import cameras
from helpers.shots import write_shot
from PIL import Image, ImageOps

from hdrkit.cli import main
from hdrkit.core.errors import HdrkitError
from hdrkit.fusion.bracket import fuse_files
from hdrkit.images import colour_profiles, image_files, pillow_files, radiance_files, raw, srgb, tiff_directory
from hdrkit.images.tiff_directory import EXIF, GPS, Entry, pointer

STOPS = np.array([-2.0, 0.0, 2.0])
DISPLAY_P3 = imagecodecs.cms_profile(
    "rgb",
    whitepoint=(0.3127, 0.3290, 1),
    primaries=(0.68, 0.32, 1, 0.265, 0.69, 1, 0.15, 0.06, 1),
    transferfunction=srgb.decode(np.linspace(0, 1, 4096)),
)
NOTE = b"Acme\0 a maker's note"
COMPOSITE, SOURCES = 42080, 42081


def enhance(folder, out, *options):
    return main.main(["enhance", str(folder), "--out", str(out), "--bracket", *options])


def exif_of(stop, orientation=1):
    """A camera's EXIF block: an exposure by the stop, a maker note, a position, and a thumbnail of something else."""
    stream = io.BytesIO()
    Image.new("RGB", (160, 107), "red").save(stream, "JPEG", quality=95)
    small = stream.getvalue() + bytes(9000)
    time = Entry(5, 1, struct.pack("<II", 2 ** int(stop + 4), 960))
    inside = {
        33434: time,
        34855: Entry(3, 1, b"\xc8\0"),
        37500: Entry(7, len(NOTE), NOTE),
        42036: Entry(2, 5, b"Lens\0"),
    }
    where = {1: Entry(2, 2, b"N\0")}
    first = {271: Entry(2, 5, b"Acme\0"), 274: Entry(3, 1, struct.pack("<H", orientation))}
    block = tiff_directory.block(first | {EXIF: pointer(inside), GPS: pointer(where)}, "<")
    at = len(block) + len(block) % 2
    second = struct.pack("<HHHIIHHIII", 2, 513, 4, 1, at + 30, 514, 4, 1, len(small), 0)
    place = tiff_directory.place_of_next(block)
    return block[:place] + struct.pack("<I", at) + block[place + 4 :].ljust(at - place - 4, b"\0") + second + small


def write_bracket(folder, orientation=1, write=None, curve="sRGB"):
    """Three frames, the metered one in the middle, which lie in their files as the orientation says."""
    folder.mkdir()
    bracket = cameras.simulate(curve, STOPS, "city")
    turned = {1: None, 6: Image.Transpose.ROTATE_90}[orientation]
    for i, frame in enumerate(bracket.frames):
        picture = Image.fromarray(frame)
        picture = picture.transpose(turned) if turned is not None else picture
        exif = exif_of(STOPS[i], orientation)
        if write is None:
            xmp = b'<x tiff:Orientation="%d" xmp:Rating="5"/>' % orientation
            picture.save(folder / f"{i}.jpg", quality=97, exif=b"Exif\0\0" + exif, xmp=xmp)
        else:
            write(folder / f"{i}", picture, exif)
    return bracket


def directory_of(path):
    return tiff_directory.read(image_files.read_metadata(path).exif)


def test_a_fused_bracket_is_named_after_its_first_frame_and_kept(tmp_path, capsys):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for i, time in enumerate([Fraction(1, 320), Fraction(1, 80), Fraction(1, 20)]):
        write_shot(folder / f"{i}.dng", time, seed=i)
    assert main.main(["enhance", str(folder), "--out", str(out), "--bracket"]) == 0
    made = (out / "0_mertens.jpg").stat().st_mtime_ns
    assert image_files.read(out / "0_mertens.jpg").pixels.shape == (200, 300, 3)
    assert main.main(["enhance", str(folder), "--out", str(out), "--bracket"]) == 0
    assert "0_mertens.jpg was there already and kept; --force" in capsys.readouterr().err
    assert (out / "0_mertens.jpg").stat().st_mtime_ns == made


def test_what_is_doubtful_of_a_bracket_is_said_and_the_rest_is_fused(tmp_path, capsys):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for i, time in enumerate([Fraction(1, 320), Fraction(1, 80), Fraction(1, 20)]):
        write_shot(folder / f"{i}.dng", time, seed=i)
    Image.new("RGB", (300, 200)).save(folder / "lens_cap.jpg")
    assert main.main(["enhance", str(folder), "--out", str(out), "--bracket", "--method", "debevec_drago"]) == 0
    assert "hdrkit: " in (said := capsys.readouterr().err) and "lens_cap.jpg: a picture among raw files" in said
    assert (out / "0_debevec_drago.jpg").exists()


def test_what_is_no_bracket_is_said_and_a_wrong_method_is_bad_usage(tmp_path, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    Image.new("RGB", (90, 60)).save(folder / "a.jpg")
    assert main.main(["enhance", str(folder / "a.jpg"), "--out", str(tmp_path / "out"), "--bracket"]) == 1
    assert "a bracket needs two frames" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main.main(["enhance", str(folder), "--out", str(tmp_path / "out"), "--bracket", "--method", "magic"])
    assert stopped.value.code == 2


def p3_bracket(folder):
    """Three frames of Display P3, encoded by its curve, and their light, float32 (h, w, 3), of its primaries."""
    folder.mkdir()
    light = cv2.resize(np.random.default_rng(2).random((20, 30, 3)).astype(np.float32), (300, 200)) * 0.5
    for i, stops in enumerate((-2, 0, 2)):
        exif = Image.Exif()
        exif.get_ifd(34665)[33434] = 2.0**stops / 60
        frame = Image.fromarray(srgb.encode_integers(light * 2.0**stops, np.uint8))
        frame.save(folder / f"{i}.jpg", quality=97, subsampling=0, exif=exif, icc_profile=DISPLAY_P3)
    return light


def test_a_fused_bracket_has_the_profile_of_its_frames(tmp_path):
    p3_bracket(tmp_path / "in")
    assert enhance(tmp_path / "in", tmp_path / "out") == 0
    with Image.open(tmp_path / "out/0_mertens.jpg") as found:
        assert found.info["icc_profile"] == DISPLAY_P3


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_fused_picture_has_what_belongs_to_its_metered_frame(tmp_path, orientation):
    bracket = write_bracket(tmp_path / "in", orientation)
    assert enhance(tmp_path / "in", tmp_path / "out") == 0
    path = tmp_path / "out/0_mertens.jpg"
    with Image.open(path) as found:
        assert found.size == bracket.frames[0].shape[1::-1] == ImageOps.exif_transpose(found).size
        exif, xmp = found.getexif(), found.info["xmp"]
        inside = exif.get_ifd(EXIF)
    assert xmp == b'<x tiff:Orientation="1" xmp:Rating="5"/>'
    assert exif[271] == "Acme" and exif[274] == 1 and exif.get_ifd(GPS) == {1: "N"}
    assert inside[33434] == 1 / 60 and inside[34855] == 200 and inside[42036] == "Lens"
    assert inside[COMPOSITE] == 2 and inside[SOURCES] == (3, 3)
    assert (inside[40962], inside[40963]) == (360, 240)
    block = image_files.read_metadata(path).exif
    assert block.index(NOTE) == exif_of(0).index(NOTE)  # places in it count from where it lay
    second = tiff_directory.read(block, tiff_directory.next_place(block))
    at, length = (struct.unpack("<I", second[tag].value)[0] for tag in (513, 514))
    small = np.asarray(Image.open(io.BytesIO(block[at : at + length])), float)
    whole = cv2.resize(image_files.read(path).pixels, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small - whole).mean() < 8


def test_a_fused_raw_bracket_has_the_exif_of_its_metered_frame(tmp_path):
    (tmp_path / "in").mkdir()
    for i, time in enumerate([Fraction(1, 320), Fraction(1, 80), Fraction(1, 20)]):
        write_shot(tmp_path / f"in/{i}.dng", time, seed=i)
    Image.new("RGB", (300, 200)).save(tmp_path / "in/lens_cap.jpg")
    assert enhance(tmp_path / "in", tmp_path / "out") == 0
    with Image.open(tmp_path / "out/0_mertens.jpg") as found:
        exif, inside = found.getexif(), found.getexif().get_ifd(EXIF)
    assert exif[271] == "hdrkit" and exif[274] == 1 and 273 not in exif
    assert inside[33434] == 1 / 80 and inside[33437] == 8 and inside[36867] == "2019:03:01 12:00:00"
    assert inside[COMPOSITE] == 2 and inside[SOURCES] == (4, 3)


def test_heic_frames_are_fused_with_what_belongs_to_them(tmp_path, capsys):
    def write(stem, picture, exif):
        pillow_heif.from_pillow(picture).save(
            f"{stem}.heic", quality=90, exif=b"Exif\0\0" + exif, icc_profile=DISPLAY_P3
        )

    write_bracket(tmp_path / "in", write=write)
    assert enhance(tmp_path / "in", tmp_path / "out") == 0
    assert capsys.readouterr().err == ""  # with exposures from EXIF
    found = directory_of(tmp_path / "out/0_mertens.jpg")
    assert found[271].value == b"Acme\0" and (found[EXIF].inside or {})[33434].value == struct.pack("<II", 16, 960)
    assert image_files.read_metadata(tmp_path / "out/0_mertens.jpg").profile == DISPLAY_P3


def read_radiance(folder):
    with OpenEXR.File(str(folder / "0_radiance.exr")) as file:
        return file.channels()["RGB"].pixels, dict(file.header())


def off_by(light, truth):
    """Median of how far light is from the truth, in stops."""
    seen = (truth > 0.01) & (light > 0)
    return np.median(np.abs(np.log2(light[seen] / truth[seen])))


def test_radiance_is_that_of_the_scene_where_1_is_white_in_the_metered_frame(tmp_path, capsys):
    bracket = write_bracket(tmp_path / "in")
    assert enhance(tmp_path / "in", tmp_path / "out", "--radiance") == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        str(tmp_path / "out" / name) for name in ("0_mertens.jpg", "0_radiance.exr", "0_radiance.hdr")
    ]
    assert "relative radiance, linear: 0.2159 is what 1.jpg encodes as 128 of 255" in said.err
    light, header = read_radiance(tmp_path / "out")
    assert "relative radiance" in header["comments"]
    assert header["chromaticities"] == pytest.approx(radiance_files.CHROMATICITIES)
    merged = fuse_files(sorted((tmp_path / "in").iterdir()), radiance=True).radiance
    assert light.shape == bracket.radiance.shape and np.array_equal(light, merged)
    assert off_by(light, bracket.radiance) < 0.1
    assert light.max() > 2  # brighter than the metered frame shows
    rgbe = cv2.imread(str(tmp_path / "out/0_radiance.hdr"), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_COLOR_RGB)
    assert (np.abs(rgbe - light) <= light.max(axis=2, keepdims=True) / 127).all()
    assert b"# relative radiance" in (tmp_path / "out/0_radiance.hdr").read_bytes()[:200]


def test_radiance_of_any_camera_curve_is_that_of_the_scene(tmp_path):
    bracket = write_bracket(tmp_path / "in", curve="S-shaped")
    assert enhance(tmp_path / "in", tmp_path / "out", "--radiance", "--method", "local_laplacian") == 0
    light, _ = read_radiance(tmp_path / "out")
    ratio = np.log2(light / np.maximum(bracket.radiance, 1e-6))[bracket.radiance > 0.01]
    assert np.median(np.abs(ratio - np.median(ratio))) < 0.1
    grey = bracket.frames[1] == 128
    assert np.median(light[grey]) == pytest.approx(srgb.decode(np.array(128 / 255)), rel=0.05)


def test_radiance_is_of_srgbs_primaries(tmp_path):
    """Frames of Display P3, whose light is known."""
    folder, light = tmp_path / "in", p3_bracket(tmp_path / "in")
    assert enhance(folder, tmp_path / "out", "--radiance") == 0
    found, _ = read_radiance(tmp_path / "out")
    assert off_by(found, light @ colour_profiles.colours(DISPLAY_P3).to_srgb.T) < 0.05 < off_by(found, light)


def test_what_is_there_of_a_brackets_results_is_kept(tmp_path, capsys):
    folder, out = tmp_path / "in", tmp_path / "out"
    write_bracket(folder)
    assert enhance(folder, out) == 0
    made = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert enhance(folder, out, "--radiance") == 0
    assert capsys.readouterr().err.count("was there already and kept") == 1
    assert (out / "0_mertens.jpg").stat().st_mtime_ns == made["0_mertens.jpg"]
    (out / "0_radiance.hdr").write_bytes(b"mine")
    assert enhance(folder, out, "--radiance") == 0
    assert capsys.readouterr().err.count("was there already and kept") == 3
    assert (out / "0_radiance.hdr").read_bytes() == b"mine"
    assert enhance(folder, out, "--radiance", "--force") == 0
    assert (out / "0_radiance.hdr").read_bytes() != b"mine"


def test_times_by_hand_are_one_per_file(tmp_path, capsys):
    write_bracket(tmp_path / "in")
    assert enhance(tmp_path / "in", tmp_path / "out", "--times", "1/60,1/15") == 1
    assert "--times: 2 times for 3 frames, in this order: 0.jpg, 1.jpg, 2.jpg" in capsys.readouterr().err
    assert enhance(tmp_path / "in", tmp_path / "out", "--times", "1/240,1/60,1/15") == 0
    assert capsys.readouterr().err == ""


def test_a_picture_longer_than_a_jpeg_can_be_is_made_smaller_and_radiance_is_not(tmp_path, monkeypatch):
    write_bracket(tmp_path / "in")
    monkeypatch.setattr(pillow_files, "LONGEST_EDGE", 120)
    assert enhance(tmp_path / "in", tmp_path / "out", "--radiance") == 0
    with Image.open(tmp_path / "out/0_mertens.jpg") as found:
        assert found.size == (120, 80) and found.getexif().get_ifd(EXIF)[40962] == 120
    assert read_radiance(tmp_path / "out")[0].shape == (240, 360, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="names here are of bytes that no other system takes")
@pytest.mark.parametrize("name", [b"caf\xe9.jpg", b"new\nline.jpg"])
def test_frames_of_any_name_have_radiance(tmp_path, name):
    write_bracket(tmp_path / "in")
    os.rename(tmp_path / "in/1.jpg", os.fsencode(tmp_path / "in") + b"/1" + name)
    assert enhance(tmp_path / "in", tmp_path / "out", "--radiance") == 0
    header = (tmp_path / "out/0_radiance.hdr").read_bytes().split(b"\n\n")[0].decode().splitlines()
    assert all(line.startswith(("#", "FORMAT=", "PRIMARIES=")) for line in header)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
@pytest.mark.parametrize("name", ["pipe.jpg", "pipe.dng"])
def test_a_pipe_among_the_frames_is_not_waited_for(tmp_path, capsys, name):
    os.mkfifo(tmp_path / name)
    Image.new("RGB", (60, 40)).save(tmp_path / "a.jpg")
    arguments = [str(tmp_path / name), str(tmp_path / "a.jpg"), "--out", str(tmp_path / "out")]
    assert main.main(["enhance", "--bracket", *arguments]) == 1
    assert "Traceback" not in capsys.readouterr().err
    with pytest.raises(HdrkitError, match="a pipe or a device, not a file"):
        raw.read_header(tmp_path / name)
