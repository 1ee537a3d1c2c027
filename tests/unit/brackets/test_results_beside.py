"""What people made from their frames, and left beside them, is no frame."""

from pathlib import Path

import pytest

from hdrkit.brackets.results_beside import apart

FRAMES = ["IMG_0959.JPG", "IMG_0960.JPG", "memorial0061.png", "desk_0.5s.png", "hdrama1.jpg", "1_640.jpg"]


@pytest.mark.parametrize(
    "name",
    ["result.jpg", "hdr.png", "tonemapped.jpg", "Tone_mapped_2.JPG", "SceneRendered.jpg", "IMG_0959_mertens.jpg",
     "ArchToneMapped.jpg", "output_1.png", "hdr-fusion.jpg", "drago.jpg", "memorial_ldr.png"],
)  # fmt: skip
def test_results_are_told_by_their_names(name):
    found = apart([Path("in") / each for each in [*FRAMES, name]])
    assert [path.name for path in found[0]] == FRAMES and [path.name for path in found[1]] == [name]


@pytest.mark.parametrize(
    "names",
    [
        ["hdr_1.jpg", "hdr_2.jpg", "hdr_3.jpg"],
        ["hdr_1.jpg", "hdr_2.jpg", "dark.jpg"],
        ["hdr_1.jpg", "hdr_2.jpg", "hdr_3.jpg", "cover.jpg", "back.jpg"],
    ],
)
def test_where_too_few_others_would_remain_all_are_frames(names):
    paths = [Path(name) for name in names]
    assert apart(paths) == (paths, [])


def test_results_of_many_methods_are_all_left_out():
    frames = [Path("1.jpg"), Path("2.jpg")]
    results = [Path(f"result_{method}.png") for method in ("a", "b", "c")]
    assert apart(frames + results) == (frames, results)
