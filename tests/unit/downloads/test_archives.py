import os
import random
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdrkit.downloads import archives

FRAME = random.Random(1).randbytes(5000)


def zipped(path, entries, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return path


def unpacked(path, folder):
    """Unpack all that may be; return files by name, and what was refused."""
    with archives.opened(path) as archive:
        members, refused = archives.members(archive, (".nef",))
        for member in members:
            archives.unpack(archive, member, folder / member.folder / member.name)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.*")}, dict(refused)


def test_frames_come_out_and_nothing_else(tmp_path):
    entries = [
        ("HDRPS Raws/", b""),
        ("HDRPS Raws/El Capitan/_MDF0001.NEF", FRAME),
        ("HDRPS Raws/507/_MDF0001.NEF", b"1"),
    ]
    others = [
        ("__MACOSX/HDRPS Raws/507/._MDF0001.NEF", b"x"),
        ("HDRPS Raws/507/a.JPG", b"x"),
        ("HDRPS Raws/x.txt", b"x"),
    ]
    path = zipped(tmp_path / "a.zip", entries + others, compression=zipfile.ZIP_DEFLATED)
    assert unpacked(path, tmp_path / "out") == ({"El Capitan/_MDF0001.NEF": FRAME, "507/_MDF0001.NEF": b"1"}, {})


@pytest.mark.parametrize(
    "name",
    [
        *("../up.NEF", "a/../../up.NEF", "/etc/up.NEF", "a/..\\up.NEF", "C:/up.NEF", "a/x\n.NEF", "up.NEF"),
        *("a/.. /up.NEF", "a./up.NEF", "a/<script>.NEF", "a/\x1b[2Jup.NEF", ".git/up.NEF"),
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    path = zipped(tmp_path / "a.zip", [(name, b"x"), ("b/good.NEF", b"y")])
    before = sorted(tmp_path.rglob("*"))
    files, refused = unpacked(path, tmp_path / "out")
    assert files == {"b/good.NEF": b"y"} and list(refused.values()) == ["no safe name; left out"]
    assert sorted(file for file in tmp_path.rglob("*") if "out" not in file.parts) == before


def test_no_link_is_made(tmp_path):
    link = zipfile.ZipInfo("a/link.NEF")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert unpacked(zipped(tmp_path / "a.zip", [(link, "/etc/passwd")]), tmp_path / "out") == (
        {},
        {"a/link.NEF": "a link; left out"},
    )


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(tmp_path, kind):
    path = zipped(tmp_path / "a.zip", [("a/1.NEF", FRAME)], compression=kind)
    assert unpacked(path, tmp_path / "out") == ({}, {"a/1.NEF": "compressed in an unusual way; left out"})


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 10**6)
    path = zipped(tmp_path / "a.zip", [("a/bomb.NEF", bytes(2 * 10**6))], compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 5000
    files, refused = unpacked(path, tmp_path / "out")
    assert files == {} and refused == {"a/bomb.NEF": "2 MB unpacked, more than 1; left out"}


def test_a_bomb_that_lies_about_its_size_is_cut(tmp_path):
    path = zipped(tmp_path / "a.zip", [("a/bomb.NEF", bytes(10**6))], compression=zipfile.ZIP_DEFLATED)
    content = path.read_bytes()
    path.write_bytes(content.replace((10**6).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(ValueError, match="^damaged"):
        unpacked(path, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.*"))


def test_two_files_of_one_name(tmp_path):
    files, refused = unpacked(zipped(tmp_path / "a.zip", [("x/a/1.NEF", b"1"), ("y/A/1.nef", b"2")]), tmp_path / "out")
    assert files == {"a/1.NEF": b"1"} and list(refused) == ["y/A/1.nef"]


@pytest.mark.parametrize("at", [40, 2000, 4999])
def test_a_changed_byte_is_noticed(tmp_path, at):
    path = zipped(tmp_path / "a.zip", [("a/1.NEF", FRAME)])
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="^damaged"):
        unpacked(path, tmp_path / "out")


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), min_size=1, max_size=5), st.data())
def test_whatever_is_done_to_an_archive_it_is_damaged_or_unpacked(tmp_path_factory, changes, data):
    folder = tmp_path_factory.mktemp("changed")
    entries = [("raws/a/1.NEF", b"1" * 300), ("raws/b/2.NEF", b"2" * 30)]
    path = zipped(folder / "a.zip", entries, compression=data.draw(st.sampled_from([0, 8])))
    content = bytearray(path.read_bytes())
    for place, value in changes:
        content[-1 - place % min(len(content), data.draw(st.sampled_from([30, 1000])))] = value
    path.write_bytes(content)
    try:
        files, _ = unpacked(path, folder / "out")
    except ValueError as error:
        assert str(error).startswith("damaged")
    else:
        assert set(files.values()) <= {content for _, content in entries}
    assert {file.name for file in folder.iterdir()} <= {"a.zip", "out"}


@pytest.mark.parametrize("keep", [0, 10, 3000, -10])
def test_a_cut_archive_is_none(tmp_path, keep):
    path = zipped(tmp_path / "a.zip", [("a/1.NEF", FRAME)])
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="no zip archive"):
        unpacked(path, tmp_path / "out")


@pytest.mark.skipif(os.name == "nt", reason="files have no holes there unless they are asked for")
def test_an_archive_over_4_gb_without_zip64(tmp_path):
    """As macOS writes them: offsets begin again after each 4 GB. Here nearly all of it is a hole in the file."""
    small = zipped(tmp_path / "small.zip", [(f"raws/s{i}/{i}.NEF", FRAME + b"%d" % i) for i in range(5)])
    with zipfile.ZipFile(small) as archive:
        entries, start = archive.infolist(), archive.start_dir
    content = small.read_bytes()
    ends = [entry.header_offset for entry in entries[1:]] + [start]
    places = [0, 6000, archives.WRAP + 100, 2 * archives.WRAP + 50, 3 * archives.WRAP - 9000]
    directory, at = bytearray(content[start:]), -1
    with open(tmp_path / "large.zip", "wb") as large:
        for entry, end, place in zip(entries, ends, places, strict=True):
            large.seek(place)
            large.write(content[entry.header_offset : end])
            at = directory.index(b"PK\x01\x02", at + 1)
            directory[at + 42 : at + 46] = (place % archives.WRAP).to_bytes(4, "little")
        large.seek(3 * archives.WRAP + 7)
        where = directory.index(b"PK\x05\x06")
        directory[where + 16 : where + 20] = (7).to_bytes(4, "little")
        large.write(directory)
    assert os.stat(tmp_path / "large.zip").st_size > 3 * archives.WRAP
    files, refused = unpacked(tmp_path / "large.zip", tmp_path / "out")
    assert files == {f"s{i}/{i}.NEF": FRAME + b"%d" % i for i in range(5)} and not refused


@pytest.mark.parametrize("name", ["a/" + "n" * 252 + ".NEF", "f" * 256 + "/1.NEF", "a/1.NEF/"])
def test_a_name_that_no_disk_takes_stops_no_other(tmp_path, name):
    path = zipped(tmp_path / "a.zip", [(name, b""), ("b/good.NEF", b"y")])
    files, refused = unpacked(path, tmp_path / "out")
    assert files == {"b/good.NEF": b"y"} and list(refused) == [name]
