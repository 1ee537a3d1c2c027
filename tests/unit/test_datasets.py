"""What notebooks train on and score on, from scenes that no camera took."""

from types import SimpleNamespace

from conftest import make_scene

from hdrkit import datasets

COUNTS = {"train": 7, "dev": 2, "test": 2}


def test_scored_are_all_dev_and_test_scenes_and_every_third_train_scene(tmp_path, monkeypatch):
    made = [make_scene(f"{split} {i}", split) for split, count in COUNTS.items() for i in range(count)]
    scenes = [SimpleNamespace(name=scene.name, split=scene.split, render="render.jpg") for scene in made]
    survey = SimpleNamespace(name="small", sample=lambda count: scenes)
    survey.split = lambda split: [scene for scene in scenes if scene.split == split]
    monkeypatch.setattr(datasets, "prepare", lambda *arguments: made)

    data = datasets.load(survey, 7, 24, tmp_path)
    assert set(data.learned.scene) == {scene.name for scene in made}
    assert set(data.judged.scene) == {"dev 0", "dev 1", "test 0", "test 1", "train 0", "train 3", "train 6"}
    assert data.trained_on == "small"
