import threading

import pytest
from helpers import servers
from helpers.servers import HASTE

from hdrkit.core.errors import HdrkitError
from hdrkit.downloads.partial_files import PARTIAL, PartialFile
from hdrkit.downloads.several_files import fetch_all
from hdrkit.downloads.wanted import MissingError, Wanted


def test_never_more_than_two_at_once(server, tmp_path):
    server.files |= {f"/{i}": b"%d" % i for i in range(12)}
    server.slowness = 0.02
    wanted = [Wanted(str(i), f"{server.root}/{i}") for i in range(12)]
    parts = {file.name: part.path.read_bytes() for file, part in fetch_all(wanted, tmp_path, HASTE, "")}
    assert parts == {str(i): b"%d" % i for i in range(12)}
    assert server.most_under_way == 2


def test_a_missing_file_stops_no_other(server, tmp_path):
    server.files |= {"/a": b"a", "/c": b"c"}
    wanted = [Wanted(name, f"{server.root}/{name}") for name in "abc"]
    outcomes = {file.name: outcome for file, outcome in fetch_all(wanted, tmp_path, HASTE, "")}
    assert isinstance(outcomes.pop("b"), MissingError)
    assert all(isinstance(outcome, PartialFile) for outcome in outcomes.values())


def test_without_a_network_it_ends_before_the_last_file(tmp_path):
    with servers.serving() as gone:
        pass
    wanted = [Wanted(str(i), f"{gone.root}/{i}") for i in range(100)]
    with pytest.raises(HdrkitError, match="no connection, and so for the 3 files before it; check the network"):
        list(fetch_all(wanted, tmp_path, HASTE, ""))


def test_who_goes_away_stops_the_threads(server, tmp_path):
    server.files |= {f"/{i}": bytes(3000) for i in range(50)}
    for i in range(50):
        server.faults[f"/{i}"] = [servers.trickles(1000, 0.01)]
    wanted = [Wanted(str(i), f"{server.root}/{i}") for i in range(50)]
    before = set(threading.enumerate())
    arriving = fetch_all(wanted, tmp_path, HASTE, "")
    next(arriving)
    ours = [thread for thread in threading.enumerate() if thread not in before and thread._target.__name__ == "_work"]
    arriving.close()
    for thread in ours:
        thread.join(20)
        assert not thread.is_alive()
    assert len(server.requests) < 50


def test_a_copy_in_a_folder(tmp_path):
    (tmp_path / "copy").write_bytes(b"copied")
    wanted = [Wanted("a", str(tmp_path / "copy")), Wanted("b", str(tmp_path / "none"))]
    (tmp_path / "out").mkdir()
    outcomes = dict(fetch_all(wanted, tmp_path / "out", HASTE, ""))
    assert outcomes[wanted[0]].path.read_bytes() == b"copied" and str(outcomes[wanted[1]]) == "no such file"


def test_nothing_is_left_of_parts_once_they_have_their_names(server, tmp_path):
    server.files["/a"] = b"a"
    for file, part in fetch_all([Wanted("a", server.root + "/a")], tmp_path, HASTE, ""):
        part.become(tmp_path / file.name)
    assert not (tmp_path / PARTIAL).exists() and (tmp_path / "a").read_bytes() == b"a"
