"""Light comes back from OpenEXR in every bit, from Radiance HDR within its steps, from folders of any name."""

import os
import sys

import cv2
import numpy as np
import OpenEXR
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdrkit.core.errors import HdrkitError
from hdrkit.images import radiance_files

COMMENT = "relative: 1 is white\nof sRGB"


def light_of(seed, stops=20):
    rng = np.random.default_rng(seed)
    return np.exp2(rng.uniform(-stops / 2, stops / 2, (9, 14, 3))).astype(np.float32)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999), below=st.floats(-1, 0, width=32))
def test_openexr_keeps_every_bit(tmp_path_factory, seed, below):
    path, light = tmp_path_factory.mktemp("exr") / "a.exr", light_of(seed)
    light[0, 0] = below, 70_000, 1e-6  # outside sRGB's triangle, and what no half holds
    radiance_files.write_exr(path, light, COMMENT)
    with OpenEXR.File(str(path)) as file:
        assert np.array_equal(file.channels()["RGB"].pixels, light)
        assert file.header()["comments"] == COMMENT


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999))
def test_radiance_keeps_light_within_its_steps(tmp_path_factory, seed):
    path, light = tmp_path_factory.mktemp("hdr") / "a.hdr", light_of(seed)
    radiance_files.write_hdr(path, light, COMMENT)
    found = cv2.imread(str(path), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_COLOR_RGB)
    assert (np.abs(found - light) <= light.max(axis=2, keepdims=True) / 127).all()
    lines = path.read_bytes().split(b"\n\n")[0].decode().splitlines()
    assert lines[:3] == ["#?RADIANCE", "# relative: 1 is white", "# of sRGB"]
    assert "FORMAT=32-bit_rle_rgbe" in lines and not any(line.startswith("EXPOSURE") for line in lines)


def write_channels(path, *parts):
    """Write an OpenEXR file of several parts, each of channels by name; the library wants them contiguous."""
    parts = [{name: np.ascontiguousarray(light) for name, light in part.items()} for part in parts]
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File([OpenEXR.Part(header | {"name": str(i)}, part) for i, part in enumerate(parts)]) as file:
        file.write(str(path))


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("others", ["", "A", "Z", "AZ"])
@pytest.mark.parametrize("layer", ["", "rgba.", "ViewLayer.Combined.", "diffuse_R."])
def test_colours_are_found_among_other_channels(tmp_path, kind, others, layer):
    light = light_of(2).astype(kind)
    channels = {layer + name: light[..., i] for i, name in enumerate("RGB")}
    # A hundred everywhere else: alpha, depth, a second layer, and a part before that has no colours.
    more = {layer + name: np.full_like(light[..., 0], 100) for name in others} | {"zz.R": light[..., 0] * 0 + 100}
    write_channels(tmp_path / "a.exr", {"A": light[..., 0] * 0 + 100}, more | channels)
    found = radiance_files.decode_exr(tmp_path / "a.exr")["pixels"]
    assert found.dtype == np.float32 and np.array_equal(found, light)


def test_channels_of_different_kinds_make_one_picture(tmp_path):
    light = light_of(3, 8)
    halves = light.astype(np.float16)
    write_channels(tmp_path / "a.exr", {"R": light[..., 0], "G": halves[..., 1], "B": halves[..., 2]})
    found = radiance_files.decode_exr(tmp_path / "a.exr")["pixels"]
    assert np.array_equal(found, np.dstack([light[..., 0], halves[..., 1], halves[..., 2]]))


def test_the_layer_without_a_name_comes_first(tmp_path):
    light = light_of(4)
    colours = {name: light[..., i] for i, name in enumerate("RGB")}
    others = {f"a.{name}": light[..., i] * 2 for i, name in enumerate("RGB")}
    write_channels(tmp_path / "a.exr", others, others | colours)
    assert np.array_equal(radiance_files.decode_exr(tmp_path / "a.exr")["pixels"], light)


@pytest.mark.parametrize(("names", "listed"), [("Y", "Y"), ("RG", "G, R"), (["a.R", "b.G", "b.B"], "a.R, b.B, b.G")])
def test_a_file_without_colours_is_said(tmp_path, names, listed):
    write_channels(tmp_path / "a.exr", {name: light_of(5)[..., 0] for name in names})
    with pytest.raises(HdrkitError, match=rf"a\.exr: no channels R, G and B; it has {listed}; save"):
        radiance_files.decode_exr(tmp_path / "a.exr")


@pytest.mark.parametrize("write", [radiance_files.write_exr, radiance_files.write_hdr])
def test_a_folder_of_any_name_is_written_to_and_a_file_in_the_way_is_said(tmp_path, write):
    folder = tmp_path / (os.fsdecode(b"caf\xe9") if sys.platform == "linux" else "café")
    write(folder / "a.x", light_of(1), COMMENT)
    assert (folder / "a.x").stat().st_size > 0
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(HdrkitError, match="cannot be written"):
        write(tmp_path / "file" / "a.x", light_of(1), COMMENT)
