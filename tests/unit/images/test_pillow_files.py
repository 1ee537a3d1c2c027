"""HEIC and AVIF as phones write them: every bit, what belongs to them, and what is refused."""

import imagecodecs
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from hdrkit.core.errors import HdrkitError
from hdrkit.images import image_files, tiff_directory
from hdrkit.images.image_files import ImageFile
from hdrkit.images.metadata import Metadata
from hdrkit.images.tiff_directory import EXIF, MAKER_NOTE, Entry, pointer

RAMP = np.linspace(0, 65535, 96)[None].repeat(64, 0)
DEEP = np.dstack([RAMP, RAMP[:, ::-1], RAMP]).astype(np.uint16)
FLAT = (DEEP >> 8).astype(np.uint8)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def heic(path, pixels, mode="RGB", **options):
    file = pillow_heif.from_bytes(mode=mode, size=pixels.shape[1::-1], data=pixels.tobytes())
    file.save(path, quality=-1, chroma=444, **options)
    return path


def test_a_heic_becomes_a_jpeg_with_all_that_belongs_to_it(tmp_path):
    exif = Image.Exif()
    exif[271], exif[274] = "Acme", 6  # libheif turns the picture; the tag would turn it once more
    exif.get_ifd(0x8825)[1] = "N"
    source = heic(tmp_path / "IMG_1.HEIC", FLAT, exif=exif.tobytes(), xmp=b"<x/>", icc_profile=PROFILE)
    assert image_files.suffix_for(source) == ".jpg"
    picture = image_files.read(source)
    assert np.abs(picture.pixels.astype(int) - np.rot90(FLAT, 3)).max() <= 2
    image_files.write(tmp_path / "out.jpg", picture)
    with Image.open(tmp_path / "out.jpg") as found:
        assert (found.size, found.getexif()[271], found.getexif()[274]) == ((64, 96), "Acme", 1)
        assert found.getexif().get_ifd(0x8825)[1] == "N"
        assert (found.info["icc_profile"], found.info["xmp"]) == (PROFILE, b"<x/>")


def test_a_heic_of_10_bits_or_with_alpha_becomes_a_tiff(tmp_path):
    deep = heic(tmp_path / "deep.heic", DEEP, "RGB;16")
    clear = heic(tmp_path / "clear.heic", np.dstack([FLAT, FLAT[..., 0]]), "RGBA")
    for source, kind, alpha in ((deep, np.uint16, False), (clear, np.uint8, True)):
        assert image_files.suffix_for(source) == ".tif"
        picture = image_files.read(source)
        assert picture.pixels.dtype == kind and (picture.alpha is not None) == alpha
    pixels = image_files.read(deep).pixels
    assert np.abs(pixels.astype(int) - DEEP).max() < 5 * 64 and pixels.max() == 65535


@pytest.mark.parametrize("depth", [10, 12])
def test_an_avif_of_more_than_8_bits_keeps_them(tmp_path, depth):
    values = DEEP >> (16 - depth)
    (tmp_path / "a.avif").write_bytes(imagecodecs.avif_encode(values, level=100, bitspersample=depth))
    assert image_files.suffix_for(tmp_path / "a.avif") == ".tif"
    found = image_files.read(tmp_path / "a.avif").pixels
    assert np.array_equal(found, np.rint(values * (65535 / (2**depth - 1))))


def test_an_avif_of_8_bits_stays_one(tmp_path):
    clear = Image.fromarray(np.dstack([FLAT, FLAT[..., 0]]))
    clear.save(tmp_path / "a.avif", quality=100, icc_profile=PROFILE, xmp=b"<x/>")
    assert image_files.suffix_for(tmp_path / "a.avif") == ".avif"
    image_files.write(tmp_path / "b.avif", image_files.read(tmp_path / "a.avif"))
    with Image.open(tmp_path / "b.avif") as found:
        assert found.format == "AVIF" and found.info["icc_profile"] == PROFILE and found.info["xmp"] == b"<x/>"
        assert np.abs(np.asarray(found).astype(int) - np.asarray(clear)).mean() < 2


def test_a_heic_that_is_cut_short_or_for_hdr_screens_is_refused(tmp_path):
    data = heic(tmp_path / "a.heic", FLAT).read_bytes()
    (tmp_path / "cut.heic").write_bytes(data[:-200])
    with pytest.raises(HdrkitError, match="cut.heic: cannot be read"):
        image_files.read(tmp_path / "cut.heic")
    at = data.index(b"colrnclx") + 10
    for curve in (16, 18):
        (tmp_path / "hdr.heic").write_bytes(data[:at] + bytes([0, curve]) + data[at + 2 :])
        with pytest.raises(HdrkitError, match=r"hdr.heic: .* HDR screens; save it as an ordinary picture"):
            image_files.read(tmp_path / "hdr.heic")


def test_what_no_segment_of_a_jpeg_holds_is_left_out(tmp_path):
    """The maker note, which is mostly what is long; a JPEG that cannot be written would lose more."""
    long = Entry(7, 70_000, bytes(70_000))
    time = Entry(5, 1, b"\x01\0\0\0\x3c\0\0\0")
    exif = tiff_directory.block({EXIF: pointer({33434: time, MAKER_NOTE: long})}, "<")
    path = tmp_path / "a.jpg"
    image_files.write(path, ImageFile(FLAT, metadata=Metadata(exif=exif, xmp=bytes(70_000))))
    found = image_files.read(path).metadata
    assert tiff_directory.read(found.exif)[EXIF].inside == {33434: time} and found.xmp == b""
    exif = tiff_directory.block({271: long}, "<")
    image_files.write(path, ImageFile(FLAT, metadata=Metadata(exif=exif)))
    assert image_files.read(path).metadata.exif == b""
