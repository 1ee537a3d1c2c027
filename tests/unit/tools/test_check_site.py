"""What is wrong on the pages of a site is found, and nothing else."""

import pytest

pytest.importorskip("lxml")
check_site = pytest.importorskip("check_site")
HEAD = "<html><head><title>A page</title></head><body>"


def write(folder, **pages):
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(f"{HEAD}<h1>A page</h1>{body}</body></html>", encoding="utf-8")
    return folder


def test_a_good_site_has_no_problem(tmp_path):
    links = '<a href="two.html#there">on</a> <a href="https://example.org/gone">out</a> <a href="#here">here</a>'
    body = f'<p id="here">{links}<img src="data:," alt="a dot"></p><h2>b</h2><h3>c</h3><h2>d</h2>'
    (tmp_path / "style.css").write_text("p { background: url(data:,) }", encoding="utf-8")
    assert check_site.problems(write(tmp_path, one=body, two='<p id="there"></p>')) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('<a href="three.html">x</a>', "three.html leads nowhere"),
        ('<a href="two.html#gone">x</a>', "two.html#gone: no such place on that page"),
        ('<a href="#gone">x</a>', "#gone: no such place on that page"),
        ('<img src="data:,">', "a picture without a text: data:,"),
        ('<script src="gone.js"></script>', "gone.js leads nowhere"),
        ("<h1>Another</h1>", "2 headings of the first level"),
        ("<h2>b</h2><h4>a  b</h4>", "the heading 'a b' skips a level"),
        ('<script src="//cdn.example.org/a.js"></script>', "//cdn.example.org/a.js is fetched from another host"),
        ('<img src="https://a.example.org/b" alt="b">', "https://a.example.org/b is fetched from another host"),
        (
            '<link rel="stylesheet" href="https://a/b">',
            "https://a/b is fetched from another host",
        ),
        ("<style>p { background: url('https://a/b') }</style>", "https://a/b is fetched from another host"),
    ],
)
def test_a_problem_is_one_line(tmp_path, body, line):
    assert check_site.problems(write(tmp_path, one=body, two="")) == [f"one.html: {line}"]


def test_a_style_sheet_may_fetch_nothing(tmp_path):
    (tmp_path / "a.css").write_text('@import "https://a.example.org/b.css";', encoding="utf-8")
    assert check_site.problems(tmp_path) == ["a.css: https://a.example.org/b.css is fetched from another host"]


def test_a_page_has_a_title_and_a_heading(tmp_path):
    (tmp_path / "one.html").write_text("<p>x</p>", encoding="utf-8")
    wanted = ["one.html: a page without a title", "one.html: 0 headings of the first level"]
    assert check_site.problems(tmp_path) == wanted


def test_a_page_too_large_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(check_site, "LARGEST", 2**20)
    assert check_site.problems(write(tmp_path, one="x" * 2**21)) == ["one.html: 2.0 MB, more than 1"]
