"""Scenes, files and EXIF texts with scripts for names, in every page that shows names: they are read, and not run."""

import base64
import json

import IPython.display
import nbformat
import pandas as pd
import pytest
from helpers import cameras
from helpers.light_tables import make_pictures, write_page
from helpers.runs import FACTS, write_results
from helpers.strangers import FOLDERS, IMAGE, SCRIPT, TEXTS, unharmed
from PIL import Image

from hdrkit.core.files import PACKAGE, write_json
from hdrkit.dataset import inspection, survey_page
from hdrkit.dataset.scene_folders import find
from hdrkit.display import notation, prose
from hdrkit.jupyter.page import to_html
from hdrkit.reproduction import all_tables, report_page
from hdrkit.widgets import compare

STOPS = [-2.0, 0.0, 2.0]
GALLERY = """<!doctype html><meta charset="utf-8"><title>gallery</title><main></main><script type="module">
%s
const given = JSON.parse(atob("%s"));
given.pictures = given.pictures.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
const model = { get: (name) => given[name], set: () => {}, save_changes: () => {}, on: () => {}, off: () => {} };
gallery.render({ model, el: document.querySelector("main") });
</script>"""


def test_a_survey(open_page, tmp_path, console_errors):
    frames = cameras.simulate("S-shaped", STOPS, "city", size=(120, 80)).frames
    for name in FOLDERS:
        for i, (frame, stop) in enumerate(zip(frames, STOPS, strict=True)):
            exif = Image.Exif()
            exif[271], exif[272], exif[306], exif[33432] = SCRIPT, IMAGE, SCRIPT, IMAGE
            exif.get_ifd(0x8769).update({33434: 2.0**stop / 60, 37510: SCRIPT.encode(), 42036: IMAGE})
            (tmp_path / "in" / name).mkdir(parents=True, exist_ok=True)
            Image.fromarray(frame).save(tmp_path / "in" / name / f"{i}{FOLDERS[1]}.jpg", exif=exif)
    scenes = inspection.inspect_all(find(tmp_path / "in").scenes)
    assert len(scenes) == len(FOLDERS) and all(len(scene.frames) == 3 for scene in scenes)
    survey_page.write(tmp_path / "page.html", SCRIPT, IMAGE, scenes, TEXTS)
    page = open_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.title().startswith(SCRIPT) and page.locator("h1").inner_text() == SCRIPT
    shown = page.locator("main, body").first.inner_text()
    assert all(name.split("\x1b")[0] in shown for name in FOLDERS) and IMAGE in shown
    assert unharmed(page) and page.locator("script").count() == 0 and console_errors == []


def test_a_report(open_page, tmp_path, console_errors):
    write_results(tmp_path)
    (tmp_path / "figures" / "02_strangers.png").write_bytes((tmp_path / "figures" / "01_figure_1.png").read_bytes())
    (tmp_path / "figures" / "02_strangers.txt").write_text(" ".join(TEXTS), encoding="utf-8")
    facts = FACTS | {"parameters": FACTS["parameters"] | {name: name for name in TEXTS}, "false_sentences": list(TEXTS)}
    facts |= {"versions": {SCRIPT: IMAGE}, "machine": FACTS["machine"] | {"processor": IMAGE, "system": SCRIPT}}
    write_json(tmp_path / "run.json", facts)
    all_tables.write(tmp_path, facts, 100, 1)
    report_page.write(tmp_path, facts)
    page = open_page()
    page.goto((tmp_path / "report.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert IMAGE in page.locator("body").inner_text() and SCRIPT in page.locator("body").inner_text()
    assert unharmed(page) and console_errors == []


@pytest.mark.parametrize("webgl", [True, False])
def test_a_light_table(open_table, console_errors, webgl):
    pictures = dict(zip(TEXTS, [*make_pictures().values()] * 3, strict=False))
    shown = open_table(compare(pictures, reference=SCRIPT), webgl=webgl)
    shown.stage.focus()
    for key in "sdbie?":
        shown.page.keyboard.press(key)
    assert SCRIPT in shown.page.locator("body").inner_text()
    assert unharmed(shown.page) and console_errors == []


def test_a_page_of_light_tables_ends_no_script_too_early(open_page, tmp_path, console_errors):
    page = open_page()
    page.goto(write_page(tmp_path / "table.html", compare(dict(zip(TEXTS, make_pictures().values(), strict=False)))))
    assert unharmed(page) and console_errors == []


def test_a_gallery(open_page, tmp_path, console_errors):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg")
    pictures = [base64.b64encode((tmp_path / "a.jpg").read_bytes()).decode()] * len(TEXTS)
    given = {"description": IMAGE, "names": TEXTS, "captions": TEXTS, "pictures": pictures, "value": 0}
    given |= {"order": list(range(len(TEXTS)))}
    module = (PACKAGE / "widgets" / "gallery.js").read_text(encoding="utf-8")
    module = module.replace("export default", "const gallery =")
    state = base64.b64encode(json.dumps(given).encode()).decode()
    (tmp_path / "page.html").write_text(GALLERY % (module, state), encoding="utf-8")
    page = open_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.get_by_role("option").count() == len(TEXTS)
    assert page.get_by_role("option").nth(1).inner_text() == IMAGE
    assert unharmed(page) and console_errors == []


def test_a_notebook(open_page, tmp_path, monkeypatch, console_errors):
    said = []
    monkeypatch.setattr(IPython.display, "display", said.append)
    text = prose.Prose(tmp_path, "01_a")
    for name in TEXTS:
        text.say(f"The scene {name} is the darkest.")
        text.claim(f"{name} is the darkest", False)
    assert len(said) == 2 * len(TEXTS)
    table = notation.table(pd.DataFrame({name: [name] for name in TEXTS}, index=[SCRIPT]))
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    shown = [{"text/html": table.to_html()}]
    for markdown in said:  # below a figure, it is its caption and its description, too
        shown += [{"image/png": png}, {"text/markdown": markdown.data}]
    cells = [nbformat.v4.new_output("display_data", data) for data in shown]
    cell = nbformat.v4.new_code_cell("1", outputs=cells)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), cell])
    nbformat.write(notebook, tmp_path / "01_a.ipynb")
    to_html(tmp_path / "01_a.ipynb", tmp_path / "01_a.html")
    page = open_page()
    page.goto((tmp_path / "01_a.html").as_uri())
    assert SCRIPT in page.locator("body").inner_text()
    assert unharmed(page) and console_errors == []
