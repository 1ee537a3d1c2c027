"""`hdrkit enhance`: files, folders and globs; nothing overwritten, nothing lost, one bad file stops no other."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from hdrkit import camera, capture, cli, dng, enhancement, panorama, pictures
from hdrkit.enhance_files import Wishes, enhance_files, find
from hdrkit.errors import HdrkitError

FRAME = (np.random.default_rng(1).random((60, 90, 3)) ** 3 * 200).astype(np.uint8)


def write_shot(path, time, shift=0, seed=0):
    """Write a raw frame of a train place: time in seconds, shift in pixels to the right."""
    light = panorama.view(capture.load("kiara_1_dawn"), panorama.rotation(40, 0, 0), 70, (300, 200), (shift, 0))
    light *= np.float32(camera.metered(light, capture.METERING) * time * 80)
    colour, rng = camera.colours(camera.Sensor(), 5000), np.random.default_rng(seed)
    mosaic = camera.expose(light, camera.Sensor(), colour, rng)
    dng.write_dng(path, mosaic, colour, dng.Shot(time, 100, 8.0, 24.5, "2019:03:01 12:00:00"))
    return path


@pytest.fixture
def folder(tmp_path):
    given = tmp_path / "in"
    given.mkdir()
    Image.fromarray(FRAME).save(given / "a.jpg", quality=95)
    Image.fromarray(FRAME).save(given / "b.png")
    tifffile.imwrite(given / "c.tif", FRAME.astype(np.uint16) * 257, photometric="rgb")
    (given / "notes.txt").write_text("not a picture")
    return given


def test_a_folder_is_enhanced_under_its_names(folder, tmp_path):
    written = enhance_files([folder], tmp_path / "out", Wishes())
    assert [path.name for path in written] == ["a.jpg", "b.png", "c.tif"]
    assert np.array_equal(pictures.read(tmp_path / "out/b.png").pixels, enhancement.enhance(FRAME))
    assert tifffile.imread(tmp_path / "out/c.tif").dtype == np.uint16


def test_files_and_globs_are_found_once(folder):
    assert find([folder / "b.png", str(folder / "*.png"), folder]) == [folder / n for n in ("b.png", "a.jpg", "c.tif")]
    with pytest.raises(HdrkitError, match=r"\*\.webp: no picture"):
        find([str(folder / "*.webp")])


def test_a_raw_file_becomes_a_tiff_of_16_bits(tmp_path):
    shot = write_shot(tmp_path / "shot.dng", Fraction(1, 80))
    (written,) = enhance_files([shot], tmp_path / "out", Wishes())
    assert written.name == "shot.tif"
    assert tifffile.imread(written).dtype == np.uint16


def test_bad_files_are_named_and_stop_no_other(folder, tmp_path, capsys):
    (folder / "aa_empty.jpg").write_bytes(b"")
    (folder / "ab_cut.jpg").write_bytes((folder / "a.jpg").read_bytes()[:200])
    Image.fromarray(FRAME).convert("CMYK").save(folder / "ac_inks.jpg")
    Image.fromarray(FRAME).save(folder / "ad_moving.webp", save_all=True, append_images=[Image.fromarray(FRAME[::-1])])
    tifffile.imwrite(folder / "ae_nan.tif", np.full((8, 8, 3), np.nan, np.float32), photometric="rgb")
    arguments = [str(folder), str(folder / "gone.jpg"), "--out", str(tmp_path / "out")]
    assert cli.main(["enhance", *arguments]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    for name, why in [
        ("aa_empty.jpg", "empty"), ("ab_cut.jpg", "cannot be read"), ("ac_inks.jpg", "CMYK"),
        ("ad_moving.webp", "animation"), ("ae_nan.tif", "NaN"), ("gone.jpg", "no such file"),
    ]:  # fmt: skip
        assert any(name in line and why in line for line in lines), name
    assert lines[-1].startswith("hdrkit: 6 of 9 pictures could not be enhanced")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jpg", "b.png", "c.tif"]


def test_nothing_is_overwritten_but_by_force(folder, tmp_path, capsys):
    before = (folder / "b.png").read_bytes()
    assert cli.main(["enhance", str(folder / "b.png"), "--out", str(folder)]) == 1
    assert "exists already and was kept; --force" in capsys.readouterr().err
    assert (folder / "b.png").read_bytes() == before
    assert cli.main(["enhance", str(folder / "b.png"), "--out", str(folder), "--force"]) == 0
    assert np.array_equal(pictures.read(folder / "b.png").pixels, enhancement.enhance(FRAME))


def test_two_pictures_of_one_name_do_not_meet(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    Image.fromarray(FRAME[::-1]).save(other / "b.png")
    with pytest.raises(HdrkitError, match="1 of 2"):
        enhance_files([folder / "b.png", other / "b.png"], tmp_path / "out", Wishes(force=True))
    assert np.array_equal(pictures.read(tmp_path / "out/b.png").pixels, enhancement.enhance(FRAME))


def test_comparison_and_confidence_lie_beside_the_picture(folder, tmp_path):
    clipped = FRAME.copy()
    clipped[:20] = 255
    picture = Image.fromarray(clipped)
    exif = Image.Exif()
    exif[274] = 6  # the camera was held upright
    picture.save(folder / "b.png", exif=exif)
    enhance_files([folder / "b.png"], tmp_path / "out", Wishes(compare=True, confidence=True))
    pair = cv2.imread(str(tmp_path / "out/b_compare.jpg"))
    assert pair.shape == (90, 60 + 2 + 60, 3)
    sure = cv2.imread(str(tmp_path / "out/b_confidence.png"), cv2.IMREAD_UNCHANGED)
    assert sure.shape == (90, 60)
    assert (sure[:, 40:] == 0).all() and (sure[:, :40] == 255).all()


def test_strength_outside_of_its_range_is_bad_usage(folder, tmp_path):
    for strength in ("-0.1", "1.5", "nan", "much"):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["enhance", str(folder), "--out", str(tmp_path / "out"), "--strength", strength])
        assert stopped.value.code == 2


def test_alpha_and_grey_stay(tmp_path):
    Image.fromarray(np.dstack([FRAME, FRAME[..., 0]])).save(tmp_path / "alpha.png")
    Image.fromarray(FRAME[..., 0]).save(tmp_path / "grey.png")
    enhance_files([tmp_path / "alpha.png", tmp_path / "grey.png"], tmp_path / "out", Wishes())
    with Image.open(tmp_path / "out/alpha.png") as found:
        assert found.mode == "RGBA" and np.array_equal(np.asarray(found)[..., 3], FRAME[..., 0])
    with Image.open(tmp_path / "out/grey.png") as found:
        assert found.mode == "L"


def test_a_bracket_is_laid_over_each_other_and_fused(tmp_path, capsys):
    """The nudged frame's edges fall onto the metered one's: fused, they are as sharp as without the nudge."""
    sharp = {}
    for shift in (0, 4):
        folder = tmp_path / f"nudged_by_{shift}"
        folder.mkdir()
        for i, time in enumerate([Fraction(1, 320), Fraction(1, 80), Fraction(1, 20)]):
            write_shot(folder / f"{i}.dng", time, shift if i == 2 else 0, seed=i)
        assert cli.main(["enhance", str(folder), "--out", str(tmp_path / f"out{shift}"), "--bracket"]) == 0
        found = pictures.read(tmp_path / f"out{shift}/0_mertens.jpg").pixels
        sharp[shift] = cv2.Laplacian(found[10:-10, 10:-10].astype(np.float32), cv2.CV_32F).std()
    assert sharp[4] == pytest.approx(sharp[0], rel=0.1)


def test_frames_that_are_no_bracket_are_refused(folder, tmp_path, capsys):
    assert cli.main(["enhance", str(folder), "--out", str(tmp_path / "out"), "--bracket"]) == 1
    assert "no exposure time" in capsys.readouterr().err
    one = write_shot(tmp_path / "one.dng", Fraction(1, 80))
    assert cli.main(["enhance", str(one), "--out", str(tmp_path / "out"), "--bracket"]) == 1
    assert "two frames" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        cli.main(["enhance", str(one), "--out", str(tmp_path / "out"), "--bracket", "--method", "magic"])
    assert stopped.value.code == 2
