"""Frames of a bracket are laid over each other and fused; what is no bracket is named."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from helpers.shots import write_shot
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.fusion.bracket import fuse_files

TIMES = [Fraction(1, 320), Fraction(1, 80), Fraction(1, 20)]


def write_bracket(folder, shift=0):
    """Three frames, the last of which lies `shift` pixels to the right."""
    folder.mkdir()
    return [write_shot(folder / f"{i}.dng", time, shift if i == 2 else 0, seed=i) for i, time in enumerate(TIMES)]


def test_a_moved_frame_is_laid_onto_the_metered_one(tmp_path):
    """The edges of both fall onto each other: fused, they are as sharp as if it had not moved."""
    sharp = {}
    for shift in (0, 4):
        found = fuse_files(write_bracket(tmp_path / f"moved_by_{shift}", shift))
        assert found.shape == (200, 300, 3) and found.dtype == np.uint8
        sharp[shift] = cv2.Laplacian(found[10:-10, 10:-10].astype(np.float32), cv2.CV_32F).std()
    assert sharp[4] == pytest.approx(sharp[0], rel=0.1)


def test_methods_differ(tmp_path):
    paths = write_bracket(tmp_path / "in")
    assert not np.array_equal(fuse_files(paths, "mertens"), fuse_files(paths, "debevec_reinhard"))


def test_one_frame_is_no_bracket(tmp_path):
    with pytest.raises(HdrkitError, match="two frames"):
        fuse_files([write_shot(tmp_path / "one.dng", TIMES[1])])


def test_a_picture_without_an_exposure_time_is_named(tmp_path):
    paths = write_bracket(tmp_path / "in")
    Image.new("RGB", (300, 200)).save(tmp_path / "in" / "plain.png")
    with pytest.raises(HdrkitError, match=r"plain\.png: .*no exposure time"):
        fuse_files([*paths, tmp_path / "in" / "plain.png"])


def test_a_frame_that_contradicts_its_exposure_time_is_named(tmp_path):
    paths = write_bracket(tmp_path / "in")
    write_shot(paths[2], TIMES[2], stated=Fraction(1, 5))
    with pytest.raises(HdrkitError, match=r"2\.dng: pixels .* stops from what its exposure time says; leave it out"):
        fuse_files(paths)
