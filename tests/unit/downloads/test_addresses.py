import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.downloads import addresses


def test_a_root_is_an_address_or_a_folder(tmp_path):
    assert addresses.read_addresses("fairchild", "http://mirror/x/")["root"] == "http://mirror/x"
    copy = addresses.read_addresses("fairchild", str(tmp_path))
    assert addresses.address_of(copy, "render", scene="507") == str(tmp_path / "HDRPS/Rendered/507Rendered.jpg")
    with pytest.raises(HdrkitError, match="ftp://x: no such folder; name one, or an address that begins with http"):
        addresses.read_addresses("fairchild", "ftp://x")


def test_each_address_of_the_file_is_whole():
    for what, names in {"fairchild": ("frames", "render", "exr"), "polyhaven": ("panoramas", "files")}.items():
        section = addresses.read_addresses(what)
        for name in names:
            address = addresses.address_of(section, name, scene="GoldenGate(1)", id="a")
            assert address.startswith(section["root"] + "/") and "{" not in address
        assert section["terms"].strip()


def test_a_spoilt_file_of_addresses(tmp_path, monkeypatch):
    (tmp_path / "downloads.toml").write_text("[fairchild", encoding="utf-8")
    monkeypatch.setattr(addresses, "ADDRESSES", tmp_path / "downloads.toml")
    with pytest.raises(HdrkitError, match="downloads.toml: cannot be read"):
        addresses.read_addresses("fairchild")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('root = "http://markfairchild.org"\n', ""),
        ('root = "http://markfairchild.org"\n', "root = 5\n"),
        ("frames_bytes = 14_296_416_907", 'frames_bytes = "many"'),
        ('"GoldenGate(1)", ', "1, "),
        ("{scene}Rendered", "{place}Rendered"),
        ("{scene}Rendered", "{scene.x}Rendered"),
        ("{scene}Rendered", "{sceneRendered"),
        ("[fairchild]\n", "fairchild = 3\n[other]\n"),
    ],
)
def test_a_file_of_addresses_that_lacks_something(tmp_path, monkeypatch, old, new):
    text = addresses.ADDRESSES.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "downloads.toml").write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(addresses, "ADDRESSES", tmp_path / "downloads.toml")
    with pytest.raises(HdrkitError, match="downloads.toml: cannot be read .*; restore it with `git checkout -- data`"):
        addresses.read_addresses("fairchild")
