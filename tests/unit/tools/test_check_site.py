"""What is wrong on the pages of a site is found, and nothing else."""

import pytest

pytest.importorskip("lxml")
check_site = pytest.importorskip("check_site")


def write(folder, **pages):
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return folder


def test_a_good_site_has_no_problem(tmp_path):
    links = '<a href="two.html#there">on</a> <a href="https://example.org/gone">out</a> <a href="#here">here</a>'
    write(tmp_path, one=f'<p id="here">{links}<img src="data:," alt="a dot"></p>', two='<p id="there"></p>')
    assert check_site.problems(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('<a href="three.html">x</a>', "one.html: three.html leads nowhere"),
        ('<a href="two.html#gone">x</a>', "one.html: two.html#gone: no such place on that page"),
        ('<a href="#gone">x</a>', "one.html: #gone: no such place on that page"),
        ('<img src="data:,">', "one.html: a picture without a text: data:,"),
        ('<script src="gone.js"></script>', "one.html: gone.js leads nowhere"),
    ],
)
def test_a_problem_is_one_line(tmp_path, body, line):
    assert check_site.problems(write(tmp_path, one=body, two="")) == [line]


def test_a_page_too_large_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(check_site, "LARGEST", 2**20)
    assert check_site.problems(write(tmp_path, one="x" * 2**21)) == ["one.html: 2.0 MB, more than 1"]
