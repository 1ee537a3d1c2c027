"""Picture files come back as they went: pixels, depth, alpha, profile, EXIF and orientation."""

import threading

import cv2
import numpy as np
import pillow_heif
import pytest
import tifffile
from PIL import Image, ImageCms, ImageOps, PngImagePlugin, TiffImagePlugin

from hdrkit.core.errors import HdrkitError
from hdrkit.images import image_files, raw, tiff_directory
from hdrkit.simulation import embedded_survey

PIXELS = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(orientation=6):
    tags = Image.Exif()
    tags[274], tags[271] = orientation, "Acme"
    return tags


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_profile_orientation_and_maker_are_kept(tmp_path, suffix):
    source, target = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    Image.fromarray(PIXELS).save(source, icc_profile=PROFILE, exif=exif())
    image_files.write(target, image_files.read(source))
    assert image_files.read(target).pixels.shape == (40, 60, 3)  # as they lie in the file
    with Image.open(target) as found:
        assert found.info["icc_profile"] == PROFILE
        assert dict(found.getexif()) | {274: 6, 271: "Acme"} == dict(found.getexif())


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_exposure_time_and_position_are_kept(tmp_path, suffix):
    source, target = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    tags = TiffImagePlugin.ImageFileDirectory_v2() if suffix == ".tif" else Image.Exif()
    tags[34665], tags[34853] = {33434: 0.01}, {1: "N"}
    Image.fromarray(PIXELS).save(source, **{"tiffinfo" if suffix == ".tif" else "exif": tags})
    image_files.write(target, image_files.read(source))
    for path in (source, target):
        with Image.open(path) as found:
            time, position = found.getexif().get_ifd(34665), found.getexif().get_ifd(34853)
        assert (float(time[33434]), position[1]) == (0.01, "N")


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize(("channels", "alpha"), [(1, False), (3, False), (3, True)])
def test_lossless_files_keep_every_bit(tmp_path, suffix, kind, channels, alpha):
    rng = np.random.default_rng(2)
    shape = (9, 14, 3)[: 2 + (channels == 3)]
    top = np.iinfo(kind).max
    given = image_files.ImageFile(
        rng.integers(0, top, shape, kind, endpoint=True),
        rng.integers(0, top, (9, 14), kind, endpoint=True) if alpha else None,
    )
    path = tmp_path / f"picture{suffix}"
    image_files.write(path, given)
    found = image_files.read(path)
    assert found.pixels.dtype == kind
    assert np.array_equal(found.pixels, given.pixels)
    assert np.array_equal(found.alpha, given.alpha) if alpha else found.alpha is None


def test_an_independent_reader_sees_red_as_red(tmp_path):
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 200
    for suffix in (".png", ".tif", ".webp"):
        image_files.write(tmp_path / f"red{suffix}", image_files.ImageFile(red))
        with Image.open(tmp_path / f"red{suffix}") as found:
            assert found.convert("RGB").getpixel((4, 4))[0] > 190


def test_compressed_and_floating_point_tiffs_are_read(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / "lzw.tif", compression="tiff_lzw")
    assert np.array_equal(image_files.read(tmp_path / "lzw.tif").pixels, PIXELS)
    light = (PIXELS / 255).astype(np.float32)
    tifffile.imwrite(tmp_path / "float.tif", light, photometric="rgb")
    assert np.array_equal(image_files.read(tmp_path / "float.tif").pixels, light)


def test_a_raw_file_becomes_16_bits(tmp_path):
    embedded_survey.capture(tmp_path, scenes=["Courtyard (1)"], workers=1)
    path = next(tmp_path.glob("*/_MDF0005.DNG"))
    picture = image_files.read(path)
    assert picture.pixels.dtype == np.uint16
    assert picture.pixels.shape == (320, 480, 3)
    assert np.abs(picture.pixels / 65535 - raw.decode(path)).max() < 1e-4
    image_files.write(tmp_path / "out.tif", picture)
    with Image.open(tmp_path / "out.tif") as found:
        tags, shot = found.getexif(), found.getexif().get_ifd(34665)
    assert (tags[271], tags[274]) == ("hdrkit", 1)
    assert float(shot[33434]) == pytest.approx(raw.read_header(path).exposure_time)


def spoilt(tmp_path):
    image, other = Image.fromarray(PIXELS), Image.fromarray(255 - PIXELS)
    image.save(tmp_path / "whole.jpg")
    image.save(tmp_path / "whole.tif")
    image.convert("CMYK").save(tmp_path / "cmyk.jpg")
    image.convert("CMYK").save(tmp_path / "cmyk.tif")
    image.save(tmp_path / "moving.png", save_all=True, append_images=[other])
    image.save(tmp_path / "moving.webp", save_all=True, append_images=[other])
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "words.jpg").write_text("not a picture at all", encoding="utf-8")
    (tmp_path / "words.tif").write_text("not a picture at all", encoding="utf-8")
    (tmp_path / "words.nef").write_text("not a picture at all", encoding="utf-8")
    (tmp_path / "short.tif").write_bytes((tmp_path / "whole.tif").read_bytes()[:300])
    (tmp_path / "page.pdf").write_text("%PDF", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("cmyk.jpg", "CMYK"),
        ("cmyk.tif", "CMYK"),
        ("moving.png", "animation of 2"),
        ("moving.webp", "animation of 2"),
        ("empty.jpg", "empty"),
        ("words.jpg", "cannot be read"),
        ("words.tif", "cannot be read"),
        ("words.nef", "cannot be decoded"),
        ("short.tif", "cannot be read"),
        ("page.pdf", "convert it"),
        ("nothing.jpg", "no such file"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_line(tmp_path, name, why):
    spoilt(tmp_path)
    with pytest.raises(HdrkitError, match=why) as error:
        image_files.read(tmp_path / name)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_upright_is_what_an_independent_reader_shows(tmp_path, suffix, orientation):
    path = tmp_path / f"turned{suffix}"
    Image.fromarray(PIXELS).save(path, exif=exif(orientation))
    with Image.open(path) as found:
        assert np.array_equal(image_files.upright(image_files.read(path)), np.asarray(ImageOps.exif_transpose(found)))


def test_grey_with_alpha_and_separate_planes_are_read(tmp_path):
    grey, alpha = PIXELS[..., 0], PIXELS[..., 1]
    tifffile.imwrite(
        tmp_path / "la.tif", np.dstack([grey, alpha]), photometric="minisblack", extrasamples=["unassalpha"]
    )
    image_files.write(tmp_path / "again.tif", image_files.read(tmp_path / "la.tif"))
    for name in ("la.tif", "again.tif"):
        found = image_files.read(tmp_path / name)
        assert np.array_equal(found.pixels, grey) and np.array_equal(found.alpha, alpha)
    tifffile.imwrite(tmp_path / "planes.tif", np.moveaxis(PIXELS, -1, 0), photometric="rgb", planarconfig="separate")
    assert np.array_equal(image_files.read(tmp_path / "planes.tif").pixels, PIXELS)


def test_reading_at_once_leaves_pillow_its_limit(tmp_path, monkeypatch):
    """The thread that opens its picture second is still at it when the first has read its own."""
    Image.fromarray(PIXELS).save(tmp_path / "a.png")
    limit, opened, both, really_open = Image.MAX_IMAGE_PIXELS, [], threading.Barrier(2), Image.open

    def slowly_open(path):
        opened.append(threading.current_thread())
        both.wait()
        if threading.current_thread() is opened[1]:
            opened[0].join()
        return really_open(path)

    monkeypatch.setattr(Image, "open", slowly_open)
    threads = [threading.Thread(target=image_files.read, args=(tmp_path / "a.png",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert limit == Image.MAX_IMAGE_PIXELS


def test_a_picture_of_200_megapixels_is_read(tmp_path):
    path = tmp_path / "huge.png"
    cv2.imwrite(str(path), np.zeros((12500, 16000), np.uint8))
    assert image_files.read(path).pixels.shape == (12500, 16000)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif", ".tif", ".heic"])
def test_metadata_are_read_without_pixels(tmp_path, suffix):
    """In the parts that a JPEG has for them, so that it may get them."""
    path, xmp = tmp_path / f"a{suffix}", b'<x xmp:Rating="5"/>'
    if suffix == ".png":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        Image.fromarray(PIXELS).save(path, icc_profile=PROFILE, exif=exif(), pnginfo=text)
    elif suffix == ".heic":
        picture = pillow_heif.from_pillow(Image.fromarray(PIXELS))
        picture.save(path, icc_profile=PROFILE, exif=exif(1).tobytes(), xmp=xmp)
    elif suffix == ".tif":
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[274], tags[271], tags[700] = 6, "Acme", xmp
        tags.tagtype[700] = 1
        Image.fromarray(PIXELS).save(path, icc_profile=PROFILE, tiffinfo=tags)
    else:
        Image.fromarray(PIXELS).save(path, icc_profile=PROFILE, exif=exif(), xmp=xmp)
    found = image_files.read_metadata(path)
    assert (found.profile, found.xmp) == (PROFILE, xmp)
    assert found.orientation == image_files.read(path).metadata.orientation
    told = tiff_directory.read(found.exif)
    assert told[271].value == b"Acme\0" and 273 not in told and 700 not in told


def test_metadata_of_what_is_no_picture_are_refused(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff cut")
    with pytest.raises(HdrkitError, match=r"a.jpg: cannot be read"):
        image_files.read_metadata(tmp_path / "a.jpg")
