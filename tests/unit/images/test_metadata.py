"""What belongs to a photograph comes back, and nothing speaks of what is no longer there."""

import contextlib
import hashlib
import io
import struct

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

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


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_thumbnail_without_room_is_renewed_at_the_end(order):
    for old in (b"\xff\xd8\xff\xd9", b"no JPEG"):
        exif = with_thumbnail(old, order)
        found = metadata.with_new_thumbnail(exif, DARK * 8)
        assert thumbnail_of(found).mean() > 150
        assert tiff_directory.maker_note(tiff_directory.read(found)) == tiff_directory.maker_note(
            tiff_directory.read(exif)
        )
    assert tiff_directory.next_place(metadata.with_new_thumbnail(exif, PIXELS, len(exif) + 50)) == 0
    illegible = b"not a TIFF"
    assert metadata.with_new_thumbnail(illegible, PIXELS) == illegible


@given(note=st.integers(5, 100_000), place=st.sampled_from("<>"), longest=st.integers(100, 65_527))
def test_a_long_exif_block_keeps_what_has_room(note, place, longest):
    value = bytes(range(256)) * 400
    inside = {33434: Entry(5, 1, struct.pack(place + "II", 1, 60)), 37500: Entry(7, note, value[:note])}
    exif = tiff_directory.block({271: Entry(2, 5, b"Acme\0"), EXIF: pointer(inside)}, place)
    found, lost = metadata.shortened(exif, longest)
    directory = tiff_directory.read(found)
    assert len(found) <= longest and directory[271].value == b"Acme\0" and 33434 in directory[EXIF].inside
    kept = directory[EXIF].inside.get(37500)
    if len(exif) <= longest:
        assert (found, lost) == (exif, "")
    else:
        assert kept is None and lost == "the maker note and the thumbnail"


def test_a_block_of_which_nothing_has_room_is_left_out_and_said():
    long = tiff_directory.block({271: Entry(2, 70_000, bytes(70_000))}, "<")
    assert metadata.shortened(long, 65_527) == (b"", "all of it")
    assert metadata.shortened(bytes(70_000), 65_527) == (b"", "all of it")


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


@given(at=st.integers(16, 200_000), order=st.sampled_from("<>"), note=BYTES)
@settings(max_examples=30)
def test_a_maker_note_stays_where_it_lay(tmp_path_factory, at, order, note):
    """Places in it count from the file's beginning."""
    note += b"12345"
    inside = {33434: Entry(5, 1, struct.pack(order + "II", 1, 60)), 37500: Entry(7, len(note), note, at=at)}
    exif = tiff_directory.block({271: Entry(2, 5, b"Acme\0"), EXIF: pointer(inside)}, order)
    assert exif[at : at + len(note)] == note
    path = tmp_path_factory.mktemp("note") / "a.tif"
    image_files.write(path, image_files.ImageFile(PIXELS, metadata=metadata.Metadata(exif=exif)))
    for found in (path, again(path)):
        data = found.read_bytes()
        assert data[at : at + len(note)] == note and np.array_equal(tifffile.imread(found), PIXELS)
        kept = tiff_directory.read(data)[EXIF].inside
        assert kept == inside


def test_a_maker_note_in_a_header_does_not_go_there(tmp_path):
    note = Entry(7, 9, b"maker\0\1\2\3", at=2)
    inside = tiff_directory.written({EXIF: pointer({37500: note})}, 8, tiff_directory.Layout("<"))
    exif = b"II*\0\x08\0\0\0" + inside
    image_files.write(tmp_path / "a.tif", image_files.ImageFile(PIXELS, metadata=metadata.Metadata(exif=exif)))
    assert np.array_equal(tifffile.imread(again(tmp_path / "a.tif")), PIXELS)


def test_a_maker_note_behind_the_pixels_stays_there_and_one_without_room_is_named(tmp_path):
    for at, lost in ((2_000_000, 0), (1_200_000, 1)):
        exif = tiff_directory.block({EXIF: pointer({37500: Entry(7, 9, b"maker\0\1\2\3", at=at)})}, "<")
        pixels = np.random.default_rng(1).integers(0, 256, (640, 960, 3), np.uint8)  # 1.8 MB
        picture = image_files.ImageFile(pixels, metadata=metadata.Metadata(exif=exif))
        said = image_files.write(tmp_path / "a.tif", picture)
        assert len(said) == lost and all("maker note" in line for line in said)
        assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), pixels)
        assert ((tmp_path / "a.tif").read_bytes()[at : at + 9] == b"maker\0\1\2\3") == (not lost)


def iptc_block(caption=b"A caption"):
    records = struct.pack(">BBBH", 0x1C, 2, 120, len(caption)) + caption
    found = [(0x0404, b"", records), (0x040C, b"", b"an old preview"), (0x07D0, b"Path 1", b"a path")]
    return b"".join(
        struct.pack(">4sHB", b"8BIM", number, len(name))
        + name.ljust(len(name) // 2 * 2 + 1, b"\0")
        + struct.pack(">I", len(value))
        + value.ljust(len(value) + len(value) % 2, b"\0")
        for number, name, value in found
    )


def jpeg(*segments, **options):
    """Return a JPEG file with further segments, each a marker and a body, behind its first one."""
    stream = io.BytesIO()
    Image.fromarray(PIXELS).save(stream, "JPEG", **options)
    added = b"".join(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments)
    return stream.getvalue()[:20] + added + stream.getvalue()[20:]


@pytest.mark.parametrize("caption", [b"A caption", bytes(range(256)) * 600])
def test_iptc_comment_paths_and_xmp_of_a_jpeg_come_back(tmp_path, caption):
    """Also more than a segment holds."""
    block = iptc_block(caption) if len(caption) < 65536 else iptc_block() + path_of(caption)
    pieces = [block[at : at + 60_000] for at in range(0, len(block), 60_000)]
    segments = [(0xED, b"Photoshop 3.0\0" + piece) for piece in pieces]
    source = tmp_path / "in.jpg"
    source.write_bytes(jpeg(*segments, comment=b"said", xmp=XMP, icc_profile=PROFILE))
    found = image_files.read(again(source)).metadata
    assert found.photoshop == metadata.without_previews(block) and b"preview" not in found.photoshop
    assert b"Path 1" in found.photoshop and caption in found.photoshop
    with Image.open(tmp_path / "again.jpg") as picture:
        assert picture.info["comment"] == b"said" and picture.info["xmp"] == XMP
        assert picture.info["icc_profile"] == PROFILE


def path_of(value):
    return struct.pack(">4sHHI", b"8BIM", 0x07D1, 0, len(value)) + value


@given(unit=st.integers(0, 2), across=st.integers(1, 65535), down=st.integers(1, 65535))
def test_the_density_of_a_jpeg_comes_back_in_its_unit(tmp_path_factory, unit, across, down):
    source = tmp_path_factory.mktemp("density") / "in.jpg"
    said = struct.pack(">BHH", unit, across, down)
    source.write_bytes(jpeg()[:13] + said + jpeg()[18:])
    assert again(source).read_bytes()[13:18] == said


def long_xmp_of(path):
    """Return the packet and the further XMP of a JPEG, whose digest leads from one to the other."""
    with Image.open(path) as picture:
        pieces = [body for _, body in picture.applist if body.startswith(b"http://ns.adobe.com/xmp/extension/\0")]
        found = b"".join(piece[75:] for piece in pieces)
        assert not pieces or {piece[35:67] for piece in pieces} == {hashlib.md5(found).hexdigest().upper().encode()}
        return picture.info["xmp"], found


def test_xmp_longer_than_a_segment_comes_back(tmp_path):
    rest = b"<x:xmpmeta>" + b"depth" * 30_000 + b"</x:xmpmeta>"
    digest = hashlib.md5(rest).hexdigest().upper().encode()
    head = b"http://ns.adobe.com/xmp/extension/\0" + digest
    pieces = [
        (0xE1, head + struct.pack(">II", len(rest), at) + rest[at : at + 60_000]) for at in range(0, len(rest), 60_000)
    ]
    xmp = b'<rdf:Description xmpNote:HasExtendedXMP="' + digest + b'" xmp:Rating="5"/>'
    (tmp_path / "a.jpg").write_bytes(jpeg(*reversed(pieces), xmp=xmp))
    assert long_xmp_of(again(tmp_path / "a.jpg")) == (xmp, rest)
    (tmp_path / "b.jpg").write_bytes(jpeg(*pieces[1:], xmp=xmp))  # a piece is missing
    assert long_xmp_of(again(tmp_path / "b.jpg")) == (b'<rdf:Description xmp:Rating="5"/>', b"")
    image_files.write(tmp_path / "c.jpg", image_files.ImageFile(PIXELS, metadata=metadata.Metadata(xmp=rest)))
    packet, found = long_xmp_of(tmp_path / "c.jpg")
    assert found == rest and digest in packet


def test_iptc_of_a_tiff_comes_back(tmp_path):
    block = iptc_block()
    tags = [(33723, 7, 9, b"iptc data", True), (34377, 1, len(block), block, True), (700, 1, len(XMP), XMP, True)]
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, photometric="rgb", metadata=None, extratags=tags)
    with tifffile.TiffFile(again(tmp_path / "a.tif")) as file:
        tags = file.pages.first.tags
        assert bytes(tags[33723].value) == b"iptc data" and bytes(tags[700].value) == XMP
        assert b"A caption" in bytes(tags[34377].value) and b"preview" not in bytes(tags[34377].value)


@pytest.mark.parametrize(
    "said",
    [
        b' hdrgm:Version="1.0"',
        b" hdrgm:GainMapMax = '2.5'",
        b' GCamera:MotionPhoto="1"',
        b' OpCamera:MotionPhotoOwner="camera"',
        b' xmpNote:HasExtendedXMP="AB"',
    ],
)
def test_what_an_attribute_says_of_lost_parts_is_not_said_any_more(tmp_path, said):
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", xmp=b"<rdf:Description" + said + b' xmp:Rating="5"/>')
    with Image.open(again(tmp_path / "a.jpg")) as found:
        assert found.info["xmp"] == b'<rdf:Description xmp:Rating="5"/>'


@pytest.mark.parametrize(
    "said",
    [
        b"<Container:Directory>a film</Container:Directory>",
        b'<Container:Directory rdf:parseType="Resource">\n<rdf:li/></Container:Directory>',
        b"<hdrgm:GainMapMax><rdf:Seq><rdf:li>2</rdf:li></rdf:Seq></hdrgm:GainMapMax>",
        b"<GCamera:MicroVideo>1</GCamera:MicroVideo>",
        b"<GCamera:MotionPhoto/>",
    ],
)
def test_what_an_element_says_of_lost_parts_is_not_said_any_more(tmp_path, said):
    head, tail = b"<rdf:Description>", b"<xmp:Rating>5</xmp:Rating></rdf:Description>"
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", xmp=head + said + tail)
    with Image.open(again(tmp_path / "a.jpg")) as found:
        assert found.info["xmp"] == head + tail


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


def entries(*lines):
    """Return an EXIF block of entries, each a tag, type, number of values, and a place."""
    packed = b"".join(struct.pack("<HHII", *line) for line in lines)
    return struct.pack("<2sHIH", b"II", 42, 8, len(lines)) + packed + bytes(4)


def test_entries_that_all_lead_back_to_their_directory_are_read_once(tmp_path):
    """Each of thousands would be followed, and in it each of thousands again."""
    bomb = entries(*[(EXIF, 4, 1, 8)] * 5000, (274, 3, 1, 6))
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", exif=b"Exif\0\0" + bomb)
    assert image_files.read(again(tmp_path / "a.jpg")).metadata.orientation == 6


def test_entries_that_all_lead_to_one_long_value_are_refused():
    shared = [(282 + i, 5, 1, 0) for i in range(2)]
    assert tiff_directory.read(entries(*shared)).keys() == {282, 283}
    with pytest.raises(ValueError, match="longer than the file"):
        tiff_directory.read(entries(*[(40000 + i, 7, 10_000, 0) for i in range(3000)]))


@pytest.mark.parametrize("tag", [b"<hdrgm:a>", b"<hdrgm:a ", b"<hdrgm:a>x</hdrgm:b>", b" hdrgm:a=", b"<" + b"a" * 9])
def test_xmp_of_tags_without_an_end_is_as_quick_to_read_as_it_is_long(tag):
    """Of half a million letters; to search the rest for the end of each took minutes."""
    broken = tag * (500_000 // len(tag))
    assert metadata.without_lost_parts(broken) == broken
    closed = b"<hdrgm:a>" * 50_000 + b"</hdrgm:a>" * 50_000
    assert metadata.without_lost_parts(closed) == b"</hdrgm:a>" * 49_999
