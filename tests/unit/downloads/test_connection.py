import gzip
import hashlib
import json
import shutil
import threading
import tracemalloc
from collections import namedtuple
from dataclasses import replace

import pytest
from helpers import servers
from helpers.servers import HASTE
from hypothesis import given, settings
from hypothesis import strategies as st
from tqdm import tqdm

from hdrkit import __version__
from hdrkit.core.errors import HdrkitError
from hdrkit.downloads.connection import Connection, StoppedError
from hdrkit.downloads.partial_files import PartialFile
from hdrkit.downloads.wanted import GaveUpError, MissingError, Wanted

BODY = bytes(range(256)) * 40


@pytest.fixture
def file(server):
    server.files["/a"] = BODY
    return server


def quiet():
    return tqdm(disable=True)


def fetch(server, folder, patience=HASTE, path="/a", **about):
    part = PartialFile(folder, "a")
    Connection(patience, threading.Event()).fetch(Wanted("a", server.root + path, **about), part, quiet())
    return part.path.read_bytes()


def ranges(server):
    return [headers.get("Range") for _, headers in server.requests]


def test_a_file_comes_whole_and_the_server_hears_who_asks(file, tmp_path):
    assert fetch(file, tmp_path, bytes=len(BODY), md5=hashlib.md5(BODY).hexdigest()) == BODY
    assert file.requests[0][1]["User-Agent"] == f"hdrkit/{__version__}"


def test_after_a_break_it_goes_on_from_there(file, tmp_path):
    file.faults["/a"] = [servers.drops(1000), servers.drops(2000), servers.drops(0)]
    assert fetch(file, tmp_path) == BODY
    assert ranges(file) == [None, "bytes=1000-", "bytes=3000-", "bytes=3000-"]


@settings(max_examples=25)
@given(st.lists(st.integers(0, 4000), max_size=4))
def test_however_often_it_breaks_the_bytes_are_the_same(tmp_path_factory, breaks):
    with servers.serving({"/a": BODY}) as server:
        server.faults["/a"] = [servers.drops(after) for after in breaks]
        try:
            assert fetch(server, tmp_path_factory.mktemp("breaks"), replace(HASTE, tries=8)) == BODY
        finally:
            assert all(headers["If-Range"] for _, headers in server.requests if "Range" in headers)


def test_the_next_run_goes_on_too(file, tmp_path):
    file.faults["/a"] = [servers.drops(4000), servers.status(404)]
    with pytest.raises(MissingError, match="404"):
        fetch(file, tmp_path)
    file.requests.clear()
    assert fetch(file, tmp_path) == BODY
    assert ranges(file) == ["bytes=4000-"]
    file.requests.clear()
    assert fetch(file, tmp_path) == BODY and not file.requests  # a whole part needs no server


def test_a_file_that_changed_meanwhile_begins_anew(file, tmp_path):
    file.faults["/a"] = [servers.drops(4000), servers.status(404)]
    with pytest.raises(MissingError):
        fetch(file, tmp_path)
    file.files["/a"] = BODY[::-1]
    assert fetch(file, tmp_path) == BODY[::-1]


def test_a_part_of_another_address_is_not_continued(file, tmp_path):
    file.faults["/a"] = [servers.drops(4000), servers.status(404)]
    with pytest.raises(MissingError):
        fetch(file, tmp_path)
    file.files["/b"] = BODY[::-1]
    assert fetch(file, tmp_path, path="/b") == BODY[::-1]


@pytest.mark.parametrize("fault", [servers.without_ranges, servers.sends_another_part, servers.status(416)])
def test_a_server_that_knows_no_parts_sends_all_again(file, tmp_path, fault):
    file.faults["/a"] = [servers.drops(4000), fault]
    assert fetch(file, tmp_path) == BODY


def test_without_a_version_no_part_is_trusted(file, tmp_path):
    file.faults["/a"] = [servers.drops(4000, version=False)]
    assert fetch(file, tmp_path) == BODY
    assert ranges(file) == [None, None]


def test_a_server_that_always_breaks_at_one_place_is_given_up(file, tmp_path):
    file.faults["/a"] = [servers.drops(4000, ranges=False)] * 20
    with pytest.raises(GaveUpError, match="the connection broke"):
        fetch(file, tmp_path)
    assert len(file.requests) == 1 + HASTE.tries - 1


@pytest.mark.parametrize("code", [429, 500, 503])
def test_what_passes_is_tried_again(file, tmp_path, code):
    file.faults["/a"] = [servers.status(code)] * 3
    assert fetch(file, tmp_path) == BODY


@pytest.mark.parametrize("code", [401, 403, 404, 410, 204])
def test_what_lasts_is_said_at_once(file, tmp_path, code):
    file.faults["/a"] = [servers.status(code, b"")]
    with pytest.raises(MissingError, match=f"^{code}"):
        fetch(file, tmp_path)
    assert len(file.requests) == 1


def test_pauses_are_as_long_as_asked_for_and_else_double(file, tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr(threading.Event, "wait", lambda self, seconds=None: waits.append(seconds))
    file.faults["/a"] = [*[servers.status(503)] * 2, servers.status(429, Retry_After="2")]
    link = Connection(replace(HASTE, pause=0.1, longest_pause=9), threading.Event())
    link.fetch(Wanted("a", file.root + "/a"), PartialFile(tmp_path, "a"), quiet())
    assert [wait for wait in waits if wait][-3:] == [0.1, 0.2, 2]


def test_a_wait_that_is_too_long_is_no_wait(file, tmp_path):
    file.faults["/a"] = [servers.status(429, Retry_After="86400")]
    with pytest.raises(GaveUpError, match="^429"):
        fetch(file, tmp_path)


def test_redirects_are_followed_and_loops_left(file, tmp_path):
    file.faults["/moved"] = [servers.redirect("/a")]
    assert fetch(file, tmp_path, path="/moved") == BODY
    file.faults["/loop"] = [servers.redirect("/loop")] * 50
    with pytest.raises(MissingError, match="more than 5 redirects"):
        fetch(file, tmp_path, path="/loop")
    file.faults["/out"] = [servers.redirect("file:///etc/passwd")]
    with pytest.raises(MissingError, match="no address"):
        fetch(file, tmp_path, path="/out")


def test_a_length_that_is_too_large_is_found_out(file, tmp_path):
    file.faults["/a"] = [servers.claims(len(BODY) + 5)] * 20
    with pytest.raises(GaveUpError):
        fetch(file, tmp_path)


def test_a_length_that_is_too_small_is_found_out(file, tmp_path):
    file.faults["/a"] = [servers.claims(len(BODY) - 5)]
    with pytest.raises(MissingError, match=f"{len(BODY) - 5} bytes, {len(BODY)} are expected"):
        fetch(file, tmp_path, bytes=len(BODY))
    file.faults["/a"] = [servers.claims(len(BODY) - 5)]
    assert fetch(file, tmp_path, md5=hashlib.md5(BODY).hexdigest()) == BODY  # cut short, so its MD5 was another


def test_a_length_that_nobody_states(file, tmp_path):
    file.faults["/a"] = [servers.without_length] * 2
    assert fetch(file, tmp_path) == BODY
    with pytest.raises(MissingError, match="more than 1000 bytes"):
        fetch(file, tmp_path / "other", most=1000)


def test_a_trickle_is_given_up(file, tmp_path):
    file.faults["/a"] = [servers.trickles(10, 0.02)] * 20
    with pytest.raises(GaveUpError, match="only [0-9]+ bytes in"):
        fetch(file, tmp_path, replace(HASTE, tries=2, window=0.1))


def test_after_a_trickle_a_new_connection_may_be_faster(file, tmp_path):
    file.faults["/a"] = [servers.trickles(10, 0.02)]
    assert fetch(file, tmp_path, replace(HASTE, window=0.1)) == BODY


def test_a_server_that_says_nothing_is_given_up(file, tmp_path):
    file.slowness = 0.3
    with pytest.raises(GaveUpError, match="no answer in time"):
        fetch(file, tmp_path, replace(HASTE, read=0.05))


def test_where_nobody_listens_it_is_soon_said(tmp_path):
    with servers.serving() as gone:
        pass
    with pytest.raises(GaveUpError, match="^no connection$"):
        fetch(gone, tmp_path)


def test_a_page_in_place_of_a_picture(server, tmp_path):
    server.files["/x.jpg"] = b"<!DOCTYPE html><p>Please log in"
    wanted, part = Wanted("x.jpg", server.root + "/x.jpg"), PartialFile(tmp_path, "x.jpg")
    with pytest.raises(MissingError, match="no JPG file"):
        Connection(HASTE, threading.Event()).fetch(wanted, part, quiet())
    assert part.size == 0


def test_a_full_disk_is_said_before_it_is_full(file, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(1000))
    with pytest.raises(HdrkitError, match="free some space"):
        fetch(file, tmp_path)


def test_stopping_keeps_what_is_there(file, tmp_path):
    stop, part = threading.Event(), PartialFile(tmp_path, "a")

    class Stopping(tqdm):
        def update(self, _):
            stop.set()

    file.faults["/a"] = [servers.trickles(1000, 0.01)]
    with pytest.raises(StoppedError):
        Connection(HASTE, stop).fetch(Wanted("a", file.root + "/a"), part, Stopping(disable=True))
    assert 0 < part.size < len(BODY) and part.headers(file.root + "/a")


def test_what_comes_with_a_redirect_is_not_unpacked(file, tmp_path):
    """`requests` would take it in, all of it: some kilobytes that unpack to any number of megabytes."""
    bomb = gzip.compress(bytes(30 * 10**6))
    file.faults["/moved"] = [servers.status(302, bomb, Location="/a", Content_Encoding="gzip")]
    tracemalloc.start()
    try:
        assert fetch(file, tmp_path, path="/moved") == BODY
        assert tracemalloc.get_traced_memory()[1] < 10**7
    finally:
        tracemalloc.stop()


def test_a_redirect_that_never_ends_is_left(file, tmp_path):
    file.faults["/moved"] = [servers.without_end]
    assert fetch(file, tmp_path, path="/moved") == BODY


@pytest.mark.parametrize(
    "to", ["http://[bad/", "http://a\xff\xfe/", "http://" + "a" * 300, "//:x", "http://a:99999999/"]
)
def test_a_redirect_to_what_is_no_address(file, tmp_path, to):
    file.faults["/moved"] = [servers.redirect(to)] * 20
    with pytest.raises(MissingError, match="redirected to what is no address"):
        fetch(file, tmp_path, path="/moved")


def test_what_a_server_says_does_nothing_to_a_terminal(file, tmp_path):
    def refuse(handler, _body):
        handler.wfile.write(b"HTTP/1.1 404 \x1b[31mred\x07" + b"!" * 9999 + b"\r\nContent-Length: 0\r\n\r\n")

    file.faults["/a"] = [refuse]
    with pytest.raises(MissingError, match=r"^404 \\x1b\[31mred\\x07!+$") as caught:
        fetch(file, tmp_path)
    assert len(str(caught.value)) < 80


def test_a_length_of_thousands_of_digits_is_none(file, tmp_path):
    file.faults["/a"] = [servers.claims("9" * 5000)]
    assert fetch(file, tmp_path) == BODY


def test_a_file_that_is_far_too_long_is_not_begun(file, tmp_path):
    with pytest.raises(MissingError, match=f"the server has {len(BODY)} bytes, more than 1000"):
        fetch(file, tmp_path, most=1000)
    assert PartialFile(tmp_path, "a").size == 0


def test_a_part_that_nobody_asked_for_is_not_taken_for_the_whole(file, tmp_path):
    file.faults["/a"] = [servers.sends_a_part()]
    assert fetch(file, tmp_path) == BODY


def test_a_part_of_another_version_is_not_put_behind_the_first(file, tmp_path):
    """As servers send it that know parts and no If-Range."""
    file.faults["/a"] = [servers.drops(4000), servers.sends_a_part(4000, b"other" * 2048)]
    assert fetch(file, tmp_path) == BODY


@pytest.mark.parametrize(
    "note", [{"length": "many"}, {"length": [1]}, {"version": 5}, {"version": "a\nb"}, {"version": "€"}]
)
def test_a_spoilt_note_of_a_part_is_none(file, tmp_path, note):
    part = PartialFile(tmp_path, "a")
    part.begin(file.root + "/a", '"old"', 20)
    part.path.write_bytes(b"old")
    noted = {"address": file.root + "/a", "version": '"old"', "length": 20} | note
    part.path.with_suffix(".json").write_text(json.dumps(noted), encoding="utf-8")
    assert fetch(file, tmp_path) == BODY and ranges(file) == [None]
