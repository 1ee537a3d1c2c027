"""A HEIC file is damaged in many ways; none ends the process, and none is a traceback."""

import numpy as np
import pillow_heif
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.images import heif_files, image_files

PIXELS = np.zeros((40, 60, 3), np.uint8)


def heic(path, **options):
    pillow_heif.from_bytes(mode="RGB", size=(60, 40), data=PIXELS.tobytes()).save(path, quality=-1, **options)
    return path


def test_damage_is_refused_in_one_line(tmp_path):
    exif = Image.Exif()
    exif[271] = "Acme"
    data = heic(tmp_path / "a.heic", exif=exif.tobytes()).read_bytes()
    rng, refused = np.random.default_rng(1), 0
    for _ in range(12):
        spoilt = bytearray(data)
        for at in rng.integers(40, len(data), 4):
            spoilt[at] = rng.integers(0, 256)
        (tmp_path / "a.heic").write_bytes(spoilt)
        try:
            image_files.read(tmp_path / "a.heic")
        except HdrkitError as error:
            assert "\n" not in str(error) and "a.heic" in str(error)
            refused += 1
    assert refused


def test_what_the_file_holds_is_told(tmp_path):
    found = heif_files.read(heic(tmp_path / "a.heic", xmp=b"<x/>"))
    assert (found.pixels.shape, found.depth, found.pictures) == ((40, 60, 3), 8, 1)
    assert found.info == {"exif": b"", "xmp": b"<x/>", "icc_profile": b""}
