"""The glossary as a page, and the words that it has to have."""

import re

import pytest

from hdrkit.jupyter.glossary import GLOSSARY, PAGE, write_glossary

# Words of the kit that a reader cannot look up elsewhere.
NEEDED = ("frame", "render", "survey", "scene", "place", "view", "crop", "pair", "key", "tint", "control", "oracle")
AXES = ("libraw_default", "radiometric", "report7", "dihedral8", "unit_rgb", "imagenet", "per_frame", "joint")


@pytest.fixture(scope="module")
def text():
    return GLOSSARY.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*NEEDED, "pooled PSNR", "wraparound", "radiometric"])
def test_explains(text, word):
    assert re.search(rf"^\* \*\*{word}\*\*.*: \w", text, re.M)


@pytest.mark.parametrize("word", AXES)
def test_names_both_ways_of_each_choice(text, word):
    assert f"`{word}`" in text


def test_no_word_is_explained_twice(text):
    words = re.findall(r"^\* \*\*(.+?)\*\*(?! of a cache)", text, re.M)
    assert sorted(words) == sorted(set(words)) and len(words) > 60


def test_its_page_leads_to_the_report_and_nowhere_else(tmp_path):
    write_glossary(tmp_path)
    html = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "<title>Glossary</title>" in html and "<strong>wraparound</strong>" in html
    assert set(re.findall(r'href="([^"#]+)', html)) == {"../report.html"}
