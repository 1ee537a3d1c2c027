import csv
import hashlib
import json
import math
import shutil
from collections import namedtuple

import cv2
import numpy as np
import pytest
from helpers import servers
from helpers.servers import HASTE
from hypothesis import given
from hypothesis import strategies as st

from hdrkit.core.errors import HdrkitError
from hdrkit.downloads import polyhaven
from hdrkit.downloads.places import by_place
from hdrkit.enhancement.synthetic_pairs import training_panoramas

NAMES = ["kiara_1_dawn", "kiara_9_dusk", "old_hall", "zoo_01", "big_puresky", "alley"]


def panorama(seed):
    light = np.random.default_rng(seed).random((16, 32, 3), np.float32)
    return cv2.imencode(".hdr", light)[1].tobytes()


@pytest.fixture
def api(server):
    """The API with six panoramas of four places and of one sky."""
    server.about = {
        name: {"name": name.title(), "authors": {"Greg Zaal": "All"}, "date_published": i, "whitebalance": 5500}
        for i, name in enumerate(NAMES)
    }
    server.about["old_hall"] |= {"categories": ["indoor"], "authors": {"A": "All", "B\x1b[2J\n": "Help"}}
    for i, name in enumerate(NAMES):
        put(server, name, panorama(i))
    state(server)
    return server


def put(server, name, content, **stated):
    file = {"url": f"{server.root}/file/{name}_1k.hdr", "size": len(content), "md5": hashlib.md5(content).hexdigest()}
    server.files[f"/file/{name}_1k.hdr"] = content
    server.files[f"/files/{name}"] = json.dumps({"hdri": {"1k": {"hdr": file | stated}}}).encode()


def state(server):
    server.files["/assets?type=hdris"] = json.dumps(server.about).encode()


def download(api, folder, count):
    polyhaven.download(folder, count, api.root, HASTE)


def manifest(folder):
    with open(folder / "manifest.csv", newline="", encoding="utf-8") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def test_one_panorama_of_each_place_with_its_origin(api, tmp_path, capsys):
    download(api, tmp_path, 3)
    assert list(manifest(tmp_path)) == ["kiara_1_dawn", "old_hall", "zoo_01"]
    for i, name in enumerate(NAMES):
        assert not (tmp_path / f"{name}.hdr").is_file() or (tmp_path / f"{name}.hdr").read_bytes() == panorama(i)
    assert manifest(tmp_path)["old_hall"] == {
        **{"file": "old_hall.hdr", "id": "old_hall", "place": "old_hall", "name": "Old_Hall", "kind": "indoor"},
        **{"author": "A, B[2J", "licence": "CC0", "page": "https://polyhaven.com/a/old_hall", "light_kelvin": "5500"},
        **{"bytes": str(len(panorama(2))), "sha256": hashlib.sha256(panorama(2)).hexdigest()},
        "address": f"{api.root}/file/old_hall_1k.hdr",
    }
    said = capsys.readouterr().out
    assert "Powered by Poly Haven" in said and "panoramas of 3 places;" in said
    assert all(headers["User-Agent"].startswith("hdrkit/") for _, headers in api.requests)


def test_more_adds_to_fewer_and_as_many_asks_nobody(api, tmp_path):
    download(api, tmp_path, 2)
    api.requests.clear()
    download(api, tmp_path, 2)
    assert not api.requests
    download(api, tmp_path, 4)
    assert list(manifest(tmp_path)) == ["alley", "kiara_1_dawn", "old_hall", "zoo_01"]
    assert "/file/old_hall_1k.hdr" not in [path for path, _ in api.requests]


def test_fewer_places_than_asked_for(api, tmp_path, capsys):
    download(api, tmp_path, 50)
    assert len(manifest(tmp_path)) == 4
    assert "panoramas of 4 places, 50 were asked for" in capsys.readouterr().out


def test_the_next_place_takes_the_place_of_one_that_cannot_be_had(api, tmp_path, capsys):
    del api.files["/file/old_hall_1k.hdr"]
    api.files["/files/kiara_1_dawn"] = b'{"hdri": {"2k": {}}}'
    download(api, tmp_path, 2)
    assert list(manifest(tmp_path)) == ["alley", "zoo_01"]
    said = capsys.readouterr().out
    assert "old_hall.hdr: 404 Not Found" in said and "kiara_1_dawn.hdr: the API names no 1k file" in said


def test_breaks_and_errors_change_nothing(api, tmp_path):
    download(api, tmp_path / "smooth", 4)
    api.faults["/assets?type=hdris"] = [servers.status(429, Retry_After="0"), servers.drops(20)]
    api.faults["/files/alley"] = [servers.status(500), servers.without_length]
    api.faults["/file/alley_1k.hdr"] = [servers.drops(500), servers.drops(200), servers.claims(5)]
    download(api, tmp_path / "rough", 4)
    assert manifest(tmp_path / "rough") == manifest(tmp_path / "smooth")


@pytest.mark.parametrize(
    "stated",
    [
        *({"md5": "0" * 32}, {"size": 5}, {"url": "file:///etc/passwd"}, {"url": "http://[x"}),
        *({"size": None}, {"size": math.inf}),
    ],
)
def test_what_is_not_as_stated_is_left_out(api, tmp_path, stated):
    put(api, "kiara_1_dawn", panorama(0), **stated)
    download(api, tmp_path, 1)
    assert list(manifest(tmp_path)) == ["old_hall"] and not (tmp_path / "kiara_1_dawn.hdr").exists()


@pytest.mark.parametrize("answer", [b"<html>", b"{", b"{}", b'{"../../x": {}, "a/b": {}, "c": 5}'])
def test_an_answer_that_is_none_of_this_api(api, tmp_path, answer):
    api.files["/assets?type=hdris"] = answer
    with pytest.raises(HdrkitError, match="no list of panoramas|no panorama could be had"):
        download(api, tmp_path, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
STATED = ("name", "authors", "date_published", "categories", "attributes", "coords", "whitebalance", "category")


@given(st.fixed_dictionaries({}, optional={name: JSON for name in STATED}))
def test_whatever_the_api_states_makes_a_row_of_texts(stated):
    assert by_place({"a": stated, "b": {}}) in ([["a"], ["b"]], [["b"], ["a"]])
    row = polyhaven._about("a", stated, {"licence": "CC0", "page": "{id}"})
    assert all(isinstance(text, str) and text.isprintable() for text in row.values())
    assert row["kind"] in ("indoor", "urban", "nature")


@pytest.mark.parametrize("answer", [{}, {"hdri": []}, {"hdri": {"1k": {"hdr": 5}}}, {"hdri": {"1k": {"hdr": {}}}}, []])
def test_whatever_is_no_list_of_files_is_named(api, tmp_path, answer, capsys):
    api.files["/files/kiara_1_dawn"] = json.dumps(answer).encode()
    download(api, tmp_path, 1)
    assert "kiara_1_dawn.hdr: " in capsys.readouterr().out and list(manifest(tmp_path)) == ["old_hall"]


def test_a_changed_panorama_is_named(api, tmp_path):
    download(api, tmp_path, 2)
    (tmp_path / "old_hall.hdr").write_bytes(panorama(9))
    with pytest.raises(HdrkitError, match="not what was fetched at first: old_hall.hdr; delete"):
        download(api, tmp_path, 2)


def test_room_is_looked_for_first(api, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(2500))
    with pytest.raises(HdrkitError, match="no room for fetching panoramas"):
        download(api, tmp_path, 2)  # each of them would fit
    assert not any(path.startswith("/file/") for path, _ in api.requests)


def test_training_takes_the_folder(api, tmp_path):
    download(api, tmp_path, 4)
    assert {"alley", "kiara_1_dawn", "old_hall", "zoo_01"} <= set(training_panoramas(tmp_path))


def test_ids_that_no_disk_takes_and_lists_that_are_too_long(api, tmp_path, monkeypatch):
    api.about |= {"n" * 300: {"date_published": -1}}
    state(api)
    download(api, tmp_path / "out", 1)
    assert list(manifest(tmp_path / "out")) == ["kiara_1_dawn"]
    monkeypatch.setattr(polyhaven, "MOST", 5)
    with pytest.raises(HdrkitError, match="a list of 7 panoramas, more than 5"):
        download(api, tmp_path / "other", 1)
    monkeypatch.setattr(polyhaven, "ANSWER", 100)
    with pytest.raises(HdrkitError, match="no list of panoramas .the server has [0-9]+ bytes, more than 100"):
        download(api, tmp_path / "other", 1)
