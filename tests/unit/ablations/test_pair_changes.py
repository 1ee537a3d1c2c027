"""What a study changes about pairs touches those alone that are learned from."""

import dataclasses

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.ablations import pair_changes
from hdrkit.dataset.crops import cut


@pytest.fixture
def crops():
    splits = [("a", "train"), ("b", "train"), ("c", "dev")] + [(f"d{i}", "test") for i in range(5)]
    scenes = [make_scene(name, split, (32, 48), seed) for seed, (name, split) in enumerate(splits)]
    made = cut(scenes, 32)
    return dataclasses.replace(made, place=np.char.rstrip(made.scene, "0123456789"))


def scenes_of(crops, split):
    return set(crops.of(split).scene)


def test_few_scenes_and_few_crops_are_taken_from_training_alone(crops):
    assert (crops.split == "train").sum() == 36
    eighteen = pair_changes.few_crops(18)(crops, 1)
    assert (eighteen.split == "train").sum() == 18 and scenes_of(eighteen, "train") == {"a", "b"}
    one = pair_changes.few_scenes(1)(crops, 1)
    assert len(scenes_of(one, "train")) == 1
    for changed in (eighteen, one):
        for split in ("dev", "test"):
            np.testing.assert_array_equal(changed.split == split, crops.split == split)


def test_each_seed_draws_its_own_and_always_the_same(crops):
    kept = [pair_changes.few_crops(18)(crops, seed).split for seed in (1, 1, 2)]
    assert np.array_equal(kept[0], kept[1]) and not np.array_equal(kept[0], kept[2])
    assert {*(min(scenes_of(pair_changes.few_scenes(1)(crops, seed), "train")) for seed in range(9))} == {"a", "b"}


def test_a_split_by_scene_leaks_places_and_learns_from_as_many_scenes(crops):
    honest, leaking = (change(crops, 1) for change in (pair_changes.by_place, pair_changes.by_scene))
    assert scenes_of(honest, "test") == scenes_of(leaking, "test") == {"d0", "d1", "d2"}
    assert scenes_of(honest, "train") == {"a", "b"} and scenes_of(leaking, "train") == {"d3", "d4"}
    assert set(leaking.of("train").place) & set(leaking.of("test").place)
    assert not set(honest.of("train").place) & set(honest.of("test").place)


@pytest.mark.parametrize("change", [pair_changes.jpeg_95, pair_changes.jpeg_75])
def test_only_what_is_learned_from_goes_through_jpeg(crops, change):
    changed = change(crops, 1)
    for split, equal in (("train", False), ("dev", True), ("test", True)):
        ours, theirs = changed.of(split), crops.of(split)
        assert np.array_equal(ours.x, theirs.x) == equal
        assert np.array_equal(ours.y[ours.target], theirs.y[theirs.target]) == equal
    difference = changed.of("train").x.astype(float) - crops.of("train").x
    assert 0 < np.abs(difference).mean() < 5
