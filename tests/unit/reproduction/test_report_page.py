import re
from pathlib import Path

import pytest
from helpers.runs import FACTS, write_light_table, write_report, write_results

from hdrkit.core import learned_places, references
from hdrkit.core.errors import HdrkitError
from hdrkit.reproduction import figure_previews, report_page, store


@pytest.fixture
def run(tmp_path):
    write_results(tmp_path)
    return tmp_path


def section(text, name):
    return text[text.index(f'<section id="{name}">') :].partition("</section>")[0]


def test_the_page_is_self_contained_and_escapes_what_it_shows(run):
    text = write_report(run).read_text(encoding="utf-8")
    assert "<script" not in text and "&lt;script&gt;alert(2)" in text and "&lt;script&gt;alert(1)" in text
    assert not re.findall(r'src="(?!data:)|href="(?!#|notebooks/|figures/|tables/|run\.json")|url\(|@import', text)
    assert text.index("Baseline, test set") < text.index("<figure") < text.index("abc with uncommitted changes")


def test_a_figure_is_reduced_described_and_leads_to_the_whole_one(run):
    text = section(write_report(run).read_text(encoding="utf-8"), "figures")
    width, height = re.search(r'width="(\d+)" height="(\d+)"', text).groups()
    assert (width, height) == ("1920", "192")  # 3000 x 300 pixels at 150 dpi, as a browser counts: 96 per inch
    assert 'alt="Errors &lt; 1 px &amp; &#34;more&#34;"' in text and "With <code>code</code>" in text
    assert '<a href="figures/01_figure_1.png">' in text


def test_a_preview_is_no_wider_than_a_page_and_much_smaller_than_the_file(run):
    figure = run / "figures" / "01_figure_1.png"
    shown = figure_previews.preview(figure)
    assert shown.uri.startswith("data:image/webp;base64,") and len(shown.uri) < figure.stat().st_size
    figure.write_bytes(b"\x89PNG")
    with pytest.raises(HdrkitError, match=r"01_figure_1\.png: not a picture"):
        figure_previews.preview(figure)


def test_the_reports_nine_figures_lead_to_their_counterparts_where_the_run_has_them(run):
    text = section(write_report(run).read_text(encoding="utf-8"), "figures")
    rows = re.findall(r'<th scope="row" class="name figure">Figure (\d)</th>\s*<td class="here"[^>]*>(.*?)</td>', text)
    link = '<a href="#01_figure_1">01_figure_1</a>'
    assert rows == [("1", link), *((str(number), "not in this run") for number in range(2, 10))]
    assert '<figure id="01_figure_1">' in text


def test_numbers_of_claims_have_three_decimals_or_none(run):
    text = section(write_report(run).read_text(encoding="utf-8"), "claims")
    shown = re.findall(r'<td class="regenerated"[^>]*>(.*?)</td>', text)
    assert {"22,467,992", "3"} <= set(shown) and "2.123 to 4.000" in text
    assert all(re.fullmatch(r"−?[\d,]+(\.\d{3})?|", number) for number in shown)


def test_evidence_leads_to_a_section_of_a_notebook():
    link = report_page._evidence_link('04_baseline#Is 1 < 2, "or" not?')
    assert link == (
        '<a href="notebooks/04_baseline.html#Is-1-%3C-2%2C-%22or%22-not%3F">Is 1 &lt; 2, &#34;or&#34; not?</a>'
    )


def test_figures_stand_below_the_notebook_that_made_them(run):
    (run / "notebooks").mkdir()
    heading = '{"cells": [{"cell_type": "markdown", "source": ["# 1 · A <survey>"]}]}'
    (run / "notebooks" / "01_data_survey.ipynb").write_text(heading, encoding="utf-8")
    assert "data_survey" not in section(write_report(run).read_text(encoding="utf-8"), "figures")
    (run / "notebooks" / "01_data_survey.html").touch()
    text = write_report(run).read_text(encoding="utf-8")
    link = '<a href="notebooks/01_data_survey.html">1 · A &lt;survey&gt;</a>'
    assert link in section(text, "figures") and link in section(text, "notebooks")


@pytest.mark.parametrize(
    ("facts", "said", "unsaid"),
    [
        ({}, [], ["too few scenes", "do not hold"]),
        ({"trained_on": "embedded", "false_sentences": []}, [], ["too few scenes", "do not hold"]),
        ({"survey": "my <b>"}, ["my &lt;b&gt;"], ["too few scenes"]),
        ({"survey": "mine", "trained_on": "embedded"}, ["from the <strong>embedded</strong> survey"], []),
        ({"false_sentences": ["06_training: a < b."]}, ["do not hold", "<li>06_training: a &lt; b.</li>"], []),
    ],
)
def test_the_page_opens_with_what_a_reader_must_know(tmp_path, facts, said, unsaid):
    text = report_page.html(Path(tmp_path), store.read_tables(tmp_path), FACTS | facts)
    opening = text[: text.index('<section id="comparison">')]
    assert all(words in opening for words in said) and not any(words in opening for words in unsaid)


def test_the_page_opens_with_whose_the_references_are(tmp_path):
    references.keep(tmp_path, "mine", made=3, scenes=3)
    text = report_page.html(tmp_path, store.read_tables(tmp_path), FACTS)
    assert "made by hdrkit&#39;s local operator, not a photographer&#39;s render" in text


def test_the_page_opens_with_what_the_kits_network_has_learned_from(tmp_path):
    learned_places.keep(tmp_path, "mine", {"Hall"}, [("test", "Hall")])
    text = report_page.html(tmp_path, store.read_tables(tmp_path), FACTS)
    opening = text[: text.index('<section id="comparison">')]
    assert "has learned from places of the survey mine (test: 1 of 1)" in opening


def test_the_light_table_of_a_run_stands_in_its_report(run):
    assert 'id="light-table"' not in write_report(run).read_text(encoding="utf-8")
    write_light_table(run)
    text = section(write_report(run).read_text(encoding="utf-8"), "light-table")
    assert "mountStandalone(" in text and 'alt="On the left frame' in text
