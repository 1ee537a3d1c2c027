"""Arrays that come back from a file: the same, and pictures without the memory that they would take."""

import numpy as np

from hdrkit.core import arrays

WRITTEN = {
    "pictures": np.arange(240, dtype=np.uint8).reshape(2, 4, 10, 3),
    "turned": np.asfortranarray(np.arange(12, dtype=np.uint8).reshape(3, 4)),
    "evs": np.linspace(-4, 4, 9),
    "name": np.array("Scheune ä"),
    "none": np.zeros((0, 3), np.uint8),
    "one": np.array(7, np.uint8),
}


def test_they_are_what_was_written(tmp_path):
    arrays.write(tmp_path / "a.npz", **WRITTEN)
    found = arrays.read(tmp_path / "a.npz")
    assert found.keys() == WRITTEN.keys()
    for name, wanted in WRITTEN.items():
        assert found[name].dtype == wanted.dtype and found[name].shape == wanted.shape
        np.testing.assert_array_equal(found[name], wanted)


def test_a_picture_is_not_copied_from_its_file_and_may_be_changed(tmp_path):
    arrays.write(tmp_path / "a.npz", **WRITTEN)
    before = (tmp_path / "a.npz").read_bytes()
    pictures = arrays.read(tmp_path / "a.npz")["pictures"]
    assert isinstance(pictures.base, np.memmap)
    pictures[:] = 0
    assert (tmp_path / "a.npz").read_bytes() == before


def test_they_outlive_their_file(tmp_path):
    arrays.write(tmp_path / "a.npz", **WRITTEN)
    pictures = arrays.read(tmp_path / "a.npz")["pictures"]
    (tmp_path / "a.npz").unlink()
    np.testing.assert_array_equal(pictures, WRITTEN["pictures"])
