"""Panoramas: where they come from, and what a camera in one sees."""

import csv
import re

import numpy as np
import OpenEXR
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.core.registry import HASHES
from hdrkit.simulation import panorama

FILES = sorted((DATA / "panoramas").glob("*.exr"))


def test_readme_gives_origin_and_hash_of_every_panorama():
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\w+\.exr) \|.*CC0.*`([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    registered = {name: digest for name, digest in HASHES.items() if name.startswith("panoramas/")}
    assert {f"panoramas/{name}": f"sha256:{digest}" for name, digest in listed.items()} == registered
    assert sorted(listed) == [path.name for path in FILES]


def test_fifteen_panoramas_in_few_megabytes_each_with_a_place():
    with open(DATA / "places.csv", newline="", encoding="utf-8") as stream:
        places = list(csv.DictReader(stream))
    assert sorted(row["panorama"] for row in places) == [path.stem for path in FILES]
    assert len(FILES) == 15
    assert sum(path.stat().st_size for path in FILES) < 15e6


def test_panoramas_hold_light_of_high_dynamic_range():
    for path in FILES:
        light = panorama.load_panorama(path)
        assert light.shape == (512, 1024, 3) and light.dtype == np.float32
        assert light.min() >= 0
        assert np.percentile(light, 99.9) > 10 * np.median(light), path.name


@pytest.mark.parametrize("keep", [0, 100, 100_000])
def test_damaged_panorama_is_named_in_one_line(tmp_path, keep):
    broken = tmp_path / "hall.exr"
    broken.write_bytes(FILES[0].read_bytes()[:keep])
    with pytest.raises(HdrkitError, match=r"hall\.exr.*damaged; copy it again from its source$") as error:
        panorama.load_panorama(broken)
    assert "\n" not in str(error.value)


def test_missing_and_misshapen_panoramas_are_named(tmp_path):
    with pytest.raises(HdrkitError, match=r"hall\.exr.*missing"):
        panorama.load_panorama(tmp_path / "hall.exr")
    square = tmp_path / "square.exr"
    with OpenEXR.File({}, {"RGB": np.zeros((8, 8, 3), np.float16)}) as file:
        file.write(str(square))
    with pytest.raises(HdrkitError, match=r"square\.exr.*2:1"):
        panorama.load_panorama(square)


def directions(height=256):
    """A panorama whose colours are the directions (right, down, forward) they are seen in, plus 1."""
    latitude = ((np.arange(height) + 0.5) / height - 0.5) * np.pi
    longitude = ((np.arange(2 * height) + 0.5) / height - 1) * np.pi
    right, forward = np.sin(longitude), np.cos(longitude)
    level = np.cos(latitude)[:, None]
    down = np.sin(latitude)[:, None] * np.ones_like(right)
    return np.stack([level * right, down, level * forward], axis=-1).astype(np.float32) + 1


@pytest.mark.parametrize(
    ("yaw", "pitch", "direction"),
    [(0, 0, (0, 0, 1)), (90, 0, (1, 0, 0)), (180, 0, (0, 0, -1)), (0, 30, (0, -0.5, 0.75**0.5))],
)
def test_camera_looks_where_it_is_turned(yaw, pitch, direction):
    seen = panorama.view(directions(), panorama.rotation(yaw, pitch, 0), 60, (91, 61))
    np.testing.assert_allclose(seen[30, 45] - 1, direction, atol=1e-4)


def test_view_is_a_pinhole_projection_also_across_the_seam():
    """Every pixel shows the direction of its ray: seam, roll, field of view and shift included."""
    size, fov, shift = (91, 61), 80, (0.3, -0.2)
    pose = panorama.rotation(175, -10, 5)
    focal = size[0] / 2 / np.tan(np.radians(fov) / 2)
    x, y = np.meshgrid(np.arange(91) - 45 - shift[0], np.arange(61) - 30 - shift[1])
    rays = np.stack([x / focal, y / focal, np.ones_like(x)], axis=-1) @ pose.T
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    np.testing.assert_allclose(panorama.view(directions(), pose, fov, size, shift) - 1, rays, atol=2e-4)
