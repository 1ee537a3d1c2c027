"""Which panoramas of a folder are photographed, and what is said of each that is not."""

import os
import re

import numpy as np
import pytest
from helpers import panoramas

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.simulation import embedded_views, panorama_folder


def test_panoramas_are_found_with_what_the_manifest_says(tmp_path):
    panoramas.write_all(tmp_path, "old_mill_02.hdr", "SHED.EXR")
    about = {"id": "old_mill_02", "place": "old_mill", "light_kelvin": "4200", "author": "A. Painter", "licence": "CC0"}
    panoramas.write_manifest(tmp_path, {"old_mill_02.hdr": about | {"page": "https://example.org/a"}})
    (tmp_path / ".lock").touch()
    found = panorama_folder.find(tmp_path)
    shed, mill = found.panoramas
    assert (mill.title, mill.place, mill.kelvin) == ("Old Mill 02", "Old Mill", 4200)
    assert (mill.author, mill.licence, mill.page) == ("A. Painter", "CC0", "https://example.org/a")
    assert (shed.title, shed.place, shed.kelvin, shed.author) == ("SHED", "SHED", panorama_folder.DAYLIGHT, "")
    assert mill.path.is_absolute() and found.left_out == found.faults == []


@pytest.mark.parametrize(
    ("stated", "kelvin"),
    [("", 5500), ("warm", 5500), ("1", 2000), ("9" * 5, 15_000), ("9" * 400, 15_000), ("nan", 5500), ("6500", 6500)],
)
def test_light_of_which_nothing_credible_is_said_is_daylight(tmp_path, stated, kelvin):
    panoramas.write_all(tmp_path, "a.hdr")
    panoramas.write_manifest(tmp_path, {"a.hdr": {"light_kelvin": stated}})
    assert panorama_folder.find(tmp_path).panoramas[0].kelvin == kelvin


def test_panoramas_of_poly_haven_that_differ_in_hours_and_numbers_share_a_place(tmp_path):
    panoramas.write_all(tmp_path, "barn_1_dawn_1k.hdr", "barn_2_dusk_2k.exr", "room_1.hdr", "room_2.hdr")
    places = {panorama.title: panorama.place for panorama in panorama_folder.find(tmp_path).panoramas}
    assert places == {"Barn 1 Dawn": "Barn", "Barn 2 Dusk": "Barn", "Room 1": "Room 1", "Room 2": "Room 2"}


def spoil_bytes(path):
    path.write_bytes(b"no panorama")


def make_square(path):
    panoramas.write(path, panoramas.light_of(1)[:, :32])


def make_half_dark(path):
    light = panoramas.light_of(1)
    light[:, :20] = 0
    panoramas.write(path, light)


def let_sun_be_infinite(path):
    light = panoramas.light_of(1)
    light[3, 3] = np.inf
    panoramas.write(path, light)


def leave_depth_alone(path):
    with panoramas.OpenEXR.File({}, {"Z": np.ones((8, 16), np.float32)}) as file:
        file.write(str(path))


@pytest.mark.parametrize(
    ("name", "spoil", "why"),
    [
        ("bad.hdr", spoil_bytes, "this panorama is damaged; copy it again from its source"),
        ("bad.exr", spoil_bytes, "this panorama is damaged; copy it again from its source"),
        ("bad.hdr", make_square, r"not a 2:1 panorama of finite values \(32 x 32 pixels\)"),
        ("bad.hdr", make_half_dark, "no light along its horizon, or in a part of it"),
        ("bad.exr", let_sun_be_infinite, r"not a 2:1 panorama of finite values \(some are infinite"),
        ("bad.exr", leave_depth_alone, "no channels R, G and B; it has Z"),
        ("A-Hall.exr", lambda path: panoramas.write(path, panoramas.light_of(1)), r"called as A-Hall\.exr is; rename"),
        ("山.hdr", lambda path: panoramas.write(path, panoramas.light_of(1)), "no letter from a to z"),
    ],
)
def test_what_is_at_fault_is_said_in_a_line_and_the_others_are_found(tmp_path, name, spoil, why):
    panoramas.write_all(tmp_path, "a_hall.hdr", "yard.hdr")
    spoil(tmp_path / name)
    found = panorama_folder.find(tmp_path)
    assert len(found.panoramas) == 2 and found.left_out == []
    (line,) = found.faults
    assert line.startswith(str(tmp_path)) and "\n" not in line
    assert re.search(why, line), line


def test_what_changed_since_it_was_fetched_is_at_fault(tmp_path):
    panoramas.write_all(tmp_path, "hall.hdr", "yard.hdr")
    panoramas.write_manifest(tmp_path, {"hall.hdr": {}, "yard.hdr": {}})
    content = bytearray((tmp_path / "hall.hdr").read_bytes())
    content[-1] ^= 1
    (tmp_path / "hall.hdr").write_bytes(content)
    found = panorama_folder.find(tmp_path)
    assert [panorama.title for panorama in found.panoramas] == ["Yard"]
    (line,) = found.faults
    assert re.search(r"hall\.hdr: not what manifest\.csv says.*fetch it again", line)


def test_places_of_the_embedded_survey_are_left_out_by_name_and_by_picture(tmp_path):
    panoramas.write_all(tmp_path, "yard.hdr", "venice_sunset_4k.hdr", "kiara_9_dusk.exr", "studio_small_09.hdr")
    panoramas.write(tmp_path / "x.hdr", 2 * np.roll(embedded_views.load("courtyard"), 200, axis=1)[::4, ::4])
    found = panorama_folder.find(tmp_path)
    assert [panorama.title for panorama in found.panoramas] == ["Yard"] and found.faults == []
    assert [line.partition(": ")[2] for line in found.left_out] == [
        "called as Kiara Dawn of the embedded survey; rename it if it is of another place; left out",
        "called as Photo Studio of the embedded survey; rename it if it is of another place; left out",
        "called as Venice Sunset of the embedded survey; rename it if it is of another place; left out",
        "shows the same as Courtyard of the embedded survey; left out",
    ]


def test_one_panorama_under_two_names_skies_and_other_files_are_left_out(tmp_path):
    panoramas.write_all(tmp_path, "yard.hdr", "clear_puresky_1k.hdr")
    panoramas.write(tmp_path / "yard_copy.exr", panoramas.light_of(list(b"yard.hdr"), 64))
    for name in ("a.txt", "b.jpg", "c.png", "d.tif"):
        (tmp_path / name).touch()
    (tmp_path / "more.hdr").mkdir()
    found = panorama_folder.find(tmp_path)
    assert [panorama.title for panorama in found.panoramas] == ["Yard"] and found.faults == []
    assert [line.removeprefix(str(tmp_path)) for line in found.left_out] == [
        f"{os.sep}clear_puresky_1k.hdr: a sky, which shows no place; left out",
        f"{os.sep}yard_copy.exr: shows the same as yard.hdr; left out",
        ": no panoramas: a.txt, b.jpg, c.png and 2 more; left out",
    ]


def test_what_cannot_be_read_is_at_fault(tmp_path, monkeypatch):
    """Root may read any file, so that the hash fails instead."""
    panoramas.write_all(tmp_path, "hall.hdr")
    monkeypatch.setattr(panorama_folder, "sha256", lambda path: (path / "inside").stat())
    (line,) = panorama_folder.find(tmp_path).faults
    assert re.search(r"hall\.hdr: cannot be read \(.+\); copy it again from its source$", line)


def test_an_empty_folder_has_none_and_a_missing_one_is_named(tmp_path):
    assert panorama_folder.find(tmp_path) == ([], [], [])
    with pytest.raises(HdrkitError, match="none: no such folder; name one that holds panoramas"):
        panorama_folder.find(tmp_path / "none")


def test_a_damaged_manifest_is_named_before_licences_are_lost(tmp_path):
    panoramas.write_all(tmp_path, "yard.hdr")
    (tmp_path / "manifest.csv").write_text("file,licence\nyard.hdr,CC0\n", encoding="utf-8")
    with pytest.raises(HdrkitError, match=r"manifest\.csv: no table of checksums"):
        panorama_folder.find(tmp_path)


def test_the_kit_knows_the_original_name_of_each_of_its_panoramas():
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\w+)\.exr \| (?:probably )?(\w+) \|", readme, re.MULTILINE))
    assert {row["panorama"]: row["poly_haven"] for row in embedded_views.read_places().values()} == listed
