import importlib.metadata

import pytest

from hdrkit.core import code_key, files

A = '''"""Says what it does."""
import cv2

from hdrkit.b import g


def f():
    """Adds."""
    return g() + 1
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of two modules, which stands in for hdrkit: write(name, source) changes it."""
    folder = tmp_path / "hdrkit"
    folder.mkdir()

    def write(name, source):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")

    monkeypatch.setattr(code_key, "PACKAGE", folder)
    monkeypatch.setattr(code_key, "ROOTS", {"DATA": tmp_path / "data", "PACKAGE": folder})
    write("__init__.py", "")
    write("a.py", A)
    write("b.py", "def g():\n    return 1\n")
    write("unrelated.py", "x = 1\n")
    return write


def key():
    code_key._read.cache_clear()
    return code_key.code_key("hdrkit.a")


def test_what_is_computed_changes_the_key(package):
    before = key()
    assert key() == before
    package("a.py", A.replace("+ 1", "+ 2"))
    assert key() != before
    package("a.py", A)
    assert key() == before
    package("b.py", "def g():\n    return 2\n")
    assert key() != before


def test_words_and_strangers_do_not(package):
    before = key()
    other_words = A.replace("Says", "Tells").replace("Adds.", "Adds one.")
    package("a.py", other_words.replace("return", "# a comment\n    return"))
    package("unrelated.py", "x = 2\n")
    assert key() == before


def test_what_shows_progress_does_not_and_what_else_is_in_its_folder_does(package):
    package("core/__init__.py", "")
    for name in ("progress_bar", "files"):
        package(f"core/{name}.py", "x = 1\n")
    package("b.py", "from hdrkit.core import files, progress_bar\n\n\ndef g():\n    return 1\n")
    before = key()
    package("core/progress_bar.py", "import tqdm\n")
    assert key() == before
    package("core/files.py", "x = 2\n")
    assert key() != before


@pytest.mark.parametrize("library", ["numpy", "cv2", "OpenEXR"])
def test_every_library_has_a_version(library):
    assert code_key.versions(library)


def test_a_string_that_is_no_docstring_does(package):
    package("a.py", A + 'name = "one"\n')
    before = key()
    package("a.py", A + 'name = "two"\n')
    assert key() != before


def test_a_moved_module_is_never_taken_for_the_old_one(package):
    before = key()
    package("inner/__init__.py", "")
    package("inner/c.py", "def g():\n    return 3\n")
    package("a.py", A.replace("hdrkit.b", "hdrkit.inner.c"))
    moved = key()
    assert moved != before
    package("inner/c.py", "def g():\n    return 4\n")
    assert key() != moved


@pytest.mark.parametrize("library", ["opencv-python-headless", "numpy"])
def test_an_upgraded_library_changes_the_key_where_it_is_used(package, library, monkeypatch):
    package("b.py", "import numpy\n\n\ndef g():\n    return numpy.ones(1)\n")
    before, unrelated = key(), code_key.code_key("hdrkit.unrelated")
    version = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "99" if name == library else version(name))
    code_key.versions.cache_clear()
    try:
        assert key() != before
        assert code_key.code_key("hdrkit.unrelated") == unrelated
    finally:
        code_key.versions.cache_clear()


@pytest.mark.parametrize(
    "line",
    ["from . import b", "from .b import g", "from hdrkit import b", "import hdrkit.b as other", "import hdrkit.b"],
)
def test_every_kind_of_import_is_followed(package, line):
    package("a.py", f"def f():\n    {line}\n")
    assert "hdrkit.b" in code_key.closure("from hdrkit import a").modules


def test_imports_for_type_checkers_alone_are_not_followed(package):
    package("a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hdrkit import b\n")
    assert set(code_key.closure("import hdrkit.a").modules) == {"hdrkit", "hdrkit.a"}


def test_a_package_is_part_of_what_its_modules_run(package):
    package("inner/__init__.py", "import hdrkit.b\n")
    package("inner/c.py", "")
    assert {"hdrkit.inner", "hdrkit.b"} <= set(code_key.closure("from hdrkit.inner import c").modules)


def test_names_that_are_imported_when_asked_for_are_followed():
    assert "hdrkit.dataset.survey" in code_key.closure("from hdrkit import Survey").modules
    assert "hdrkit.enhancement.api" in code_key.closure("import hdrkit\nhdrkit.enhance(picture)").modules
    assert "hdrkit.enhancement.api" not in code_key.closure("import hdrkit").modules


def test_files_are_found_as_they_are_named(package, tmp_path):
    package("b.py", 'TABLE = DATA / "reported" / "table1.csv"\nw = PACKAGE / "weights" / f"{n}.bin"\nDATA / name\n')
    found = code_key.closure("%timeit f()\nfrom hdrkit import b\nother = DATA / 'x'").files
    data = tmp_path / "data"
    assert found == {data / "reported" / "table1.csv", tmp_path / "hdrkit" / "weights", data / "x"}


def test_the_caches_of_the_kit_follow_what_they_are_made_of():
    def libraries(module):
        return code_key.closure(f"import hdrkit.{module}").libraries

    assert {"rawpy", "cv2"} <= libraries("dataset.alignment") and "cv2" in libraries("simulation.embedded_survey")
    assert {"tensorflow", "keras"} <= libraries("training.recipes") & libraries("enhancement.trainer")
    weights = files.PACKAGE / "enhancement" / "weights" / "hdrkit.tflite"
    assert weights in code_key.closure("import hdrkit.enhancement.api").files
    assert files.RESULTS / "studies" in code_key.closure("from hdrkit.ablations import analysis").files
    assert "hdrkit.training.losses" in code_key.closure("import hdrkit.ablations.cells").modules


def test_another_python_changes_the_key_but_a_patch_of_the_same_does_not(package, monkeypatch):
    def key_under(*version):
        monkeypatch.setattr(code_key.platform, "python_version_tuple", lambda: version)
        return key()

    assert key_under("3", "11", "2") == key_under("3", "11", "7") != key_under("3", "12", "7")
