import csv
import hashlib
import io
import re
import shutil
import zipfile
from collections import namedtuple
from fractions import Fraction

import numpy as np
import pytest
from helpers import servers
from helpers.servers import HASTE
from helpers.shots import write_shot
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.survey import Survey
from hdrkit.downloads import fairchild
from hdrkit.downloads.addresses import read_addresses
from hdrkit.downloads.partial_files import PartialFile

ARCHIVE = "/files/HDRPS_Raws.zip"
SCENES = {"507": "507", "Ben&Jerry's": "BenJerrys", "Amikeus Beaver Dam (PM1)": "AmikeusBeaverDamPM1"}
HDRPS = {scene: f"/HDRPS/Rendered/{name}Rendered.jpg" for scene, name in SCENES.items()}


def picture(value):
    stream = io.BytesIO()
    Image.fromarray(np.full((8, 12, 3), value, np.uint8)).save(stream, "JPEG")
    return stream.getvalue()


def archive(frames):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in frames.items():
            made.writestr(name, content)
    return stream.getvalue()


def frames_of(scene, count=3):
    return {f"HDRPS Raws/{scene}/_MDF{i:04d}.NEF": f"{scene} {i}".encode() * 500 for i in range(count)}


@pytest.fixture
def site(server):
    """The survey's layout with three scenes; its frames are no pictures."""
    frames = {name: content for scene in SCENES for name, content in frames_of(scene).items()}
    server.files[ARCHIVE] = archive(frames | {"HDRPS Raws/507/_MDF0001.JPG": b"no frame", "HDRPS Raws/.DS_Store": b""})
    server.files |= {path: picture(i) for i, path in enumerate(HDRPS.values())}
    return server


def download(site, folder, **options):
    fairchild.download(folder, site.root, patience=HASTE, **options)


def rows(folder):
    with open(folder / "checksums.csv", newline="", encoding="utf-8") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


def asked(site):
    return [path for path, _ in site.requests]


def test_there_are_105_scenes():
    names = fairchild.scenes(read_addresses("fairchild"))
    assert len(names) == 105 and {"507", "RITTiger", "Zentrum"} <= set(names)


def test_scenes_come_with_frames_renders_and_checksums(site, tmp_path, capsys):
    download(site, tmp_path / "fairchild")
    for scene, name in SCENES.items():
        for path, content in frames_of(scene).items():
            assert (tmp_path / "fairchild" / scene / path.rpartition("/")[2]).read_bytes() == content
        assert (tmp_path / "fairchild" / f"{name}Rendered.jpg").read_bytes() == site.files[HDRPS[scene]]
    noted = rows(tmp_path / "fairchild")
    assert len(noted) == 3 * 3 + 3 + 1
    for name, row in noted.items():
        content = (tmp_path / "fairchild" / name).read_bytes()
        assert (row["bytes"], row["sha256"]) == (str(len(content)), hashlib.sha256(content).hexdigest())
    said = capsys.readouterr().out
    assert "non-commercial" in said and "Cite: M. D. Fairchild" in said
    assert "3 of 105 scenes are whole" in said and said.count(": no frames and no render (404 Not Found)") == 1
    assert "  AhwahneeGreatLounge, AirBellowsGap, " in said and " and 97 more: no frames" in said


def test_the_second_time_nothing_is_fetched_but_what_was_missing(site, tmp_path, capsys):
    download(site, tmp_path)
    site.requests.clear(), capsys.readouterr()
    download(site, tmp_path)
    assert ARCHIVE not in asked(site) and len(asked(site)) == 102
    assert "non-commercial" not in capsys.readouterr().out  # terms are shown once


def test_without_the_archive_it_is_fetched_again_only_for_frames_that_are_gone(site, tmp_path):
    download(site, tmp_path)
    (tmp_path / "HDRPS_Raws.zip").unlink()
    site.requests.clear()
    download(site, tmp_path)
    assert ARCHIVE not in asked(site)
    (tmp_path / "507" / "_MDF0001.NEF").unlink()
    download(site, tmp_path)
    assert ARCHIVE in asked(site) and (tmp_path / "507" / "_MDF0001.NEF").is_file()


def test_radiance_on_request(site, tmp_path):
    site.files["/HDRPS/EXRs/507.exr"] = b"\x76\x2f\x31\x01 radiance"
    download(site, tmp_path, exr=True)
    assert (tmp_path / "507.exr").read_bytes() == site.files["/HDRPS/EXRs/507.exr"]


def test_a_copy_in_a_folder_is_enough_and_stays_as_it_is(site, tmp_path):
    for path, content in site.files.items():
        (tmp_path / "copy" / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / path[1:]).write_bytes(content)
    fairchild.download(tmp_path / "a", str(tmp_path / "copy"))
    assert not site.requests and not (tmp_path / "a" / "HDRPS_Raws.zip").exists()
    assert len(rows(tmp_path / "a")) == 3 * 3 + 3


def test_a_folder_that_is_no_copy(tmp_path):
    (tmp_path / "copy").mkdir()
    with pytest.raises(HdrkitError, match="no scene is whole; HDRPS_Raws.zip: .*HDRPS_Raws.zip: no such file"):
        fairchild.download(tmp_path / "a", str(tmp_path / "copy"))


def test_an_archive_that_is_there_already_is_used(site, tmp_path):
    (tmp_path / "HDRPS_Raws.zip").write_bytes(site.files.pop(ARCHIVE))
    download(site, tmp_path)
    assert ARCHIVE not in asked(site) and len(rows(tmp_path)) == 13


def test_a_changed_file_is_named_and_kept(site, tmp_path):
    download(site, tmp_path)
    (tmp_path / "507" / "_MDF0001.NEF").write_bytes(b"changed")
    (tmp_path / "BenJerrysRendered.jpg").write_bytes(b"changed, too")
    with pytest.raises(HdrkitError, match=re.escape("507/_MDF0001.NEF, BenJerrysRendered.jpg")):
        download(site, tmp_path)
    assert (tmp_path / "507" / "_MDF0001.NEF").read_bytes() == b"changed"


def test_what_changed_on_the_server_does_not_take_its_place(site, tmp_path, capsys):
    download(site, tmp_path)
    (tmp_path / "507Rendered.jpg").unlink()
    site.files[HDRPS["507"]] = picture(200)
    download(site, tmp_path)
    assert "507: no render (changed where it comes from: its SHA-256 was" in capsys.readouterr().out
    assert not (tmp_path / "507Rendered.jpg").exists()


def test_a_damaged_frame_stops_no_other(site, tmp_path, capsys):
    content = bytearray(site.files[ARCHIVE])
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        where = made.getinfo("HDRPS Raws/Ben&Jerry's/_MDF0001.NEF").header_offset
    content[where + 70] ^= 255
    whole, site.files[ARCHIVE] = site.files[ARCHIVE], bytes(content)
    download(site, tmp_path)
    said = capsys.readouterr().out
    assert "Ben&Jerry's/_MDF0001.NEF: damaged in the archive" in said and f"delete {tmp_path}" in said
    assert len([name for name in rows(tmp_path) if name.endswith(".NEF")]) == 8
    (tmp_path / "HDRPS_Raws.zip").unlink()  # as was said
    site.files[ARCHIVE] = whole
    download(site, tmp_path)
    assert len([name for name in rows(tmp_path) if name.endswith(".NEF")]) == 9


def test_hostile_names_are_refused_and_named(site, tmp_path, capsys):
    site.files[ARCHIVE] = archive(
        frames_of("507") | {"../../507/_MDF0009.NEF": b"x", "Raws/Mallory/_MDF0001.NEF": b"x"}
    )
    download(site, tmp_path / "in" / "fairchild")
    assert "'../../507/_MDF0009.NEF': no safe name; left out" in capsys.readouterr().out
    assert not (tmp_path / "507").exists() and not (tmp_path / "in" / "fairchild" / "Mallory").exists()


def test_no_archive_no_scene(site, tmp_path):
    del site.files[ARCHIVE]
    with pytest.raises(HdrkitError, match="no scene is whole; HDRPS_Raws.zip: 404 Not Found"):
        download(site, tmp_path)


def test_what_is_no_archive(site, tmp_path):
    site.files[ARCHIVE] = b"PK but no archive"
    with pytest.raises(HdrkitError, match="no scene is whole; HDRPS_Raws.zip: damaged"):
        download(site, tmp_path)


def test_breaks_and_errors_change_nothing(site, tmp_path):
    download(site, tmp_path / "smooth")
    site.faults[ARCHIVE] = [servers.drops(200), servers.status(500), servers.drops(300), servers.status(429)]
    for path in HDRPS.values():
        site.faults[path] = [servers.status(503), servers.drops(100)]
    download(site, tmp_path / "rough")
    assert rows(tmp_path / "rough") == rows(tmp_path / "smooth")


def test_an_interruption_keeps_what_is_there(site, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fairchild, "_unpack", interrupt)
        with pytest.raises(KeyboardInterrupt):
            download(site, tmp_path)
    site.requests.clear()
    download(site, tmp_path)
    assert ARCHIVE not in asked(site) and len(rows(tmp_path)) == 13


def test_an_archive_that_was_noted_but_not_yet_named(site, tmp_path, monkeypatch):
    """A kill between the two, before any frame is unpacked."""

    become = PartialFile.become

    def interrupt(part, target):
        if target.suffix == ".zip":
            raise KeyboardInterrupt
        become(part, target)

    with monkeypatch.context() as patch:
        patch.setattr(PartialFile, "become", interrupt)
        with pytest.raises(KeyboardInterrupt):
            download(site, tmp_path)
    download(site, tmp_path)
    assert len(rows(tmp_path)) == 13


def test_room_is_looked_for_first(site, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(10**9))
    with pytest.raises(HdrkitError, match="its frames: 28.6 GB more are needed, 1 GB are free; free some space"):
        fairchild.download(tmp_path)  # the survey's own site, which is not asked
    assert not site.requests


def test_two_downloads_in_one_folder(site, tmp_path):
    with fairchild.only_run_in(tmp_path), pytest.raises(HdrkitError, match="another run is using this folder"):
        download(site, tmp_path)


def test_the_folder_is_the_fairchild_survey(server, tmp_path):
    """Raw frames under the survey's names come out as the scenes, with renders and splits, of the report."""
    frames = {}
    for scene in ("Ben&Jerry's", "Amikeus Beaver Dam (PM1)"):
        for i in range(3):
            shot = write_shot(tmp_path / f"{i}.DNG", Fraction(2**i, 100), seed=i)
            frames[f"HDRPS Raws/{scene}/_MDF{i:04d}.DNG"] = shot.read_bytes()
        server.files[HDRPS[scene]] = picture(100)
    server.files[ARCHIVE] = archive(frames)
    download(server, tmp_path / "fairchild")
    survey = Survey(tmp_path / "fairchild")
    assert survey.name == "fairchild" and not survey.problems
    assert "100 of 102 listed scenes are not there" in "; ".join(survey.remarks)
    assert [(scene.name, scene.place, scene.split, len(scene.frames)) for scene in survey.scenes] == [
        ("Amikeus Beaver Dam (PM1)", "AmikeusBeaverDam", "train", 3),
        ("Ben&Jerry's", "BenJerrys", "train", 3),
    ]
