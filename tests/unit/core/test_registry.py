import hashlib

import pytest

from hdrkit.core.registry import HASHES, is_intact


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_a_file_is_intact_when_its_bytes_are_those_that_are_registered(tmp_path, monkeypatch, algorithm):
    path = tmp_path / "file"
    path.write_bytes(b"whole")
    monkeypatch.setitem(HASHES, "a/file", f"{algorithm}:{hashlib.new(algorithm, b'whole').hexdigest()}")
    assert is_intact("a/file", path)
    assert not is_intact("another", path)
    assert not is_intact("a/file", tmp_path / "missing")
    path.write_bytes(b"whale")
    assert not is_intact("a/file", path)
