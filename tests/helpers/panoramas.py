"""Small panoramas that are drawn at random, each of another place."""

import csv

import cv2
import numpy as np
import OpenEXR

from hdrkit.core.files import sha256
from hdrkit.simulation import panorama_folder


def light_of(seed, height=32):
    """Return light, float32 (height, 2 height, 3), of six stops."""
    stops = np.random.default_rng(seed).uniform(-3, 3, (8, 16, 3)).astype(np.float32)
    return np.exp2(cv2.resize(stops, (2 * height, height), interpolation=cv2.INTER_LINEAR))


def write(path, light):
    """Write light as .hdr or .exr; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".hdr":
        path.write_bytes(cv2.imencode(".hdr", np.ascontiguousarray(light[..., ::-1]))[1].tobytes())
    else:
        with OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION}, {"RGB": np.ascontiguousarray(light)}) as file:
            file.write(str(path))
    return path


def write_all(folder, *names):
    """Write a panorama of each name, each of a place of its own; return the folder."""
    for name in names:
        write(folder / name, light_of(list(name.encode())))
    return folder


def write_manifest(folder, rows):
    """Write a manifest as `hdrkit download polyhaven` does: what it says of some files, by name."""
    columns = ("file", "bytes", "sha256", "address", *panorama_folder.COLUMNS)
    with open(folder / "manifest.csv", "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        for name, about in rows.items():
            writer.writerow({"file": name, "sha256": sha256(folder / name)} | about)
