"""Damaged lists of scenes and of exposures, folders of any name: the survey opens without what is wrong, or a line."""

import numpy as np
import pytest
from helpers import photographs
from helpers.fuzzing import damaged, drawn, only_documented_errors
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hdrkit.brackets import exposure_lists
from hdrkit.core.vocabulary import SPLITS
from hdrkit.dataset import inspection, scene_folders
from hdrkit.dataset.survey import Survey

LIST = "scene,place,split\nA (1),A,train\nB (1),B,test\n"
EXPOSURES = (
    "# Filename 1/shutter_speed\n0.png 60\n1.png 15\n",
    '{"0.png": 0.5, "1.png": {"time": 2}}',
    "0.png: 1/60\n",
)
NAMES = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=()), min_size=1, max_size=30)


def write_scene(folder):
    folder.mkdir()
    for i, gain in enumerate((1, 4)):
        exif = Image.Exif()
        exif[271] = "Acme"
        exif.get_ifd(0x8769)[33434] = gain / 60
        picture = np.clip(photographs.pixels() / 255 * gain / 2, 0, 1)
        Image.fromarray(np.rint(picture * 255).astype(np.uint8)).save(folder / f"{i}.png", exif=exif)
    return folder


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    for name in ("A (1)", "B (1)"):
        write_scene(folder / name)
    return folder


@drawn(60)
@given(damaged(LIST.encode()))
def test_a_damaged_list_of_scenes(survey, data):
    (survey / "survey.csv").write_bytes(data)
    with only_documented_errors():
        assert {scene.split for scene in Survey(survey).scenes} <= set(SPLITS)


@drawn(60)
@given(st.sampled_from(EXPOSURES).flatmap(lambda text: damaged(text.encode())) | st.binary(max_size=300))
def test_a_damaged_list_of_exposures(data):
    exposure_lists.columns(data.decode("utf-8", errors="replace"), ["0.png", "1.png"])


@pytest.mark.parametrize("number", range(len(EXPOSURES)))
def test_a_damaged_list_beside_frames(tmp_path_factory, number):
    folder = write_scene(tmp_path_factory.mktemp("survey") / "scene")

    @drawn(8)
    @given(damaged(EXPOSURES[number].encode()))
    def look(data):
        (folder / "exposures.txt").write_bytes(data)
        assert inspection.inspect(scene_folders.find(folder).scenes[0]).frames

    look()


@drawn(25)
@given(st.lists(NAMES, min_size=1, max_size=4))
def test_folders_of_any_names(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("survey")
    for name in names:
        try:
            (folder / name).mkdir(exist_ok=True)
            Image.new("L", (8, 8)).save(folder / name / "0.png")
        except (OSError, UnicodeEncodeError):  # a name that no disk takes
            continue
    found = scene_folders.find(folder)
    assert len(found.scenes) + len(found.problems) <= len(names) + 1
    with only_documented_errors():
        Survey(folder)
