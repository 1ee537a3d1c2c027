"""The stand-in has scenes of every split of the report's, under names by which they are found again."""

import csv
from collections import Counter

import pytest
import stand_in_fairchild

from hdrkit.core.files import DATA
from hdrkit.core.scene_names import RENDER_ENDING, plain

with open(DATA / "fairchild" / "scenes.csv", newline="", encoding="utf-8") as stream:
    SPLIT_OF = {row["render"].removesuffix(RENDER_ENDING): row["split"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize(("count", "of_split"), [(4, (2, 1, 1)), (12, (6, 3, 3)), (40, (20, 10, 10))])
def test_half_of_the_scenes_are_to_train_on(count, of_split):
    chosen = stand_in_fairchild.choose(count)
    found = Counter(SPLIT_OF[scene] for scene in set(chosen))
    assert tuple(found[split] for split in ("train", "dev", "test")) == of_split


def test_folders_are_found_by_the_names_of_their_scenes():
    assert all(plain(stand_in_fairchild.folder_of(scene)) == plain(scene) for scene in SPLIT_OF)
    assert stand_in_fairchild.folder_of("AmikeusBeaverDamPM1") == "Amikeus Beaver Dam PM1"
    assert stand_in_fairchild.folder_of("TheNarrows(1)") == "The Narrows (1)"
