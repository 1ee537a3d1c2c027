"""Small photographs of each kind of file that is read, with what belongs to them, to be damaged."""

from fractions import Fraction

import cv2
import numpy as np
import OpenEXR
import pillow_heif
import tifffile
from PIL import Image, ImageCms

from helpers.shots import write_shot

SIZE = (96, 48)
# Of a TIFF; each has a decoder of its own.
COMPRESSIONS = ("none", "deflate", "lzw", "packbits", "jpeg", "zstd", "lzma", "webp", "png", "jpeg2000", "jpegxr")
PICTURES = ("a.jpg", "progressive.jpg", "a.png", "deep.png", "a.webp", "lossless.webp", "a.avif", "a.heic", "a.dng")
TIFFS = tuple(f"{compression}.tif" for compression in COMPRESSIONS)
PANORAMAS = ("zip.exr", "piz.exr", "dwaa.exr", "b44.exr", "a.hdr")


def pixels():
    """Return a smooth picture, uint8, of all brightnesses."""
    noise = np.random.default_rng(1).integers(0, 256, (6, 12, 3), np.uint8)
    return cv2.resize(noise, SIZE, interpolation=cv2.INTER_CUBIC)


def belongings():
    """Return what Pillow writes beside pixels."""
    exif = Image.Exif()
    exif[271], exif[274] = "Acme", 6
    exif.get_ifd(0x8769).update({33434: 1 / 60, 33437: 8.0, 34855: 100, 37500: b"a maker's note"})
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 1.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return {"exif": exif, "icc_profile": profile, "xmp": b"<x:xmpmeta/>"}


def write(path):
    """Write the photograph, or the panorama, of a name of the lists above; return its path."""
    path.parent.mkdir(exist_ok=True)
    stem, suffix, picture = path.stem, path.suffix, pixels()
    if suffix == ".tif":
        options = {} if stem == "none" else {"compression": stem, "predictor": stem in ("deflate", "lzw") or None}
        tifffile.imwrite(path, picture, photometric="rgb", iccprofile=belongings()["icc_profile"], **options)
    elif suffix == ".heic":
        exif = belongings()["exif"].tobytes()
        pillow_heif.from_bytes("RGB", SIZE, picture.tobytes()).save(path, quality=80, exif=exif)
    elif suffix == ".dng":
        write_shot(path, Fraction(1, 60))
    elif suffix == ".exr":
        header = {"compression": getattr(OpenEXR, f"{stem.upper()}_COMPRESSION"), "type": OpenEXR.scanlineimage}
        with OpenEXR.File(header, {"RGB": (picture / np.float32(255)).astype(np.float32)}) as file:
            file.write(str(path))
    elif suffix == ".hdr":
        cv2.imwrite(str(path), picture / np.float32(255))
    elif stem == "deep":
        cv2.imwrite(str(path), picture.astype(np.uint16) * 257)
    else:
        options = {"progressive": {"progressive": True}, "lossless": {"lossless": True}}.get(stem, {})
        Image.fromarray(picture).save(path, **options, **belongings())
    return path
