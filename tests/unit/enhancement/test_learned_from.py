"""Places of a survey that the weights of the kit's own network learned from are known by file, by name and by place."""

import csv
import json
from types import SimpleNamespace

import pytest

from hdrkit.core import learned_places
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.survey import Scene
from hdrkit.enhancement import learned_from


def survey_of(folder, *rows):
    """Write a survey's list of its panoramas: place, file and digest of each."""
    with open(folder / "panoramas.csv", "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("place", "panorama", "sha256"), *rows])
    return folder


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("Fireplace", "fireplace_2k.hdr"),
        ("Birchwood", "birchwood.exr"),
        ("Photo Studio 01", "photo_studio_01.hdr"),
        ("Photo Studio", "photo_studio_09_1k.hdr"),  # by the rule of Poly Haven's names, the same place
    ],
)
def test_a_place_is_known_by_name(tmp_path, place, file):
    assert learned_from.places(survey_of(tmp_path, (place, file, "0"), ("New", "new_1k.hdr", "1"))) == {place}


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("Fireplaces", "fireplaces.hdr"),
        ("Photo Studio 09", "photo_studio_09.hdr"),  # somebody's own, as its name has no size in it
        ("City", "city.hdr"),  # the file of that name that the weights learned from is the kit's own, of Portland
    ],
)
def test_a_name_of_ones_own_is_none_of_theirs(tmp_path, place, file):
    assert learned_from.places(survey_of(tmp_path, (place, file, "0"))) == set()


def test_a_place_is_known_by_any_of_its_files(tmp_path):
    learned = json.loads(learned_from.NOTE.read_text(encoding="utf-8"))["panoramas"]
    rows = [("Mine", "a.hdr", "0"), ("Mine", "b.hdr", learned["fireplace_1k"]), ("Other", "c.hdr", "1")]
    assert learned_from.places(survey_of(tmp_path, *rows)) == {"Mine"}


def test_a_survey_of_no_panoramas_has_none(tmp_path):
    assert learned_from.places(tmp_path) == set()


def test_a_damaged_list_is_named(tmp_path):
    (tmp_path / "panoramas.csv").write_text("place,panorama\nA,a.hdr\n", encoding="utf-8")
    with pytest.raises(HdrkitError, match=r"panoramas\.csv: the column `sha256` is missing; run `hdrkit capture"):
        learned_from.places(tmp_path)


def test_only_places_that_are_scored_are_counted(tmp_path):
    """Of the train scenes, every third one is scored."""
    survey_of(tmp_path, *((name, f"{name.lower()}.hdr", "0") for name in ("Birchwood", "Fireplace", "Hall")))
    listed = [("Birchwood", "train"), ("Fireplace", "train"), ("Hall", "train"), ("Fireplace", "test"), ("Hall", "dev")]
    scenes = tuple(Scene(f"{place} ({i})", place, split, (), None) for i, (place, split) in enumerate(listed))
    survey = SimpleNamespace(name="mine", folder=tmp_path, sample=lambda per_split: scenes)
    learned_from.keep(tmp_path / "out", survey)
    assert learned_places.read(tmp_path / "out") == {
        "survey": "mine",
        "splits": {"dev": [0, 1], "test": [1, 1], "train": [1, 1]},
    }
    (tmp_path / "panoramas.csv").unlink()
    learned_from.keep(tmp_path / "out", survey)
    assert learned_places.read(tmp_path / "out") == {"survey": "mine", "splits": {}}
