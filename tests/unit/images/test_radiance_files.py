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


@pytest.mark.parametrize("write", [radiance_files.write_exr, radiance_files.write_hdr])
def test_a_folder_of_any_name_is_written_to_and_a_file_in_the_way_is_said(tmp_path, write):
    folder = tmp_path / (os.fsdecode(b"caf\xe9") if sys.platform == "linux" else "café")
    write(folder / "a.x", light_of(1), COMMENT)
    assert (folder / "a.x").stat().st_size > 0
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(HdrkitError, match="cannot be written"):
        write(tmp_path / "file" / "a.x", light_of(1), COMMENT)
