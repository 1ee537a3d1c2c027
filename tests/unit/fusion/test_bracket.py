"""Frames of a bracket are laid over each other and fused; those that cannot help are named and do not stop the rest."""

import subprocess
import sys
from fractions import Fraction

import cv2
import numpy as np
import pytest
from helpers import cameras
from helpers.shots import write_shot
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.fusion import baselines
from hdrkit.fusion.bracket import METHODS, fuse_files, tone_map
from hdrkit.images import raw

TIMES = [Fraction(1, 320), Fraction(1, 80), Fraction(1, 20)]
STOPS = np.array([-2.0, 0.0, 2.0])


def write_bracket(folder, shift=0):
    """Three raw frames, the last of which lies `shift` pixels to the right."""
    folder.mkdir()
    return [write_shot(folder / f"{i}.dng", time, shift if i == 2 else 0, seed=i) for i, time in enumerate(TIMES)]


def write_jpegs(folder, stated=STOPS, curve="S-shaped", shifts=None, place="city"):
    """Three frames of a camera with a curve of its own, with EXIF times of the stops that are `stated`, or none."""
    folder.mkdir()
    frames = cameras.simulate(curve, STOPS, place, shifts=shifts).frames
    for i, frame in enumerate(frames):
        exif = Image.Exif()
        if stated is not None:
            exif.get_ifd(raw.EXIF_IFD)[raw.EXPOSURE_TIME] = 2.0 ** stated[i] / 60
        Image.fromarray(frame).save(folder / f"{i}.jpg", quality=95, exif=exif)
    return [folder / f"{i}.jpg" for i in range(3)]


@pytest.mark.parametrize("shift", [4, 24])
def test_a_moved_frame_is_laid_onto_the_metered_one(tmp_path, shift):
    """The edges of both fall onto each other: fused, they are as sharp as if it had not moved."""
    sharp = {}
    for moved in (0, shift):
        found = fuse_files(write_bracket(tmp_path / f"moved_by_{moved}", moved)).picture
        assert found.shape == (200, 300, 3) and found.dtype == np.uint8
        sharp[moved] = cv2.Laplacian(found[10:-10, 10 + moved : -10 - moved].astype(np.float32), cv2.CV_32F).std()
    assert sharp[shift] == pytest.approx(sharp[0], rel=0.1)


def test_a_raw_bracket_is_fused_without_a_remark(tmp_path):
    assert fuse_files(write_bracket(tmp_path / "in")).remarks == []


def test_methods_differ(tmp_path):
    paths = write_bracket(tmp_path / "in")
    assert not np.array_equal(fuse_files(paths, "mertens").picture, fuse_files(paths, "debevec_reinhard").picture)


@pytest.mark.parametrize("curve", cameras.CURVES)
def test_a_cameras_own_curve_contradicts_nothing(tmp_path, curve):
    assert fuse_files(write_jpegs(tmp_path / "in", curve=curve)).remarks == []


def test_without_times_exposures_are_measured_and_it_is_said(tmp_path):
    found = fuse_files(write_jpegs(tmp_path / "in", stated=None), "debevec_drago")
    assert (
        len(found.remarks) == 1 and "no exposure times found; measured from the pixels: 4.0 stops" in found.remarks[0]
    )


def test_a_false_time_is_named_and_changes_nothing(tmp_path):
    """The picture is that of the right times, but for what rounding the measured step changes."""
    right = fuse_files(write_jpegs(tmp_path / "right"), "debevec_reinhard").picture.astype(float)
    found = fuse_files(write_jpegs(tmp_path / "false", stated=[-2, 0, 3.5]), "debevec_reinhard")
    assert [line.split(": ")[0] for line in found.remarks] == [str(tmp_path / "false/2.jpg")]
    assert np.abs(found.picture - right).mean() < 3


def add(kind, folder, paths):
    """Put something that is no help beside the frames, and return its path."""
    path = folder / f"{kind}.jpg".replace(" ", "_")
    frame = np.asarray(Image.open(paths[1]))
    pictures = {
        "black": np.zeros_like(frame),
        "white": np.full_like(frame, 255),
        "small": frame[::2, ::2],
        "turned": np.rot90(frame),
        "stranger": cameras.simulate("S-shaped", [0.5], "forest").frames[0],
    }
    if kind == "duplicate":
        path.write_bytes(paths[1].read_bytes())
    elif kind == "damaged":
        path.write_bytes(paths[1].read_bytes()[:100])
    elif kind == "raw":
        path = write_shot(folder / "1.dng", TIMES[1])
    else:
        Image.fromarray(pictures[kind]).save(path)
    return path


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("black", "all black"),
        ("white", "all white"),
        ("small", "180 x 120 pixels, the others have 360 x 240"),
        ("turned", "upright where the others lie"),
        ("stranger", "not of one scene with the others"),
        ("duplicate", "the same picture as 1.jpg"),
        ("damaged", "cannot be read"),
        ("raw", "a raw file among pictures"),
    ],
)
def test_what_does_not_help_is_left_out_with_a_line_and_changes_nothing(tmp_path, kind, reason):
    paths = write_jpegs(tmp_path / "in")
    alone = fuse_files(paths)
    found = fuse_files([*paths, add(kind, tmp_path / "in", paths)])
    assert np.abs(found.picture.astype(int) - alone.picture).max() <= 1  # OpenCV's threads add up in any order
    assert len(found.remarks) == 1 and reason in found.remarks[0] and found.remarks[0].endswith("left out")


def test_raw_files_beside_their_jpegs_are_taken(tmp_path):
    raws = write_bracket(tmp_path / "in")
    jpegs = [path.with_suffix(".jpg") for path in raws]
    for path in jpegs:
        Image.new("RGB", (300, 200), (90, 90, 90)).save(path)
    found = fuse_files([*raws, *jpegs])
    (line,) = found.remarks
    assert line.startswith(f"{jpegs[0]} to {jpegs[-1].name}: {len(jpegs)} pictures among raw files")


def test_fewer_than_two_frames_are_no_bracket_and_each_reason_is_said(tmp_path):
    with pytest.raises(HdrkitError, match="two frames"):
        fuse_files([write_shot(tmp_path / "one.dng", TIMES[1])])
    paths = write_jpegs(tmp_path / "in")[:1]
    with pytest.raises(HdrkitError, match=r"1 usable frames.*black\.jpg: all black; .*white\.jpg: all white"):
        fuse_files([*paths, add("black", tmp_path / "in", paths * 2), add("white", tmp_path / "in", paths * 2)])


def test_times_by_hand_are_believed_and_what_contradicts_them_is_said(tmp_path):
    paths = write_jpegs(tmp_path / "in", stated=[-2, 0, 3.5])  # the files' own, false, say nothing any more
    right = fuse_files(paths, radiance=True, times=[1 / 240, 1 / 60, 1 / 15])
    assert right.remarks == []
    false = fuse_files(paths, radiance=True, times=[1 / 240, 1 / 60, 1 / 2])
    assert false.remarks[0].split(": ")[0] == str(paths[2])
    assert "stops from what --times say; --times believed" in false.remarks[0]
    dark = np.asarray(Image.open(paths[1])).max(axis=2) < 20  # seen by the brightest frame best
    apart = np.log2(right.radiance[dark] / false.radiance[dark])
    assert np.median(apart) > 1  # of the three stops by which it is said to have more light


def test_times_by_hand_need_not_be_those_of_frames_that_are_left_out(tmp_path):
    paths = write_jpegs(tmp_path / "in", stated=None)
    black = add("black", tmp_path / "in", paths)
    found = fuse_files([black, *paths], times=[1 / 1000, 1 / 240, 1 / 60, 1 / 15])
    assert len(found.remarks) == 1 and found.used == 3 and found.metered == paths[1]


@pytest.mark.parametrize(("times", "why"), [([1, 2], "2 times for 3 frames"), ([2, 2, 2], "all frames have one time")])
def test_times_that_fit_no_bracket_are_refused(tmp_path, times, why):
    with pytest.raises(HdrkitError, match=rf"--times: {why}"):
        fuse_files(write_jpegs(tmp_path / "in"), times=times)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_shows_more_than_the_metered_frame(tmp_path, method):
    """Detail where that frame is clipped, and mid tones that are neither black nor white."""
    paths = write_jpegs(tmp_path / "in", curve="sRGB", place="courtyard")
    metered = np.asarray(Image.open(paths[1]), np.float32)
    found = fuse_files(paths, method).picture
    assert found.dtype == np.uint8 and found.shape == metered.shape and 40 < np.median(found) < 160
    clipped = cv2.erode((metered.min(axis=2) > 252).astype(np.uint8), np.ones((9, 9))) > 0
    assert clipped.sum() > 500 and found[clipped].std() > 8 * metered[clipped].std()


@pytest.mark.parametrize("method", baselines.TONE_MAPPINGS)
def test_a_lamp_of_some_pixels_does_not_decide_how_dark_the_rest_is(method):
    light = cameras.view("city")
    lit = light.copy()
    lit[100:103, 100:103] = 500 * light.max()
    assert np.median(tone_map(lit, method)) == pytest.approx(np.median(tone_map(light, method)), rel=0.15)


def test_grey_frames_are_weighed_too(tmp_path):
    """Mertens' weight of saturation is 0 there, which would leave the mean of all frames."""
    (tmp_path / "in").mkdir()
    paths = [tmp_path / f"in/{i}.png" for i in range(3)]
    for path, frame in zip(paths, cameras.simulate("sRGB", STOPS, "city").frames, strict=True):
        Image.fromarray(frame[..., 1]).save(path)
    found = fuse_files(paths).picture
    assert (found == found[..., :1]).all()
    frames = [np.asarray(Image.open(path)) for path in paths]
    wanted = 255 * cv2.createMergeMertens().process(frames)  # of one channel, saturation does not count
    assert np.abs(found[..., 0] - wanted).mean() < 1 < 5 < np.abs(np.mean(frames, axis=0) - wanted).mean()


def test_opencv_writes_no_warning():
    """In a process of its own, as OpenCV says it once."""
    code = "from hdrkit.fusion import bracket; import numpy as np; light = np.geomspace(0.01, 9, 900, dtype=np.float32)"
    code += "; bracket.tone_map(light.reshape(20, 15, 3), 'debevec_drago')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
