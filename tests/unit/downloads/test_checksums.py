import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.downloads.checksums import Checksums, one_line
from hdrkit.downloads.partial_files import PartialFile
from hdrkit.downloads.wanted import MissingError, Wanted


@pytest.fixture
def table(tmp_path):
    """A table of two files."""
    made = Checksums(tmp_path / "checksums.csv", ("author",))
    for name in ("a", "b, c"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        made.note(name, tmp_path / name, "http://x", author="Ø")
    made.save()
    return made


def test_what_is_noted_is_read_again(table):
    again = Checksums(table.path, ("author",))
    again.verify("")
    assert again.rows == table.rows and again.intact == {"a", "b, c"} and not again.changed


def test_each_change_is_named(table):
    (table.path.parent / "a").write_text("A", encoding="utf-8")  # as long as before
    (table.path.parent / "b, c").write_text("longer than before", encoding="utf-8")
    table.verify("")
    assert table.changed == ["a", "b, c"] and not table.intact


def test_the_note_of_a_part_that_got_its_name_is_removed(table):
    """A kill may come before that."""
    part = PartialFile(table.path.parent, "a")
    part.begin("http://x", None, 1)
    part.path.unlink()
    table.verify("")
    assert not list(part.path.parent.iterdir())


def test_a_file_that_is_gone_is_neither(table):
    (table.path.parent / "a").unlink()
    table.verify("")
    assert table.intact == {"b, c"} and not table.changed


def test_a_file_that_comes_again_must_be_the_same(table, tmp_path):
    (tmp_path / "new").write_text("another", encoding="utf-8")
    with pytest.raises(MissingError, match="changed where it comes from: its SHA-256 was ca978112ca1b"):
        table.note("a", tmp_path / "new", "http://x")


def test_what_somebody_else_put_here_is_taken_as_it_is(table, tmp_path):
    (tmp_path / "own").write_bytes(b"12345")
    with pytest.raises(MissingError, match="5 bytes, 6 are expected"):
        table.adopt(Wanted("own", "http://x", 6))
    assert table.adopt(Wanted("own", "http://x", 5)) and "own" in Checksums(table.path).rows
    assert not table.adopt(Wanted("own", "http://x", 5)) and not table.adopt(Wanted("none", "http://x"))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"file,bytes\na,1\n"])
def test_a_table_that_is_none(tmp_path, content):
    (tmp_path / "checksums.csv").write_bytes(content)
    with pytest.raises(HdrkitError, match="no table of checksums"):
        Checksums(tmp_path / "checksums.csv")


def test_what_others_wrote_obeys_no_terminal():
    assert one_line({"name": "a\x1b[2J\u202e b  c"}) == {"name": "a[2J b c"}
    assert one_line({"name": ' =+HYPERLINK("http://x")'}) == {"name": 'HYPERLINK("http://x")'}  # no formula


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file,bytes,sha256,address\n../../a,1,0,x\n", "'../../a' is no file of this folder"),
        ("file,bytes,sha256,address\n/etc/passwd,1,0,x\n", "'/etc/passwd' is no file of this folder"),
        ("bytes,file,sha256,address\n5\n", "'' is no file of this folder"),
    ],
)
def test_a_row_of_no_file_of_the_folder_is_named(tmp_path, text, why):
    (tmp_path / "checksums.csv").write_text(text, encoding="utf-8")
    with pytest.raises(HdrkitError, match=f"checksums.csv: no table of checksums \\({why}\\); restore it"):
        Checksums(tmp_path / "checksums.csv")


def test_a_size_that_is_no_number_is_that_of_another_file(tmp_path):
    (tmp_path / "a").write_text("x", encoding="utf-8")
    (tmp_path / "checksums.csv").write_text("file,bytes,sha256,address\na,many,0,x\n", encoding="utf-8")
    table = Checksums(tmp_path / "checksums.csv")
    table.verify("")
    assert table.changed == ["a"]
