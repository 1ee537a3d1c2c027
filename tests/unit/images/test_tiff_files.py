"""TIFFs of any depth, palette and alpha are read right; several pages and further channels are refused."""

import struct

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.images import image_files, tiff_directory

PIXELS = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
GREY = PIXELS[..., 0]


@given(bits=st.integers(1, 16), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_values_of_any_depth_are_stretched_to_all_of_8_or_16_bits(tmp_path_factory, bits, seed):
    """Packed by hand, most significant bit first, each row from a new byte on (TIFF 6.0, section 8)."""
    values = np.random.default_rng(seed).integers(0, 2**bits, (6, 10))
    path = tmp_path_factory.mktemp("depth") / "a.tif"
    planes = (values[..., None] >> np.arange(bits - 1, -1, -1)) & 1
    packed = np.packbits(planes.reshape(6, -1).astype(np.uint8), axis=1).tobytes()
    if bits == 16:
        packed = values.astype("<u2").tobytes()  # whole words lie in the file's order
    write_bits(path, packed, bits)
    found = image_files.read(path).pixels
    top = 255 if bits <= 8 else 65535
    assert found.dtype == (np.uint8 if bits <= 8 else np.uint16)
    assert np.array_equal(found, np.rint(values * (top / (2**bits - 1))))


def write_bits(path, packed, bits):
    tags = {256: 10, 257: 6, 258: bits, 259: 1, 262: 1, 273: 8, 277: 1, 278: 6, 279: len(packed)}
    strip = packed + b"\0" * (len(packed) % 2)
    entries = b"".join(
        np.array([tag, 4], "<u2").tobytes() + np.array([1, v], "<u4").tobytes() for tag, v in tags.items()
    )
    head = b"II*\0" + struct.pack("<I", 8 + len(strip))
    path.write_bytes(head + strip + struct.pack("<H", len(tags)) + entries + bytes(4))


def test_negatives_and_palettes_are_seen_as_they_are_meant(tmp_path):
    tifffile.imwrite(tmp_path / "white.tif", GREY, photometric="miniswhite")
    assert np.array_equal(image_files.read(tmp_path / "white.tif").pixels, 255 - GREY)
    tifffile.imwrite(tmp_path / "float.tif", (GREY / 255).astype(np.float32), photometric="miniswhite")
    assert np.allclose(image_files.read(tmp_path / "float.tif").pixels, 1 - GREY / 255)
    picture = Image.fromarray(PIXELS).quantize(64)
    picture.save(tmp_path / "palette.tif")
    assert np.array_equal(image_files.read(tmp_path / "palette.tif").pixels, np.asarray(picture.convert("RGB")))


def test_several_pages_are_refused_and_a_preview_is_not_one(tmp_path):
    tifffile.imwrite(tmp_path / "pages.tif", np.stack([PIXELS] * 3), photometric="rgb")
    with pytest.raises(HdrkitError, match="pages.tif: 3 pages; save the one that is meant"):
        image_files.read(tmp_path / "pages.tif")
    with tifffile.TiffWriter(tmp_path / "preview.tif") as file:
        file.write(PIXELS, photometric="rgb")
        file.write(PIXELS[::4, ::4], photometric="rgb", subfiletype=1)
    assert np.array_equal(image_files.read(tmp_path / "preview.tif").pixels, PIXELS)


def test_the_picture_is_read_and_not_the_preview_before_it(tmp_path):
    with tifffile.TiffWriter(tmp_path / "preview.tif") as file:
        file.write(PIXELS[::4, ::4], photometric="rgb", subfiletype=1)
        file.write(PIXELS, photometric="rgb")
    assert np.array_equal(image_files.read(tmp_path / "preview.tif").pixels, PIXELS)


def test_what_would_be_read_wrong_is_refused_with_what_to_do(tmp_path):
    volume = np.stack([GREY] * 16)
    tifffile.imwrite(tmp_path / "volume.tif", volume, photometric="minisblack", volumetric=True, tile=(16, 16, 16))
    tifffile.imwrite(tmp_path / "colours.tif", PIXELS, photometric="ycbcr", subsampling=(1, 1))
    tifffile.imwrite(tmp_path / "coded.tif", PIXELS, photometric="rgb")
    data = (tmp_path / "coded.tif").read_bytes()
    plain, sgi = (struct.pack("<HHIHH", 259, 3, 1, number, 0) for number in (1, 34676))
    (tmp_path / "coded.tif").write_bytes(data.replace(plain, sgi))
    tifffile.imwrite(tmp_path / "signed.tif", PIXELS.astype(np.int16), photometric="rgb")
    for name, why in [
        ("volume", "16 pages; save the one that is meant"),
        ("colours", "this is a TIFF of YCbCr without JPEG, which is not read here; convert it"),
        ("coded", "this is a TIFF of compression SGILOG, which is not read here; convert it"),
        ("signed", "int16 pixels; convert it to whole numbers of 8 or 16 bits, without sign"),
    ]:
        with pytest.raises(HdrkitError, match=f"{name}.tif: {why}"):
            image_files.read(tmp_path / f"{name}.tif")


@pytest.mark.parametrize("value", [-0.01, 1.01, 255, np.nan, np.inf])
def test_floating_point_beyond_black_and_white_is_refused_with_what_to_do(tmp_path, value):
    pixels = (PIXELS / 255).astype(np.float32)
    pixels[3, 4, 1] = value
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb")
    with pytest.raises(HdrkitError, match=r"a.tif: floating point .*; save it with values from 0 to 1, or in whole"):
        image_files.read(tmp_path / "a.tif")


def test_directories_that_lead_in_a_circle_are_one_page(tmp_path):
    tifffile.imwrite(tmp_path / "circle.tif", PIXELS, photometric="rgb", metadata=None)
    data = bytearray((tmp_path / "circle.tif").read_bytes())
    struct.pack_into("<I", data, tiff_directory.place_of_next(bytes(data)), tiff_directory.first_place(bytes(data)))
    (tmp_path / "circle.tif").write_bytes(data)
    assert np.array_equal(image_files.read(tmp_path / "circle.tif").pixels, PIXELS)


def test_further_channels_are_refused(tmp_path):
    tifffile.imwrite(tmp_path / "five.tif", np.dstack([PIXELS, PIXELS[..., :2]]), photometric="rgb", planarconfig=1)
    with pytest.raises(HdrkitError, match="five.tif: 5 channels; save red, green and blue"):
        image_files.read(tmp_path / "five.tif")


@pytest.mark.parametrize("kind", ["unspecified", "assocalpha", "unassalpha"])
@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_alpha_stays_of_its_kind(tmp_path, kind, grey, depth):
    rng = np.random.default_rng(3)
    alpha = rng.integers(0, np.iinfo(depth).max, (40, 60), depth, endpoint=True)
    alpha[:8] = 0
    pixels = rng.integers(0, np.iinfo(depth).max, (40, 60) if grey else (40, 60, 3), depth, endpoint=True)
    if kind == "assocalpha":  # no pixel is brighter than its alpha
        pixels = np.minimum(pixels, alpha if grey else alpha[..., None])
    stored = np.dstack([pixels, alpha])
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, stored, photometric="minisblack" if grey else "rgb", extrasamples=[kind], planarconfig=1)
    found = image_files.read(path)
    assert found.alpha_kind == kind and np.array_equal(found.alpha, alpha)
    image_files.write(tmp_path / "b.tif", found)
    with tifffile.TiffFile(tmp_path / "b.tif") as file:
        assert file.pages.first.extrasamples[0].name.lower() == kind
        assert np.array_equal(file.asarray(), stored)


def test_pixels_under_associated_alpha_are_enhanced_as_what_they_show(tmp_path):
    """Half as opaque, the file's values are halved; the picture below them is the same."""
    alpha = np.full(GREY.shape, 128, np.uint8)
    stored = np.rint(PIXELS * (128 / 255)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", np.dstack([stored, alpha]), photometric="rgb", extrasamples=["assocalpha"])
    assert np.abs(image_files.read(tmp_path / "a.tif").pixels.astype(int) - PIXELS).max() <= 1


def test_a_picture_without_pixels_is_refused(tmp_path):
    path = tmp_path / "none.tif"
    write_bits(path, bytes(60), 8)
    rows = struct.pack("<HHI", 257, 4, 1)
    path.write_bytes(path.read_bytes().replace(rows + struct.pack("<I", 6), rows + bytes(4)))
    with pytest.raises(HdrkitError, match="none.tif: .*; copy it again from its source"):
        image_files.read(path)
