"""The table says in few words what was seen."""

from pathlib import Path

from hdrkit.dataset import survey_table
from hdrkit.dataset.inspection import InspectedFrame, Inspection, Movement
from hdrkit.dataset.scene_folders import SceneFolder
from hdrkit.images.exposure_metadata import ExposureSettings

JPEG = b"\xff\xd8\xff"


def scene(name="hill", problems=()):
    evs = (-2.0, 0.0, 2.0)
    folder = SceneFolder(Path("s") / name, name, [Path("s") / name / f"{i}.jpg" for i in range(4)], [])
    shares = ((0.034, 0.5), (0.2, 0.1), (0.6, 0.0004))
    frames = [
        InspectedFrame(path, ExposureSettings(time=1 / 60), ev, ev + 0.1, ev, *share, JPEG)
        for path, ev, share in zip(folder.frames, evs, shares, strict=False)
    ]
    return Inspection(
        folder, None, None, tuple(frames), "EXIF exposure times", "sRGB", Movement(12.34, 0.26, 0.012), (), problems
    )


def test_each_cell_says_what_was_seen():
    assert survey_table.cells(scene()) == {
        "scene": "hill",
        "frames": "3 of 4",
        "exposures from": "EXIF exposure times",
        "EV stated": "−2 to +2 by 2",
        "EV measured": "−1.9 to +2.1 by 2",
        "curve": "sRGB",
        "shift": "12.3 px, 0.3°",
        "moved": "1.2 %",
        "clipped": "3.4 %",
        "black": "under 0.1 %",
        "render": "none",
    }


def test_of_a_scene_that_could_not_be_seen_nothing_is_made_up():
    unseen = Inspection(SceneFolder(Path("s/x"), "x", [Path("s/x/0.jpg")], []), render=Path("s/x/xRendered.jpg"))
    row = survey_table.cells(unseen)
    assert {heading for heading, cell in row.items() if cell} == {"scene", "frames", "render"}
    assert row["frames"] == "0 of 1" and row["render"] == "yes"
    assert row.keys() == survey_table.cells(scene()).keys()


def test_columns_stand_under_their_headings():
    heading, short, long = survey_table.text([scene("a"), scene("a much longer name")])
    for word, cell in (("frames", "3 of 4"), ("curve", "sRGB"), ("render", "none")):
        assert heading.index(word) == short.index(cell) == long.index(cell)
