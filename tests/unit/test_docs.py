"""The pages for contributors lead somewhere, know every room, and say what the Makefile does."""

import re
import subprocess

import pytest
import yaml
from docstrings import as_lists

import hdrkit
from hdrkit.core.files import DATA, PACKAGE

ROOT = DATA.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
NAMED = re.compile(r"`((?:hdrkit|tools|tests|notebooks|docs|data)/[\w./]+)`")


def anchors(page):
    """The anchors that GitHub gives to a page's headings: lower case, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_page
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@every_page
def test_files_that_a_page_names_exist(page):
    if page.name != "CHANGELOG.md":  # tells of files that were
        assert [name for name in NAMED.findall(page.read_text(encoding="utf-8")) if not (ROOT / name).exists()] == []


def test_architecture_lists_every_room():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.M)) == rooms


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^\| \[\d{4}\]\((.*?)\)", (folder / "README.md").read_text(encoding="utf-8"), re.M)
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))


def test_version_and_citation_agree():
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == hdrkit.__version__
    assert f"## [{hdrkit.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_make_help_says_what_each_target_does():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.M)
    try:
        said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("no make here")
    assert re.findall(r"^  ([a-z]+) +\S", said, re.M) == targets
    assert sorted(re.search(r"\.PHONY: (.*)", makefile)[1].split()) == sorted(targets)


def test_windows_checks_what_make_check_checks():
    """Where make is awkward, the public workflow has the commands of `make check` themselves."""
    steps = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]["check"]["steps"]
    on_windows = next(step["run"] for step in steps if "pip install" in step.get("run", "")).splitlines()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)/", "")
    recipe = {name: re.search(rf"^{name}:.*\n((?:\t.*\n)+)", makefile, re.M)[1] for name in ("lint", "check")}
    tests = re.search(r"^TESTS := (.*)$", makefile, re.M)[1]
    wanted = (recipe["lint"] + recipe["check"]).replace("$(TESTS)", tests)
    assert on_windows[1:] == [line.strip() for line in wanted.splitlines()]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["Add.", "a: one,", "    or more", "Both."], ["Add.", "", "- a: one,", "  or more", "", "Both."]),
        (["Files:", "", "    a/b.csv"], ["Files::", "", "    a/b.csv"]),
        (["a: b.", "b (int): this.", "Is: that."], ["a: b.", "", "- b (int): this.", "", "Is: that."]),
        (
            ["Add.", "a: one. `b`, c: others,", "of [0, 1]."],
            ["Add.", "", "- a: one.", "- `b`, c: others,", "  of [0, 1]."],
        ),
        (["Just words, with a colon: here."], ["Just words, with a colon: here."]),
        ([], []),
    ],
)
def test_lines_that_explain_names_become_a_list(lines, wanted):
    assert as_lists(lines) == wanted


def test_the_book_has_every_page_of_docs():
    contents = (ROOT / "docs" / "site" / "index.md").read_text(encoding="utf-8")
    missing = [f"docs/{path.stem}" for path in (ROOT / "docs").glob("*.md") if f"docs/{path.stem}\n" not in contents]
    assert missing == [], "put it into a table of contents in docs/site/index.md"
