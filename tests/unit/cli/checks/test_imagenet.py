import json

import numpy as np
import pytest

from hdrkit.cli.checks import imagenet
from hdrkit.cli.checks.check import BAD, NOTE, OK, WARNING, Check

HERE, NOT_HERE = Check("imagenet", OK, ""), Check("imagenet", NOTE, "")


class Child:
    """A child that has answered, whatever it was asked."""

    def __init__(self, printed="", failure=""):
        self._answer = (printed, failure)

    def __call__(self, code):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def answer(self, seconds):
        return self._answer


def state(folder, word):
    return imagenet.weights(Child(json.dumps([str(folder), word])))


def test_an_empty_and_a_damaged_cache_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("HDRKIT_CACHE", str(tmp_path))
    with imagenet.start() as look:
        check = imagenet.weights(look)
    assert check.state == NOTE and check.found == f"the weights of VGG-16 in {tmp_path} are missing"
    assert "hdrkit download weights" in check.advice
    np.savez(tmp_path / "vgg16.npz", source="planted", other=np.zeros(3))
    with imagenet.start() as look:
        check = imagenet.weights(look)
    assert check.state == NOTE and check.found.endswith("are damaged")


def test_whole_weights_need_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(imagenet, "unwritable", lambda folder: "Read-only file system")
    assert state(tmp_path, "whole").state == OK


def test_a_cache_that_cannot_keep_the_weights_is_a_failure(tmp_path, monkeypatch):
    (tmp_path / "cache").touch()
    check = state(tmp_path / "cache", "missing")
    assert check.state == BAD and "cannot be written (" in check.found and "HDRKIT_CACHE" in check.advice
    monkeypatch.setattr(imagenet, "free_bytes", lambda folder: 50 * 2**20)
    check = state(tmp_path, "missing")
    assert check.state == BAD and check.found.endswith("the disk is full") and "120 MB" in check.advice


def test_a_cache_that_nothing_can_read_is_told():
    check = imagenet.weights(Child(failure="ModuleNotFoundError: No module named 'h5py'"))
    assert check.state == WARNING and "No module named 'h5py'" in check.found


@pytest.mark.parametrize(
    ("silent", "weights", "onnx", "expected", "words"),
    [
        ({}, NOT_HERE, None, OK, ""),
        ({"Keras": "no", "PyPI": "no"}, HERE, None, NOTE, "the weights are here"),
        ({"Keras": "no", "PyPI": "no"}, NOT_HERE, "onnx", BAD, "go online"),
        ({"Keras": "no"}, NOT_HERE, None, BAD, "[mirror]"),
        ({"Keras": "no"}, NOT_HERE, "onnx", NOTE, "from the other one"),
        ({"PyPI": "no"}, NOT_HERE, None, NOTE, "from the other one"),
    ],
)
def test_the_network_matters_where_the_weights_are_still_to_come(monkeypatch, silent, weights, onnx, expected, words):
    monkeypatch.setattr(imagenet, "Child", Child(json.dumps(silent)))
    monkeypatch.setattr(imagenet, "find_spec", lambda name: onnx)
    check = imagenet.network(weights)
    assert check.state == expected and words in check.advice
    assert all(f"{name} does not answer (no)" in check.found for name in silent)
