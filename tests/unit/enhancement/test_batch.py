"""`hdrkit enhance`: files, folders and globs; nothing overwritten, nothing lost, one bad file stops no other."""

import os
import struct
import subprocess
import sys
from fractions import Fraction

import cv2
import imagecodecs
import numpy as np
import pillow_heif
import pytest
import tifffile
from helpers.shots import write_shot
from PIL import Image

from hdrkit.cli import main
from hdrkit.core.errors import HdrkitError
from hdrkit.enhancement import api
from hdrkit.enhancement.batch import EnhanceOptions, enhance_files
from hdrkit.enhancement.file_names import find
from hdrkit.images import image_files, raw, srgb
from hdrkit.images.image_files import ImageFile
from hdrkit.images.metadata import Metadata

FRAME = (np.random.default_rng(1).random((60, 90, 3)) ** 3 * 200).astype(np.uint8)


@pytest.fixture
def folder(tmp_path):
    given = tmp_path / "in"
    given.mkdir()
    Image.fromarray(FRAME).save(given / "a.jpg", quality=95)
    Image.fromarray(FRAME).save(given / "b.png")
    tifffile.imwrite(given / "c.tif", FRAME.astype(np.uint16) * 257, photometric="rgb")
    (given / "notes.txt").write_text("not a picture", encoding="utf-8")
    return given


def test_a_folder_is_enhanced_under_its_names(folder, tmp_path):
    written = enhance_files([folder], tmp_path / "out", EnhanceOptions())
    assert [path.name for path in written] == ["a.jpg", "b.png", "c.tif"]
    assert np.array_equal(image_files.read(tmp_path / "out/b.png").pixels, api.enhance(FRAME, "auto"))
    assert tifffile.imread(tmp_path / "out/c.tif").dtype == np.uint16


def test_files_and_globs_are_found_once(folder, tmp_path):
    names = [folder / "b.png", str(folder / "*.png"), folder]
    assert find(names, tmp_path / "out") == [folder / name for name in ("b.png", "a.jpg", "c.tif")]
    with pytest.raises(HdrkitError, match=r"\*\.webp: no picture"):
        find([str(folder / "*.webp")], tmp_path / "out")


def test_results_that_a_glob_finds_are_no_sources(folder, capsys):
    """`hdrkit enhance * --out enhanced` a second time: the shell names the folder of results, too."""
    names, out = [folder / "a.jpg", folder / "b.png", folder / "enhanced"], folder / "enhanced"
    assert len(enhance_files(names[:2], out, EnhanceOptions(compare=True))) == 4
    assert enhance_files(names, out, EnhanceOptions(compare=True)) == []
    assert "4 pictures in" in (said := capsys.readouterr().err) and "2 of 2 pictures were there already" in said
    assert find([str(folder / "**/*.png")], out) == [folder / "b.png"]
    assert find([out], out) == sorted(out.iterdir())  # where there is nothing else, they are meant
    assert find([out / "b.png", folder], out)[0] == out / "b.png"  # named itself


def test_two_calls_at_once_into_one_folder(folder, tmp_path):
    """Each makes what it does not find; both end well, and no file is of both."""
    command = [sys.executable, "-m", "hdrkit", "enhance", folder, "--out", tmp_path / "out", "--compare"]
    calls = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [call.communicate()[1] for call in calls]
    assert [call.returncode for call in calls] == [0, 0], said
    enhance_files([folder], tmp_path / "alone", EnhanceOptions(compare=True))
    found, wanted = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("out", "alone")
    )
    assert found == wanted


def test_an_interrupted_call_is_finished_by_the_same_call(folder, tmp_path, monkeypatch, capsys):
    """Interrupted between any two files, the same command makes the rest, and ends with status 0."""
    arguments = ["enhance", str(folder), "--out", str(tmp_path / "out"), "--compare", "--confidence"]
    really_write, names = image_files.write, []

    def write(path, picture):
        if len(names) == stop:
            raise KeyboardInterrupt
        really_write(path, picture)
        names.append(path.name)

    monkeypatch.setattr(image_files, "write", write)
    monkeypatch.setattr(main.signal, "signal", lambda *_: None)  # those of the tests stay
    for stop in (1, 4, 8):
        assert main.main(arguments) == 130
        assert "hdrkit: interrupted; finished pictures are kept; to go on: " in capsys.readouterr().err
        assert len(names) == stop
    stop = None
    assert main.main(arguments) == 0
    assert "2 of 3 pictures were there already and kept; --force" in capsys.readouterr().err
    assert names == [f"{name}{end}" for name, suffix in [("a", ".jpg"), ("b", ".png"), ("c", ".tif")]
                     for end in (suffix, "_compare.jpg", "_confidence.png")]  # fmt: skip
    assert main.main(arguments) == 0
    assert len(names) == 9 and capsys.readouterr().out == ""


def test_a_comparison_made_later_shows_what_was_kept(folder, tmp_path):
    """Also where the second call asks for another strength: the picture that is there is the one that is compared."""
    enhance_files([folder / "b.png"], tmp_path / "out", EnhanceOptions(strength=0))
    enhance_files([folder / "b.png"], tmp_path / "out", EnhanceOptions(compare=True))
    pair = cv2.imread(str(tmp_path / "out/b_compare.jpg")).astype(int)
    assert np.abs(pair[:, :90] - pair[:, -90:]).mean() < 8  # what JPEG costs
    other = tmp_path / "other"
    other.mkdir()
    Image.fromarray(FRAME).save(other / "b.png")
    Image.fromarray(FRAME[:50]).save(folder / "b.png")
    (tmp_path / "out/b_compare.jpg").unlink()
    with pytest.raises(HdrkitError, match="1 of 1"):
        enhance_files([folder / "b.png"], tmp_path / "out", EnhanceOptions(compare=True))
    assert not (tmp_path / "out/b_compare.jpg").exists()


@pytest.mark.parametrize("error", [cv2.error("too large"), RecursionError(), OSError(5, "unreadable"), KeyError(3)])
def test_whatever_happens_to_one_picture_the_others_are_made(folder, tmp_path, monkeypatch, capsys, error):
    really_enhance = api.enhance

    def enhance(pixels, strength):
        if pixels.dtype == np.uint16:  # c.tif
            raise error
        return really_enhance(pixels, strength)

    monkeypatch.setattr(api, "enhance", enhance)
    names = [str(folder / "c.tif"), str(folder / "a.jpg")]
    assert main.main(["enhance", *names, "--out", str(tmp_path / "out")]) == 1
    first, last = capsys.readouterr().err.strip().splitlines()
    assert first.startswith(f"hdrkit: {folder / 'c.tif'}: {type(error).__name__}")
    assert last.startswith("hdrkit: 1 of 2 pictures could not be enhanced")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.jpg"]


def test_a_raw_file_becomes_a_tiff_of_16_bits(tmp_path):
    shot = write_shot(tmp_path / "shot.dng", Fraction(1, 80))
    (written,) = enhance_files([shot], tmp_path / "out", EnhanceOptions())
    assert written.name == "shot.tif"
    assert tifffile.imread(written).dtype == np.uint16


def test_bad_files_are_named_and_stop_no_other(folder, tmp_path, capsys):
    (folder / "aa_empty.jpg").write_bytes(b"")
    (folder / "ab_cut.jpg").write_bytes((folder / "a.jpg").read_bytes()[:200])
    Image.fromarray(FRAME).convert("CMYK").save(folder / "ac_inks.jpg")
    Image.fromarray(FRAME).save(folder / "ad_moving.webp", save_all=True, append_images=[Image.fromarray(FRAME[::-1])])
    tifffile.imwrite(folder / "ae_nan.tif", np.full((8, 8, 3), np.nan, np.float32), photometric="rgb")
    arguments = [str(folder), str(folder / "gone.jpg"), "--out", str(tmp_path / "out")]
    assert main.main(["enhance", *arguments]) == 1
    skipped, *lines = capsys.readouterr().err.strip().splitlines()
    assert skipped == f"hdrkit: {folder}: no pictures that are read here: notes.txt"
    for name, why in [
        ("aa_empty.jpg", "empty"), ("ab_cut.jpg", "cannot be read"), ("ac_inks.jpg", "CMYK"),
        ("ad_moving.webp", "animation"), ("ae_nan.tif", "NaN"), ("gone.jpg", "no such file"),
    ]:  # fmt: skip
        assert any(name in line and why in line for line in lines), name
    assert lines[-1].startswith("hdrkit: 6 of 9 pictures could not be enhanced")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jpg", "b.png", "c.tif"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
def test_a_pipe_among_the_names_is_a_line_and_the_others_are_done(folder, tmp_path, capsys):
    os.mkfifo(folder / "pipe.jpg")
    arguments = [str(folder / "*.jpg"), str(folder / "pipe.jpg"), "--out", str(tmp_path / "out")]
    assert main.main(["enhance", *arguments]) == 1
    assert "pipe.jpg: cannot be opened (a pipe or a device, not a file)" in capsys.readouterr().err
    assert (tmp_path / "out/a.jpg").is_file()


def test_what_has_no_room_in_the_new_file_is_a_line(folder, tmp_path, capsys):
    exif = Image.Exif()
    exif[271] = "Acme"
    exif.get_ifd(0x8769)[37500] = bytes(90_000)
    pillow_heif.from_pillow(Image.fromarray(FRAME)).save(tmp_path / "h.heic", exif=exif.tobytes())
    assert main.main(["enhance", str(tmp_path / "h.heic"), "--out", str(tmp_path / "out")]) == 0
    assert f"{tmp_path / 'h.heic'}: its EXIF data are longer than a JPEG holds" in capsys.readouterr().err


def test_nothing_is_overwritten_but_by_force(folder, tmp_path, capsys):
    before = (folder / "b.png").read_bytes()
    assert main.main(["enhance", str(folder / "b.png"), "--out", str(folder)]) == 1
    assert "b.png: lies in --out itself" in capsys.readouterr().err
    assert (folder / "b.png").read_bytes() == before
    assert main.main(["enhance", str(folder / "b.png"), "--out", str(folder), "--force"]) == 0
    assert np.array_equal(image_files.read(folder / "b.png").pixels, api.enhance(FRAME, "auto"))


def test_two_pictures_of_one_name_do_not_meet(folder, tmp_path, capsys):
    other = tmp_path / "other"
    other.mkdir()
    Image.fromarray(FRAME[::-1]).save(other / "b.png")
    for force in (False, False, True):  # made, kept, made again: the other one always fails
        with pytest.raises(HdrkitError, match="1 of 2"):
            enhance_files([folder / "b.png", other / "b.png"], tmp_path / "out", EnhanceOptions(force=force))
        assert np.array_equal(image_files.read(tmp_path / "out/b.png").pixels, api.enhance(FRAME, "auto"))
        assert f"{other / 'b.png'}: {tmp_path / 'out/b.png'} is another picture of this call" in capsys.readouterr().err


def test_a_name_is_kept_for_a_picture_that_failed(folder, tmp_path):
    """Else the next call would take the other's picture for that of the first."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.png").write_bytes(b"")
    for _ in range(2):
        with pytest.raises(HdrkitError, match="2 of 2"):
            enhance_files([other / "b.png", folder / "b.png"], tmp_path / "out", EnhanceOptions())


@pytest.mark.parametrize(("one", "two"), [("b.png", "B.png"), ("caf\xe9.png", "cafe\u0301.png")])
def test_names_that_some_disks_take_for_one_do_not_meet_there(folder, tmp_path, one, two):
    """A hard link stands for a disk that does not tell upper from lower case, or two ways to write an accent."""
    other, out = tmp_path / "other", tmp_path / "out"
    other.mkdir()
    Image.fromarray(FRAME).save(folder / one)
    Image.fromarray(FRAME[::-1]).save(other / two)
    assert len(enhance_files([folder / one, other / two], out, EnhanceOptions())) == 2
    (out / two).unlink()
    (out / two).hardlink_to(out / one)
    with pytest.raises(HdrkitError, match="1 of 2"):
        enhance_files([folder / one, other / two], out, EnhanceOptions())


def test_a_missing_file_is_not_taken_for_kept(folder, tmp_path):
    enhance_files([folder / "b.png"], tmp_path / "out", EnhanceOptions())
    (folder / "b.png").unlink()
    with pytest.raises(HdrkitError, match="1 of 1"):
        enhance_files([folder / "b.png"], tmp_path / "out", EnhanceOptions())


def test_comparison_and_confidence_lie_beside_the_picture(folder, tmp_path):
    clipped = FRAME.copy()
    clipped[:20] = 255
    picture = Image.fromarray(clipped)
    exif = Image.Exif()
    exif[274] = 6  # the camera was held upright
    picture.save(folder / "b.png", exif=exif)
    enhance_files([folder / "b.png"], tmp_path / "out", EnhanceOptions(compare=True, confidence=True))
    pair = cv2.imread(str(tmp_path / "out/b_compare.jpg"))
    assert pair.shape == (90, 60 + 2 + 60, 3)
    sure = cv2.imread(str(tmp_path / "out/b_confidence.png"), cv2.IMREAD_UNCHANGED)
    assert sure.shape == (90, 60)
    assert (sure[:, 40:] == 0).all() and (sure[:, :40] == 255).all()


def test_strength_outside_of_its_range_is_bad_usage(folder, tmp_path, capsys):
    for strength in ("-0.1", "1.5", "nan", "much"):
        with pytest.raises(SystemExit) as stopped:
            main.main(["enhance", str(folder), "--out", str(tmp_path / "out"), f"--strength={strength}"])
        assert stopped.value.code == 2
        assert f"--strength: {strength} is not a number from 0 to 1" in capsys.readouterr().err


def test_strength_is_auto_unless_a_number_is_given(tmp_path):
    near = np.clip(FRAME.astype(int) + 70, 0, 255).astype(np.uint8)  # little is advised
    Image.fromarray(near).save(tmp_path / "near.png")
    for arguments, strength in (([], "auto"), (["--strength", "auto"], "auto"), (["--strength", "0.5"], 0.5)):
        main.main(["enhance", str(tmp_path / "near.png"), "--out", str(tmp_path / "out"), "--force", *arguments])
        assert np.array_equal(image_files.read(tmp_path / "out/near.png").pixels, api.enhance(near, strength))
    assert not np.array_equal(api.enhance(near, "auto"), api.enhance(near))


def test_a_frame_that_holds_nothing_is_named_and_still_written(folder, tmp_path, capsys):
    for name, value in (("white.png", 255), ("black.png", 0)):
        Image.fromarray(np.full_like(FRAME, value)).save(folder / name)
    assert main.main(["enhance", str(folder), "--out", str(tmp_path / "out")]) == 0
    _, *lines = capsys.readouterr().err.strip().splitlines()
    assert [line.split(": ")[1:3] for line in lines] == [
        [str(folder / name), "nothing to recover"] for name in ("black.png", "white.png")
    ]
    assert (tmp_path / "out/white.png").is_file() and (tmp_path / "out/black.png").is_file()


def test_alpha_and_grey_stay(tmp_path):
    Image.fromarray(np.dstack([FRAME, FRAME[..., 0]])).save(tmp_path / "alpha.png")
    Image.fromarray(FRAME[..., 0]).save(tmp_path / "grey.png")
    enhance_files([tmp_path / "alpha.png", tmp_path / "grey.png"], tmp_path / "out", EnhanceOptions())
    with Image.open(tmp_path / "out/alpha.png") as found:
        assert found.mode == "RGBA" and np.array_equal(np.asarray(found)[..., 3], FRAME[..., 0])
    with Image.open(tmp_path / "out/grey.png") as found:
        assert found.mode == "L"


ADOBE = imagecodecs.cms_profile("adobergb")
P3_PRIMARIES = (0.68, 0.32, 1, 0.265, 0.69, 1, 0.15, 0.06, 1)
DISPLAY_P3 = imagecodecs.cms_profile(
    "rgb",
    whitepoint=(0.3127, 0.3290, 1),
    primaries=P3_PRIMARIES,
    transferfunction=srgb.decode(np.linspace(0, 1, 4096)),
)


def converted(pixels, source, target):
    """By LittleCMS, in floating point: the independent truth."""
    values = imagecodecs.cms_transform(
        pixels.astype(np.float32) / np.iinfo(pixels.dtype).max, source, target, colorspace="rgb", outcolorspace="rgb",
        outdtype=np.dtype(np.float32),
    )  # fmt: skip
    return np.rint(np.clip(values, 0, 1) * np.iinfo(pixels.dtype).max).astype(pixels.dtype)


@pytest.mark.parametrize("suffix", [".tif", ".png"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("profile", [ADOBE, DISPLAY_P3])
def test_a_photograph_is_enhanced_in_the_light_of_its_own_profile(tmp_path, suffix, kind, profile):
    """The same scene in sRGB and in other colours is enhanced to the same scene, each in its own."""
    smooth = cv2.resize(FRAME[::10, ::10], (90, 60), interpolation=cv2.INTER_CUBIC)
    scene = (smooth * 0.4 + 20).astype(kind) * (257 if kind is np.uint16 else 1)
    own = converted(scene, imagecodecs.cms_profile("srgb"), profile)
    source = tmp_path / f"a{suffix}"
    image_files.write(source, ImageFile(own, metadata=Metadata(profile=profile)))
    (written,) = enhance_files([source], tmp_path / "out", EnhanceOptions(strength=1.0))
    found = image_files.read(written)
    assert found.metadata.profile == profile and found.pixels.dtype == kind
    off = converted(found.pixels, profile, imagecodecs.cms_profile("srgb")) - api.enhance(scene).astype(int)
    assert (
        np.abs(off).mean() < (0.006 if kind is np.uint8 else 0.002) * np.iinfo(kind).max
    )  # 8 bits are coarse in shadows
    naive = converted(api.enhance(own), profile, imagecodecs.cms_profile("srgb")) - api.enhance(scene).astype(int)
    assert np.abs(naive).mean() > (1.5 if kind is np.uint8 else 5) * np.abs(off).mean()


def test_a_comparison_has_the_profile_of_what_it_compares(tmp_path):
    Image.fromarray(FRAME).save(tmp_path / "a.jpg", icc_profile=DISPLAY_P3)
    enhance_files([tmp_path / "a.jpg"], tmp_path / "out", EnhanceOptions(compare=True))
    with Image.open(tmp_path / "out/a_compare.jpg") as found:
        assert found.info["icc_profile"] == DISPLAY_P3


def test_a_comparison_longer_than_a_jpeg_can_be_is_made_smaller(tmp_path):
    Image.new("RGB", (33000, 64), (40, 40, 40)).save(tmp_path / "a.jpg")
    enhance_files([tmp_path / "a.jpg"], tmp_path / "out", EnhanceOptions(compare=True))
    with Image.open(tmp_path / "out/a_compare.jpg") as found:
        assert found.size == (65500, 63)


def test_a_cut_jpeg_is_refused(folder, tmp_path, capsys):
    data = (folder / "a.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[: len(data) * 6 // 10])
    assert main.main(["enhance", str(folder / "cut.jpg"), "--out", str(tmp_path / "out")]) == 1
    assert "cut.jpg: cannot be read (image file is truncated" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_picture_beyond_the_memory_is_one_line_that_says_what_to_do(folder, tmp_path, monkeypatch, capsys):
    def enhance(pixels, strength):
        raise MemoryError

    monkeypatch.setattr(api, "enhance", enhance)
    assert main.main(["enhance", str(folder / "a.jpg"), "--out", str(tmp_path / "out")]) == 1
    assert "a.jpg: too large for the memory that is free; close other programs" in capsys.readouterr().err


def test_a_grey_photograph_with_a_profile_stays_grey(tmp_path):
    profile, grey = imagecodecs.cms_profile("gray", gamma=1.8), FRAME[..., 1]
    picture = ImageFile(grey, FRAME[..., 0], Metadata(profile=profile))
    image_files.write(tmp_path / "a.png", picture)
    (written,) = enhance_files([tmp_path / "a.png"], tmp_path / "out", EnhanceOptions(strength=1.0))
    with Image.open(written) as found:
        assert found.mode == "LA" and found.info["icc_profile"] == profile
    light = (grey / 255) ** 1.8
    truth = srgb.decode(api.enhance(srgb.encode(light)))
    assert np.abs((image_files.read(written).pixels / 255) ** 1.8 - truth).mean() < 0.005


def test_a_raw_photograph_keeps_what_the_camera_said(tmp_path):
    shot = write_shot(tmp_path / "shot.dng", Fraction(1, 80))
    (written,) = enhance_files([shot], tmp_path / "out", EnhanceOptions())
    with tifffile.TiffFile(written) as file:
        tags = {tag.code: tag.value for tag in file.pages.first.tags}
    assert (tags[271], tags[274]) == ("hdrkit", 1)
    assert tags[34665]["ExposureTime"] == (1, 80) and tags[34665]["ISOSpeedRatings"] == raw.read_header(shot).iso


@pytest.mark.parametrize("box", [b"meta", b"free"])
@pytest.mark.parametrize("length", [2**46, 2**64 - 1])
def test_a_heic_file_whose_parts_claim_any_length_is_a_line_and_the_others_are_done(
    folder, tmp_path, capsys, box, length
):
    start = struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"mif1")
    (folder / "claims.heic").write_bytes(start + struct.pack(">I4sQ", 1, box, length) + bytes(100))
    assert main.main(["enhance", str(folder), "--out", str(tmp_path / "out")]) == 1
    assert "claims.heic: cannot be read" in capsys.readouterr().err
    assert any((tmp_path / "out").iterdir())
