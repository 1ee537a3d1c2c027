"""The page of a survey is one file that names everything and lets no name be more than text."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from hdrkit.dataset import survey_page
from hdrkit.dataset.inspection import InspectedFrame, Inspection, Movement
from hdrkit.dataset.scene_folders import SceneFolder
from hdrkit.images import jpeg
from hdrkit.images.exposure_metadata import ExposureSettings

PICTURE = jpeg.encode(np.full((16, 24, 3), 90, np.uint8), 80)


def scene(name="hill", problems=()):
    path = Path("s") / name / "0.jpg"
    frame = InspectedFrame(path, ExposureSettings(1 / 60, 100, 8), np.nan, 0.0, 0.0, 0.1, 0.0, PICTURE)
    folder = SceneFolder(path.parent, name, [path], [])
    movement = Movement(1.0, 0.0, 0.0)
    return Inspection(folder, None, None, (frame,), "nothing", "sRGB", movement, (), problems)


def page(tmp_path, scenes, problems=()):
    survey_page.write(tmp_path / "page.html", "mine", "all in all", scenes, problems)
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_elsewhere(tmp_path):
    render = replace(scene("yard"), render=Path("s/yard/yardRendered.jpg"), render_thumbnail=PICTURE)
    html = page(tmp_path, [scene(), render])
    sources = re.findall(r'(?:src|href)="(.*?)"', html)
    assert len(sources) == 5 and all(source.startswith(("data:image/jpeg;base64,", "#scene-")) for source in sources)
    assert "url(" not in html and "@import" not in html and "<script" not in html


def test_links_lead_to_scenes_and_pictures_are_described(tmp_path):
    html = page(tmp_path, [scene("hill"), scene("yard")])
    assert re.findall(r'href="#(.*?)"', html) == re.findall(r'<section id="(.*?)"', html)
    assert re.findall(r'alt="(.*?)"', html) == ["hill, frame 0.jpg, EV 0", "yard, frame 0.jpg, EV 0"]


def test_every_number_has_its_heading_and_what_is_not_known_is_said(tmp_path):
    html = page(tmp_path, [scene()])
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert cells == ["1/60 s", "100", "8", "unknown", "0", "0", "10 %", "0 %"]
    headings = re.findall(r'<th scope="col">(.*?)</th>', html)
    assert headings[0] == "Frame" and len(headings) == len(cells) + 1


def test_all_that_is_wrong_is_there(tmp_path):
    html = page(tmp_path, [scene(problems=("0.jpg: odd", "and more"))], ["s/empty: no picture"])
    assert re.findall(r"<li>(.*?)</li>", html) == ["s/empty: no picture", "0.jpg: odd", "and more"]
    assert 'data-label="Problems">2</td>' in html


def test_every_column_is_explained(tmp_path):
    html = page(tmp_path, [scene()])
    headings = re.findall(r'role="columnheader">(.*?)</th>', html)
    assert headings == ["Scene", *re.findall("<dt>(.*?)</dt>", html)]


def test_names_are_text_of_any_bytes(tmp_path):
    html = page(tmp_path, [scene("<script>alert(1)</script>"), scene("caf\udce9")])
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "caf\\udce9" in html
