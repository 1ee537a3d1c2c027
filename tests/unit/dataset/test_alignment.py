"""Scenes are aligned once, what cannot be used is named, and the cache is never trusted half-written."""

import shutil
import sys
import threading

import cv2
import numpy as np
import pytest
from helpers.brackets import EVS, write_bracket
from helpers.shots import write_shot
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import alignment as stage
from hdrkit.dataset.alignment import align
from hdrkit.dataset.crops import cut
from hdrkit.dataset.survey import Survey


@pytest.fixture
def survey(tmp_path):
    write_bracket(tmp_path / "photos" / "barn")
    return tmp_path / "photos"


def test_frames_lie_on_the_render(survey, tmp_path):
    (scene,) = align(Survey(survey).scenes, tmp_path / "cache")
    assert scene.frames.shape == (5, *scene.render.shape) and len(scene.left_out) == 0
    metered, render = scene.frames[2].astype(float)[20:-20, 20:-20], scene.render.astype(float)[20:-20, 20:-20]
    edges = [cv2.Laplacian(p.mean(axis=-1), cv2.CV_64F) for p in (metered, render)]
    assert np.corrcoef(edges[0].ravel(), edges[1].ravel())[0, 1] > 0.8
    moved = np.roll(edges[0], 2, axis=1)
    assert np.corrcoef(moved.ravel(), edges[1].ravel())[0, 1] < 0.6


def test_a_second_call_reads_the_cache(survey, tmp_path, monkeypatch):
    (first,) = align(Survey(survey).scenes, tmp_path / "cache")
    monkeypatch.setattr(stage, "align_scene", lambda *_: pytest.fail("aligned again"))
    (second,) = align(Survey(survey).scenes, tmp_path / "cache")
    for name in vars(first):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_in_another_way_the_same_frames_are_used_and_nothing_is_registered_again(tmp_path, monkeypatch):
    (tmp_path / "photos" / "hill").mkdir(parents=True)
    for i, stop in enumerate((-4, -2, 0)):
        write_shot(tmp_path / "photos" / "hill" / f"{i}.DNG", 2.0**stop / 80, shift=2 * i)
    scenes = Survey(tmp_path / "photos").scenes
    (usual,) = align(scenes, tmp_path / "cache")
    monkeypatch.setattr(stage.scene_geometry, "find", lambda _: pytest.fail("registered again"))
    (brightened,) = align(scenes, tmp_path / "cache", "libraw_default")
    np.testing.assert_array_equal(brightened.maps, usual.maps)
    assert brightened.frames[0].mean() > 1.1 * usual.frames[0].mean()
    (stretched,) = align(scenes, tmp_path / "cache", registered=False)
    np.testing.assert_array_equal(stretched.maps, [np.eye(2, 3)] * 3)
    assert np.ptp(usual.maps[:, 0, 2]) > 3
    for one in (brightened, stretched):
        np.testing.assert_array_equal(one.files, usual.files)
        assert one.frames.shape == usual.frames.shape and not np.array_equal(one.frames, usual.frames)


def test_the_code_is_parsed_outside_the_workers(survey, tmp_path, monkeypatch):
    threads = []
    monkeypatch.setattr(stage, "code_key", lambda name: threads.append(threading.current_thread()) or "key")
    align(Survey(survey).scenes, tmp_path / "cache")
    assert set(threads) == {threading.main_thread()}


def test_a_changed_frame_is_aligned_again(survey, tmp_path):
    (first,) = align(Survey(survey).scenes, tmp_path / "cache")
    path = survey / "barn" / "IMG_0.png"
    with Image.open(path) as picture:
        picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(path, exif=picture.getexif())
    (second,) = align(Survey(survey).scenes, tmp_path / "cache")
    assert len(first.files) == 5 and len(second.files) == 4
    assert "IMG_0.png" in second.left_out[0]


@pytest.mark.skipif(sys.platform == "win32", reason="what is mapped into memory cannot be deleted there")
def test_the_cache_may_be_deleted_while_its_scenes_are_in_use(survey, tmp_path):
    (first,) = align(Survey(survey).scenes, tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")
    (again,) = align(Survey(survey).scenes, tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")
    for name in vars(first):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))


def test_a_half_written_cache_file_is_not_taken(survey, tmp_path):
    cache = tmp_path / "cache"
    align(Survey(survey).scenes, cache)
    (stored,) = cache.glob("*.npz")
    stored.rename(cache / f".{stored.stem}-abc.npz")
    (again,) = align(Survey(survey).scenes, cache)
    assert len(again.frames) == 5


def test_of_a_picture_with_a_wrong_time_pixels_are_believed(tmp_path):
    write_bracket(tmp_path / "photos" / "barn", relabel={1: -3})
    (scene,) = align(Survey(tmp_path / "photos").scenes, tmp_path / "cache")
    assert scene.evs.tolist() == pytest.approx(EVS, abs=0.3)
    assert "IMG_1.png: pixels +1." in scene.remarks[0] and scene.left_out.tolist() == []
    np.testing.assert_allclose(np.log2(scene.times), scene.evs, atol=1e-4)  # the file's would merge it wrong


def test_a_raw_frame_with_a_wrong_time_is_left_out(tmp_path):
    (tmp_path / "photos" / "hill").mkdir(parents=True)
    for i, stop in enumerate((-4, -2, 0, 2)):
        stated = 2.0 ** (stop + (i == 1)) / 80
        write_shot(tmp_path / "photos" / "hill" / f"{i}.DNG", 2.0**stop / 80, stated=stated)
    (scene,) = align(Survey(tmp_path / "photos").scenes, tmp_path / "cache")
    assert scene.files.tolist() == ["0.DNG", "2.DNG", "3.DNG"]
    assert "1.DNG: pixels -1.0 stops from what its exposure time says; left out" in scene.left_out[0]
    np.testing.assert_allclose(scene.times, [2.0**stop / 80 for stop in (-4, 0, 2)], rtol=1e-3)


def test_a_foreign_render_leaves_the_scene_out_and_the_survey_going(tmp_path):
    for name, seed in (("barn", 1), ("hall", 2)):
        write_bracket(tmp_path / "photos" / name, seed)
    (tmp_path / "photos/hall/hallRendered.jpg").write_bytes((tmp_path / "photos/barn/barnRendered.jpg").read_bytes())
    barn, hall = align(Survey(tmp_path / "photos").scenes, tmp_path / "cache")
    assert (len(barn.frames), len(hall.frames), len(hall.left_out)) == (5, 0, 5)


def test_an_unreadable_render_leaves_its_scene_out_and_the_survey_going(survey, tmp_path):
    write_bracket(survey / "hall", seed=2)
    (survey / "barn" / "barnRendered.jpg").write_bytes(b"no picture")
    barn, hall = align(Survey(survey).scenes, tmp_path / "cache")
    assert (len(barn.frames), len(hall.frames)) == (0, 5)
    assert "barnRendered.jpg: the render cannot be read" in barn.left_out[0]
    assert set(cut([barn, hall], 32).scene) == {"hall"}


def test_without_a_render_the_reference_is_made_and_says_so(survey, tmp_path):
    (survey / "barn" / "barnRendered.jpg").unlink()
    for _ in range(2):  # the second time from the cache
        (scene,) = align(Survey(survey).scenes, tmp_path / "cache")
        assert scene.reference == "local operator" and scene.render.shape == scene.frames.shape[1:]


def test_nothing_to_align_is_an_error(survey, tmp_path):
    (survey / "barn" / "barnRendered.jpg").write_bytes(b"no picture")
    with pytest.raises(HdrkitError, match=r"no frame of any scene could be aligned .*Rendered\.jpg: the render cannot"):
        align(Survey(survey).scenes, tmp_path / "cache")
