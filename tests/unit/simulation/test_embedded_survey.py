"""The embedded survey: its layout, its truth, and what happens when a capture is disturbed."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest
import rawpy
from helpers.permissions import read_only, run

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256
from hdrkit.core.folder_lock import only_run_in
from hdrkit.images.srgb import luminance
from hdrkit.simulation import embedded_survey, embedded_views, local_laplacian, scenes, views
from hdrkit.simulation.embedded_views import read_views
from hdrkit.simulation.scenes import write_scene

SCENES = ["Courtyard (3)", "Potsdamer Platz (2)"]
VIEWS = {view.scene: view for view in read_views()}
RADIOMETRIC = dict(
    no_auto_bright=True, adjust_maximum_thr=0, gamma=(1, 1), output_bps=16, use_camera_wb=True, user_flip=0
)


def hashes(survey):
    return {str(path.relative_to(survey)): sha256(path) for path in sorted(survey.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return embedded_survey.capture(tmp_path_factory.mktemp("build") / "embedded", scenes=SCENES)


def decode(survey, scene, number):
    with rawpy.imread(str(survey / scene / f"_MDF{number:04d}.DNG")) as raw:
        return raw.postprocess(**RADIOMETRIC).astype(np.float32) / 65535


def test_layout(survey):
    names = {path.name for path in (survey / "Potsdamer Platz (2)").iterdir()}
    frames = {f"_MDF{number:04d}.DNG" for number in range(1, 10)}
    assert names == frames | {"PotsdamerPlatz(2)Rendered.jpg", ".capture.json"}
    with open(survey / "survey.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows == [
        {"scene": "Courtyard (3)", "place": "Courtyard", "split": "test"},
        {"scene": "Potsdamer Platz (2)", "place": "Potsdamer Platz", "split": "train"},
    ]
    truth = json.loads((survey / "truth.json").read_text(encoding="utf-8"))
    assert list(truth) == SCENES and set(truth["Courtyard (3)"]) == frames


def test_frames_are_a_stop_apart_in_time_and_light(survey):
    frames = [decode(survey, "Potsdamer Platz (2)", number) for number in (3, 4)]
    times = []
    for number in range(1, 10):
        with rawpy.imread(str(survey / "Potsdamer Platz (2)" / f"_MDF{number:04d}.DNG")) as raw:
            times.append(raw.other.shutter_speed)
    np.testing.assert_allclose(np.diff(np.log2(times)), 1, atol=1e-4)
    dark, light = (luminance(frame) for frame in frames)
    usable = (light < 0.7) & (dark > 0.01)
    assert np.median(light[usable] / dark[usable]) == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("scene", SCENES)
def test_true_maps_lay_frames_on_the_render(survey, scene, monkeypatch):
    """What is left after the map, by the gradient (Lucas-Kanade) method, is below a twentieth of a pixel."""
    monkeypatch.setattr(local_laplacian, "tone_map", lambda linear: linear)
    render = luminance(scenes.render(VIEWS[scene], 0))
    maps = json.loads((survey / "truth.json").read_text(encoding="utf-8"))[scene]
    for number in (3, 5):
        frame = luminance(decode(survey, scene, number))
        matrix = np.array(maps[f"_MDF{number:04d}.DNG"])
        frame = cv2.warpAffine(frame, matrix, views.RENDER_SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        usable = cv2.erode(((frame > 0.01) & (frame < 0.6)).astype(np.uint8), np.ones((9, 9))) > 0
        a, b = (cv2.GaussianBlur(np.log(np.maximum(light, 1e-4)), (0, 0), 1) for light in (render, frame))
        slopes = [np.gradient(a, axis=axis)[usable] for axis in (1, 0)]
        system = np.stack([*slopes, np.ones(usable.sum())], axis=1)
        shift = np.linalg.lstsq(system, (b - a)[usable], rcond=None)[0][:2]
        assert np.hypot(*shift) < 0.05


def test_same_seed_same_bytes_and_another_seed_others(survey, tmp_path):
    view = VIEWS[SCENES[0]]
    key = json.loads((survey / view.scene / ".capture.json").read_text(encoding="utf-8"))["key"]
    write_scene(view, 0, tmp_path, key)
    assert hashes(tmp_path / view.scene) == hashes(survey / view.scene)
    assert not np.allclose(views.geometry(view, 0).crop, views.geometry(view, 1).crop)


def test_second_capture_touches_nothing_and_a_damaged_frame_is_taken_again(survey):
    before, stamps = hashes(survey), {path: path.stat().st_mtime_ns for path in survey.rglob("*")}
    embedded_survey.capture(survey, scenes=SCENES)
    assert {path: path.stat().st_mtime_ns for path in survey.rglob("*")} == stamps
    frame = survey / SCENES[1] / "_MDF0004.DNG"
    frame.write_bytes(frame.read_bytes()[:1000])
    embedded_survey.capture(survey, scenes=SCENES)
    assert hashes(survey) == before


def test_two_captures_in_one_folder(survey, tmp_path):
    refused = pytest.raises(HdrkitError, match="another run is using this folder; wait for it")
    with only_run_in(tmp_path), refused:
        embedded_survey.capture(tmp_path, scenes=SCENES)
    with only_run_in(survey):
        embedded_survey.capture(survey, scenes=SCENES)  # it is whole, and only read


def test_a_whole_survey_may_be_read_only(survey):
    code = "import sys; from hdrkit.simulation import embedded_survey as survey;"
    code += "survey.capture(sys.argv[1], scenes=sys.argv[2:])"
    with read_only(survey):
        again = run("-c", code, survey, *SCENES)
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no process groups to kill")
def test_killed_capture_leaves_whole_scenes_and_resumes_to_the_same_bytes(survey, tmp_path):
    code = "import sys; from hdrkit.simulation import embedded_survey as survey;"
    code += "survey.capture(sys.argv[1], scenes=sys.argv[2:], workers=1)"
    run = subprocess.Popen([sys.executable, "-c", code, str(tmp_path), *SCENES], start_new_session=True)
    deadline = time.monotonic() + 300
    while not (tmp_path / SCENES[0]).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    whole = [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
    assert whole and all(len(list(path.iterdir())) == 11 for path in whole)
    assert not (tmp_path / "survey.csv").exists()
    embedded_survey.capture(tmp_path, scenes=SCENES)
    assert hashes(tmp_path) == hashes(survey)


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_of_it(tmp_path):
    """Workers import the script that starts them; without the guard, each would capture on its own."""
    script = tmp_path / "script.py"
    call = f"capture({str(tmp_path / 'out')!r}, scenes={SCENES!r})"
    script.write_text(f"from hdrkit.simulation.embedded_survey import capture\n{call}\n", encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert "HdrkitError" in done.stderr and 'lacks `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


def test_scenes_of_another_seed_are_not_mixed_in(survey, tmp_path):
    write_scene(VIEWS[SCENES[1]], 7, tmp_path, "another key")
    (tmp_path / "Mine (1)").mkdir()
    embedded_survey.capture(tmp_path, scenes=SCENES[:1])
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [SCENES[0], "Mine (1)"]


def test_unknown_scene_is_named(tmp_path):
    with pytest.raises(HdrkitError, match=r"Courtyard \(8\).*views\.csv"):
        embedded_survey.capture(tmp_path, scenes=["Courtyard (8)"])


@pytest.mark.parametrize("content", [None, b"", b"no panorama"])
def test_missing_or_damaged_panorama_stops_the_capture_before_it_begins(tmp_path, monkeypatch, content):
    path = tmp_path / "city.exr"
    if content is not None:
        path.write_bytes(content)
    embedded_views.load.cache_clear()
    monkeypatch.setattr(embedded_views, "panorama_path", lambda name: path)
    with pytest.raises(HdrkitError, match=r"city\.exr.*(missing|damaged)") as error:
        embedded_survey.capture(tmp_path / "embedded", scenes=SCENES)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "embedded").exists()


def test_unwritable_folder_is_named(tmp_path):
    (tmp_path / "embedded").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(HdrkitError, match=r"embedded: cannot be written"):
        embedded_survey.capture(tmp_path / "embedded", scenes=SCENES)
