import re

import pandas as pd

from hdrkit.core.files import DATA
from hdrkit.core.vocabulary import ARITHMETICS, FRAMES, METHODS, SPLITS

SCENES = pd.read_csv(DATA / "fairchild" / "scenes.csv")


def reported(name):
    return pd.read_csv(DATA / "reported" / f"{name}.csv")


def test_the_authors_split_of_the_fairchild_survey():
    by_split = SCENES.groupby("split").agg(scenes=("scene", "nunique"), frames=("exposures_used", "sum"))
    assert by_split.loc[list(SPLITS)].to_numpy().tolist() == [[82, 737], [10, 90], [10, 90]]
    assert sorted(set(range(1, 106)) - set(SCENES.survey_index)) == [33, 75, 93]
    assert SCENES.scene.is_unique  # so that no scene is in two splits
    assert (SCENES.last_frame - SCENES.first_frame + 1 == SCENES.exposures_used).all()


def test_views_of_one_place_share_its_name():
    by_place = SCENES.groupby("place").scene.apply(set)
    assert by_place["BloomingGorse"] == {"blooming-gorse-1", "blooming-gorse-2"}
    assert by_place["HancockKitchen"] == {"hancock-kitchen-inside", "hancock-kitchen-outside"}
    assert by_place["MiddlePond"] == {"m3-middle-pond", "middle-pond"}
    assert not any(re.search(r"\(\d\)|Rendered", place) for place in by_place.index)


def test_places_that_sit_on_both_sides_of_the_authors_split():
    sides = SCENES.groupby("place").split.agg(set)
    assert sum("train" in splits and len(splits) > 1 for splits in sides) == 10


def test_reported_numbers_agree_with_each_other():
    numbers = reported("numbers").set_index("id").reported
    frames = SCENES.groupby("split").exposures_used.sum()
    for row in reported("table1").itertuples():
        assert row.pairs == numbers[f"table1_{row.split}"] == numbers["pairs_per_frame"] * frames[row.split]
    assert numbers["pairs_per_frame"] * frames.sum() == reported("table1").pairs.sum() == 12_838
    for row in reported("table2").itertuples():
        assert row.psnr_db == numbers[f"table2_{row.method}_{row.split}"]
        assert row.method in METHODS and row.arithmetic in ARITHMETICS and row.split in SPLITS


def test_sources_name_scores_that_can_exist():
    scores = reported("sources").query("kind == 'score'")
    for column, known in {"method": METHODS, "frames": FRAMES, "arithmetic": ARITHMETICS, "split": SPLITS}.items():
        assert set(scores[column]) <= set(known)


def test_explanations_are_sentences():
    for text in [*reported("numbers").explanation, *reported("findings").explanation]:
        assert text.endswith(".")
