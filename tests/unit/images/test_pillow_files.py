"""HEIC and AVIF as phones write them: every bit, what belongs to them, and what is refused."""

import struct

import imagecodecs
import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from hdrkit.core.errors import HdrkitError
from hdrkit.images import code_points, image_files, item_properties

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


def test_a_heic_whose_exif_is_too_long_for_a_jpeg_keeps_what_has_room(tmp_path):
    exif = Image.Exif()
    exif[271] = "Acme"
    exif.get_ifd(0x8769)[37500] = bytes(90_000)
    exif.get_ifd(0x8825)[1] = "N"
    source = heic(tmp_path / "a.heic", FLAT, exif=exif.tobytes(), xmp=b"<x:xmpmeta>" + b"x" * 90_000)
    (said,) = image_files.write(tmp_path / "a.jpg", image_files.read(source))
    assert "longer than a JPEG holds" in said and "the maker note" in said
    with Image.open(tmp_path / "a.jpg") as found:
        assert found.getexif()[271] == "Acme" and found.getexif().get_ifd(0x8825)[1] == "N"
        assert sum(body.count(b"x" * 1000) for _, body in found.applist) >= 88  # XMP goes on in further segments


def test_several_pictures_in_a_heic_are_refused(tmp_path):
    file = pillow_heif.from_pillow(Image.fromarray(FLAT))
    file.add_from_pillow(Image.fromarray(FLAT[::-1]))
    file.save(tmp_path / "two.heic")
    with pytest.raises(HdrkitError, match=r"two.heic: 2 pictures in one file; save the one that is meant"):
        image_files.read(tmp_path / "two.heic")


@pytest.mark.parametrize(("primaries", "curve"), [(12, 13), (9, 8), (1, 4)])
def test_colours_that_a_heic_says_by_numbers_come_as_a_profile(tmp_path, primaries, curve):
    data = heic(tmp_path / "a.heic", FLAT).read_bytes()
    at = data.index(b"colrnclx") + 8
    (tmp_path / "a.heic").write_bytes(data[:at] + struct.pack(">HH", primaries, curve) + data[at + 4 :])
    image_files.write(tmp_path / "a.jpg", image_files.read(tmp_path / "a.heic"))
    with Image.open(tmp_path / "a.jpg") as found:
        assert found.info["icc_profile"] == code_points.profile(primaries, curve) != b""


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


def box(name, body):
    return struct.pack(">I4s", len(body) + 8, name) + body


@given(others=st.integers(0, 3), wide=st.booleans(), large=st.booleans())
def test_what_a_gain_map_says_is_not_taken_for_what_the_picture_says(tmp_path_factory, others, wide, large):
    """Its properties may come first, and be of an HDR curve and other bits."""
    colours = [box(b"colr", b"nclx" + struct.pack(">HHHB", 9, 16, 9, 0)), box(b"pixi", bytes([0, 0, 0, 0, 1, 10]))]
    own = [box(b"colr", b"nclx" + struct.pack(">HHHB", 12, 13, 6, 128)), box(b"pixi", bytes([0, 0, 0, 0, 3, 8, 8, 8]))]
    item, place = ("I" if wide else "H"), ("H" if large else "B")
    entries = [(number + 1, (1, 2)) for number in range(others)] + [(40, (3, 4))]
    listed = b"".join(struct.pack(f">{item}B{len(i)}{place}", number, len(i), *i) for number, i in entries)
    ipma = bytes([wide, 0, 0, large]) + struct.pack(">I", len(entries)) + listed
    pitm = bytes([wide, 0, 0, 0]) + struct.pack(f">{item}", 40)
    parts = box(b"ipco", b"".join(colours + own)) + box(b"ipma", ipma)
    path = tmp_path_factory.mktemp("items") / "a.heic"
    path.write_bytes(box(b"ftyp", b"heic") + box(b"meta", bytes(4) + box(b"pitm", pitm) + box(b"iprp", parts)))
    found = item_properties.of_primary(path)
    assert (item_properties.depth(found), item_properties.code_points(found)) == (8, (12, 13))


@given(data=st.binary(max_size=60))
def test_any_bytes_say_something_or_nothing_of_a_picture(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("items") / "a.heic"
    for start in (b"", box(b"ftyp", b"heic") + box(b"meta", bytes(4) + data), box(b"meta", bytes(3))):
        path.write_bytes(start + data)
        found = item_properties.of_primary(path)
        assert item_properties.depth(found) >= 0 and len(item_properties.code_points(found)) == 2


def test_a_jpeg_is_written_with_all_of_its_colours(tmp_path):
    stripes = np.zeros((40, 60, 3), np.uint8)
    stripes[:, ::2, 0] = 255
    stripes[:, 1::2, 2] = 255
    image_files.write(tmp_path / "a.jpg", image_files.ImageFile(stripes))
    assert np.abs(image_files.read(tmp_path / "a.jpg").pixels.astype(int) - stripes).mean() < 4
