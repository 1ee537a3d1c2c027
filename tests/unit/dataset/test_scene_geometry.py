"""Where frames lie, and what the kit makes for them to be held against where there is no render."""

import cv2
import numpy as np
import pytest
from helpers.brackets import RENDER_SIZE, TO_SCENE
from helpers.cameras import view, write_bracket
from helpers.shots import write_shot
from PIL import Image

from hdrkit.brackets.aligned_frames import align_files
from hdrkit.brackets.registration import displacement
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import scene_geometry
from hdrkit.dataset.survey import Survey
from hdrkit.evaluation import metrics
from hdrkit.simulation import local_laplacian

SHIFTS = ((3, -2), (0, 0), (-4, 5))  # of the frames, pixels


def only_scene(folder):
    (scene,) = Survey(folder).scenes
    return scene


def test_of_a_jpeg_bracket_the_reference_is_what_the_operator_makes_of_the_true_light(tmp_path):
    bracket = write_bracket(tmp_path / "hill", stops=(-4, -2, 0, 2, 4))
    found = scene_geometry.find(only_scene(tmp_path))
    wanted = local_laplacian.tone_map_to_bytes(bracket.radiance)
    assert found.reference.shape == bracket.frames[0].shape and found.evs.tolist() == [-4, -2, 0, 2, 4]
    metered = metrics.psnr(bracket.frames[2], wanted, data_range=255)
    assert metrics.psnr(found.reference, wanted, data_range=255) > max(26, metered + 6)


def test_of_a_raw_bracket_too(tmp_path):
    (tmp_path / "hill").mkdir()
    for i, stop in enumerate((-4, -2, 0, 2, 4)):
        write_shot(tmp_path / "hill" / f"{i}.DNG", 2.0**stop / 80)
    found = scene_geometry.find(only_scene(tmp_path))
    radiance = cv2.resize(view("kiara_1_dawn"), (300, 200), interpolation=cv2.INTER_AREA)
    wanted = local_laplacian.tone_map_to_bytes(radiance)
    assert found.reference.shape == (200, 300, 3) and len(found.light) == 5
    # In grey, as raw files have the light's colour balanced.
    greys = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (found.reference, wanted)]
    assert np.corrcoef(greys[0].ravel(), greys[1].ravel())[0, 1] > 0.97


def test_the_reference_lies_on_the_metered_frame_also_where_it_is_smaller(tmp_path, monkeypatch):
    write_bracket(tmp_path / "hill", shifts=SHIFTS)
    on_frame = align_files([frame.path for frame in only_scene(tmp_path).frames]).maps
    np.testing.assert_allclose(scene_geometry.find(only_scene(tmp_path)).maps, on_frame, atol=1e-4)
    monkeypatch.setattr(scene_geometry, "LONGEST", 120)
    found = scene_geometry.find(only_scene(tmp_path))
    assert found.reference.shape == (80, 120, 3)
    for small, whole in zip(found.maps, on_frame, strict=True):  # its first pixel is the middle of 3 x 3
        np.testing.assert_allclose(small @ (0, 0, 1), whole @ (1, 1, 1), atol=1e-3)
        np.testing.assert_allclose(small @ (119, 79, 1), whole @ (358, 238, 1), atol=1e-3)


def test_jpeg_frames_of_a_cameras_own_curve_are_laid_on_their_render(tmp_path):
    bracket = write_bracket(tmp_path / "hill", stops=(-4, -2, 0, 2, 4))
    toned = local_laplacian.tone_map_to_bytes(bracket.radiance)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    Image.fromarray(cv2.warpAffine(toned, TO_SCENE, RENDER_SIZE, flags=flags)).save(tmp_path / "hillRendered.jpg")
    found = scene_geometry.find(only_scene(tmp_path))
    assert found.reference.shape[1::-1] == RENDER_SIZE and len(found.frames) == 5 and found.left_out == []
    assert max(displacement(to_frame, TO_SCENE, RENDER_SIZE).mean() for to_frame in found.maps) < 0.5


def test_raw_frames_and_a_render_of_many_pixels_are_made_smaller_and_lie_where_they_lay(tmp_path, monkeypatch):
    (tmp_path / "hill").mkdir()
    for i, stop in enumerate((-4, -2, 0, 2)):
        write_shot(tmp_path / "hill" / f"{i}.DNG", 2.0**stop / 80, shift=i)
    toned = local_laplacian.tone_map_to_bytes(cv2.resize(view("kiara_1_dawn"), (300, 200)))
    Image.fromarray(toned[10:190, 15:285]).save(tmp_path / "hillRendered.jpg", quality=95)
    whole = scene_geometry.find(only_scene(tmp_path))
    assert whole.reference.shape == (180, 270, 3) and len(whole.maps) == 4
    monkeypatch.setattr(scene_geometry, "LONGEST", 90)
    small = scene_geometry.find(only_scene(tmp_path))
    assert small.reference.shape == (60, 90, 3) and small.light[0].shape == (60, 90, 3)
    for to_frame, before in zip(small.maps, whole.maps, strict=True):  # the first pixel is the middle of 3 x 3
        assert np.linalg.norm(to_frame @ (0, 0, 1) - before @ (1, 1, 1)) < 0.8
        assert np.linalg.norm(to_frame @ (89, 59, 1) - before @ (268, 178, 1)) < 0.8


def test_a_scene_of_which_one_frame_is_left_is_named(tmp_path):
    write_bracket(tmp_path / "hill", stops=(-2, 0))
    scene = only_scene(tmp_path)
    (tmp_path / "hill" / "IMG_0.jpg").write_bytes(b"no picture any more")
    with pytest.raises(HdrkitError, match=r"1 usable frames.*IMG_0\.jpg"):
        scene_geometry.find(scene)


def test_much_finer_frames_are_averaged_not_sampled():
    checks = np.indices((240, 360)).sum(axis=0) % 2  # pixel by pixel: sampling finds black, white, or stripes
    picture = np.repeat(checks[..., None], 3, axis=2).astype(np.float32)
    small = scene_geometry.resample(picture, np.array([[4, 0, 1.5], [0, 4, 1.5]], np.float32), (90, 60))
    np.testing.assert_allclose(small, 0.5, atol=1e-3)
