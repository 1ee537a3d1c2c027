"""What belongs to a photograph comes back, and nothing speaks of what is no longer there."""

import contextlib
import io
import struct

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin, TiffImagePlugin

from hdrkit.images import image_files, metadata, tiff_directory
from hdrkit.images.tiff_directory import EXIF, GPS, Entry, pointer

PIXELS = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
DARK = np.full((120, 180, 3), 20, np.uint8)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:title>harbour</dc:title></x:xmpmeta>'
BYTES = st.binary(min_size=1, max_size=40)
ENTRIES = st.builds(lambda value: Entry(7, len(value), value), BYTES)


def again(source, **changes):
    """Read a file, write it beside itself, and return the path of the new one."""
    target = source.with_name(f"again{source.suffix}")
    picture = image_files.read(source)
    image_files.write(target, image_files.ImageFile(**(vars(picture) | changes)))
    return target


def with_thumbnail(small, order="<"):
    """Return an EXIF block whose second directory leads to a thumbnail, and whose maker note counts from its start."""
    form = tiff_directory.Layout(order)
    long = order + "I"
    inside = pointer({37500: Entry(7, 9, b"maker\0\1\2\3")})
    first = tiff_directory.block({271: Entry(2, 5, b"Acme\0"), EXIF: inside}, order)
    second = {513: Entry(4, 1, bytes(4)), 514: Entry(4, 1, struct.pack(long, len(small)))}
    place = len(first) + len(tiff_directory.written(second, len(first), form))
    second[513] = Entry(4, 1, struct.pack(long, place))
    at = tiff_directory.place_of_next(first)
    first = first[:at] + struct.pack(long, len(first)) + first[at + 4 :]
    return first + tiff_directory.written(second, len(first), form) + small


def thumbnail_of(exif):
    directory = tiff_directory.read(exif, tiff_directory.next_place(exif))
    order = tiff_directory.layout(exif).order
    at, length = struct.unpack(order + "II", directory[513].value + directory[514].value)
    with Image.open(io.BytesIO(exif[at : at + length])) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_the_thumbnail_is_renewed_where_it_lies(tmp_path, suffix, order):
    stream = io.BytesIO()
    Image.fromarray(DARK).save(stream, "JPEG", quality=95)
    exif = with_thumbnail(stream.getvalue(), order)
    source = tmp_path / f"in{suffix}"
    Image.fromarray(DARK).save(source, exif=b"Exif\0\0" + exif)
    found = image_files.read(again(source, pixels=DARK * 8)).metadata.exif
    assert thumbnail_of(exif).mean() < 25 and thumbnail_of(found).mean() > 150
    start = len(exif) - len(stream.getvalue())
    assert found[:start] == exif[:start]  # all else lies where it lay, the maker note, too


def test_a_thumbnail_without_room_is_no_longer_led_to(tmp_path):
    assert tiff_directory.next_place(metadata.with_new_thumbnail(with_thumbnail(b"\xff\xd8\xff\xd9"), PIXELS)) == 0
    illegible = b"not a TIFF"
    assert metadata.with_new_thumbnail(illegible, PIXELS) == illegible


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("exif", [b"not a tiff header", b"II*\0\xff\xff\xff\x7f", b"MM"])
def test_illegible_exif_is_upright_and_stays(tmp_path, suffix, exif):
    source = tmp_path / f"in{suffix}"
    Image.fromarray(PIXELS).save(source, exif=b"Exif\0\0" + exif)
    assert image_files.upright(image_files.read(source)).shape == PIXELS.shape
    assert image_files.read(again(source)).metadata.exif == image_files.read(source).metadata.exif


@given(
    first=st.dictionaries(st.integers(1, 30000), ENTRIES, max_size=6),
    inside=st.dictionaries(st.integers(33000, 34000), ENTRIES, max_size=4),
    numbers=st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 2**32 - 1)),
    order=st.sampled_from("<>"),
)
def test_a_directory_comes_back_byte_by_byte(first, inside, numbers, order):
    """Also rationals that have no float, and texts in any encoding."""
    rational = Entry(5, 1, struct.pack(order + "II", *numbers))
    directory = first | {EXIF: pointer(inside | {33434: rational}), GPS: pointer({4: rational})}
    assert tiff_directory.read(tiff_directory.block(directory, order)) == directory


@given(data=st.binary(max_size=80), start=st.sampled_from([b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
def test_any_bytes_are_a_directory_or_a_value_error(data, start):
    with contextlib.suppress(ValueError):
        tiff_directory.read(start + data)
    assert 1 <= metadata.Metadata(exif=start + data).orientation <= 8
    metadata.with_new_thumbnail(start + data, PIXELS)


def test_texts_of_a_tiff_come_back_in_their_bytes(tmp_path):
    text = "© 2024 Zoë".encode()
    tags = [(33432, "s", 0, text, True), (65000, "I", 2, (7, 8), True), (282, "2I", 1, (300, 1), True)]
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, photometric="rgb", metadata=None, resolution=(300, 300),
                     resolutionunit=2, extratags=tags[:2], iccprofile=PROFILE)  # fmt: skip
    with tifffile.TiffFile(again(tmp_path / "a.tif")) as file:
        tags = file.pages.first.tags
        assert tags[33432].value == "© 2024 Zoë" and tags[65000].value == (7, 8)
        assert tags[282].value == (300, 1) and tags[296].value == 2 and tags[34675].value == PROFILE


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("bigtiff", [False, True])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_tiffs_of_each_order_and_depth_keep_pixels_and_tags(tmp_path, byteorder, bigtiff, kind):
    top = 1 if kind is np.float32 else np.iinfo(kind).max
    pixels = (PIXELS / 255 * top).astype(kind)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, pixels, photometric="rgb", byteorder=byteorder, bigtiff=bigtiff, metadata=None,
                     extratags=[(271, "s", 0, "Acme", True)])  # fmt: skip
    target = again(path)
    assert np.array_equal(tifffile.imread(target), pixels)
    with Image.open(target) if kind is np.uint8 else tifffile.TiffFile(target) as found:
        assert (found.getexif()[271] if kind is np.uint8 else found.pages.first.tags[271].value) == "Acme"


def test_a_maker_note_that_moves_is_left_behind(tmp_path):
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[34665] = {33434: 0.01, 37500: b"places"}
    Image.fromarray(PIXELS).save(tmp_path / "a.tif", tiffinfo=tags)
    with Image.open(again(tmp_path / "a.tif")) as found:
        assert set(found.getexif().get_ifd(34665)) == {33434}


def iptc_block(caption=b"A caption"):
    records = struct.pack(">BBBH", 0x1C, 2, 120, len(caption)) + caption
    return metadata.resource_block({0x0404: records, 0x040C: b"an old preview"})


def test_iptc_comment_resolution_and_xmp_of_a_jpeg_come_back(tmp_path):
    stream = io.BytesIO()
    Image.fromarray(PIXELS).save(stream, "JPEG", comment=b"said", dpi=(240, 240), xmp=XMP, icc_profile=PROFILE)
    body = b"Photoshop 3.0\0" + iptc_block()
    plain = stream.getvalue()
    source = tmp_path / "in.jpg"
    source.write_bytes(plain[:2] + struct.pack(">HH", 0xFFED, len(body) + 2) + body + plain[2:])
    with Image.open(again(source)) as found:
        assert found.info["photoshop"][0x0404].endswith(b"A caption") and 0x040C not in found.info["photoshop"]
        assert (found.info["comment"], found.info["dpi"], found.info["xmp"]) == (b"said", (240, 240), XMP)
        assert found.info["icc_profile"] == PROFILE


def test_iptc_of_a_tiff_comes_back(tmp_path):
    block = iptc_block()
    tags = [(33723, 7, 9, b"iptc data", True), (34377, 1, len(block), block, True), (700, 1, len(XMP), XMP, True)]
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, photometric="rgb", metadata=None, extratags=tags)
    with tifffile.TiffFile(again(tmp_path / "a.tif")) as file:
        tags = file.pages.first.tags
        assert bytes(tags[33723].value) == b"iptc data" and bytes(tags[700].value) == XMP
        assert b"A caption" in bytes(tags[34377].value) and b"preview" not in bytes(tags[34377].value)


def test_what_is_said_of_lost_parts_is_not_said_any_more(tmp_path):
    said = b' hdrgm:Version="1.0" GCamera:MotionPhoto="1" xmpNote:HasExtendedXMP="AB" xmp:Rating="5"'
    xmp = b"<rdf:Description" + said + b"><Container:Directory>a film</Container:Directory></rdf:Description>"
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", xmp=xmp)
    with Image.open(again(tmp_path / "a.jpg")) as found:
        assert found.info["xmp"] == b'<rdf:Description xmp:Rating="5"></rdf:Description>'


@pytest.mark.parametrize("late", [False, True])
def test_texts_profile_resolution_and_late_exif_of_a_png_come_back(tmp_path, late):
    """Also texts and profiles that libpng and Pillow refuse for their length."""
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", "x" * 2_000_000, zip=True)
    exif = Image.Exif()
    exif[274] = 6
    source = tmp_path / "in.png"
    Image.fromarray(PIXELS).save(source, pnginfo=info, exif=exif, icc_profile=bytes(2_000_000), dpi=(300, 300))
    data = source.read_bytes()
    if late:  # EXIF behind the pixels, as some tools write it
        at = data.index(b"eXIf") - 4
        chunk = data[at : at + 12 + int.from_bytes(data[at : at + 4], "big")]
        source.write_bytes(data.replace(chunk, b"")[:-12] + chunk + data[-12:])
    target = again(source).read_bytes()
    for name in (b"zTXt", b"iCCP", b"pHYs", b"eXIf"):
        at, there = data.index(name), target.index(name)
        length = int.from_bytes(data[at - 4 : at], "big") + 12
        assert target[there - 4 : there - 4 + length] == data[at - 4 : at - 4 + length]
    assert target.index(b"eXIf") < target.index(b"IDAT")
    assert image_files.upright(image_files.read(source)).shape == (60, 40, 3)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_grey_png_with_alpha_stays_one(tmp_path, kind):
    grey = image_files.ImageFile(PIXELS[..., 0].astype(kind), PIXELS[..., 1].astype(kind))
    image_files.write(tmp_path / "a.png", grey)
    data = again(tmp_path / "a.png").read_bytes()
    assert data[25] == 4  # grey with alpha
    found = image_files.read(tmp_path / "again.png")
    assert np.array_equal(found.pixels, grey.pixels) and np.array_equal(found.alpha, grey.alpha)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif"])
def test_upright_is_what_an_independent_reader_shows(tmp_path, suffix, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(DARK).save(tmp_path / f"a{suffix}", exif=exif)
    for path in (tmp_path / f"a{suffix}", again(tmp_path / f"a{suffix}")):
        with Image.open(path) as found:
            assert image_files.upright(image_files.read(path)).shape == np.asarray(ImageOps.exif_transpose(found)).shape
