"""A fused picture says all that its metered frame says, and that it is fused."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from hdrkit.images import tiff_directory
from hdrkit.images.composite_metadata import COMPOSITE, HEIGHT, PIXEL_X, PIXEL_Y, SOURCES, WIDTH, composite
from hdrkit.images.metadata import ORIENTATION, Metadata
from hdrkit.images.tiff_directory import EXIF, GPS, MAKER_NOTE, Entry, pointer

ENTRIES = st.binary(min_size=1, max_size=9).map(lambda value: Entry(7, len(value), value))
OURS = {ORIENTATION, WIDTH, HEIGHT, PIXEL_X, PIXEL_Y, COMPOSITE, SOURCES, EXIF}


def short(order, *values):
    return Entry(3, len(values), struct.pack(f"{order}{len(values)}H", *values))


def others(directory):
    return {tag: entry for tag, entry in directory.items() if tag not in OURS}


@given(
    first=st.dictionaries(st.integers(200, 30000), ENTRIES, max_size=6),
    inside=st.none() | st.dictionaries(st.integers(33000, 42090), ENTRIES, max_size=4),
    note=st.binary(min_size=5, max_size=40),
    order=st.sampled_from("<>"),
    turned=st.integers(1, 8),
)
def test_all_other_tags_stay_and_no_byte_moves(first, inside, note, order, turned):
    directory = first | {ORIENTATION: short(order, turned), GPS: pointer({4: Entry(7, 8, b"position")})}
    if inside is not None:
        directory[EXIF] = pointer(inside | {MAKER_NOTE: Entry(7, len(note), note)})
    block = tiff_directory.block(directory, order)
    found = composite(Metadata(exif=block), (300, 200), given=5, used=3)
    assert found.exif[8 : len(block)] == block[8:] and found.orientation == 1
    before, read = tiff_directory.read(block), tiff_directory.read(found.exif)
    assert others(read) == others(before)
    told = read[EXIF].inside
    assert others(told) == others(before[EXIF].inside if inside is not None else {})
    assert told[COMPOSITE] == short(order, 2) and told[SOURCES] == short(order, 5, 3)
    assert struct.unpack(order + "II", told[PIXEL_X].value + told[PIXEL_Y].value) == (300, 200)
    assert (WIDTH in read) == (WIDTH in first)


@given(exif=st.binary(max_size=60) | st.binary(max_size=30).map(lambda rest: b"II*\0\x08\0\0\0" + rest))
def test_illegible_exif_makes_way_for_what_is_known(exif):
    found = tiff_directory.read(composite(Metadata(exif=exif), (3, 2), given=2, used=2).exif)
    assert found[EXIF].inside[SOURCES] == short("<", 2, 2) or found[EXIF].inside[SOURCES] == short(">", 2, 2)
