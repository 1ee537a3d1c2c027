import importlib.metadata
import sys

import pytest
from packaging.requirements import Requirement

from hdrkit.cli.checks import packages
from hdrkit.cli.checks.check import BAD, NOTE, OK, WARNING
from hdrkit.core.errors import HdrkitError


@pytest.fixture
def install(tmp_path, monkeypatch):
    """A function that installs a distribution of no more than its metadata."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(name, version, *lines):
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        text = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""])
        (folder / "METADATA").write_text(text, encoding="utf-8")
        return folder

    return write


def project(monkeypatch, tmp_path, dependencies, python=">=3.11"):
    """Let the kit lie in a clone whose pyproject.toml asks for these dependencies."""
    path = tmp_path / "clone" / "pyproject.toml"
    path.parent.mkdir(parents=True)
    lines = [f'requires-python = "{python}"', f"dependencies = {dependencies}", "[project.optional-dependencies]"]
    path.write_text("\n".join(["[project]", *lines, 'lab = ["stray>=1"]', ""]), encoding="utf-8")
    monkeypatch.setattr(packages, "PROJECT", path)


def test_what_is_missing_and_what_is_unfit_is_named_with_its_range(install):
    install("old-one", "1.9")
    install("early-one", "3.0rc1")
    install("fine-one", "2.5")
    wanted = [Requirement(line) for line in ("old-one>=2,<3", "early-one<4", "fine-one>=2,<3", "no-such-one>=2")]
    check = packages.packages(wanted)
    assert check.state == BAD
    assert check.found == "old-one 1.9 is not <3,>=2, no-such-one is missing"
    assert sys.executable in check.advice and "pip install -e" in check.advice


def test_half_a_distribution_counts_as_missing(install):
    """What an installation that was cut off leaves behind."""
    (install("cut-off", "1.0") / "METADATA").unlink()
    assert packages.fault(Requirement("cut-off>=1")) == "cut-off is missing"
    (install("cut-short", "1.0") / "METADATA").write_text("Name: cut-short\n", encoding="utf-8")
    assert packages.fault(Requirement("cut-short>=1")) == "cut-short is missing"


def test_any_build_of_tensorflow_is_tensorflow(monkeypatch):
    """A machine with a GPU has `tensorflow` where the CPU's build is asked for."""
    here = {"tensorflow": "2.21.0"}

    def version(name):
        if name not in here:
            raise importlib.metadata.PackageNotFoundError(name)
        return here[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert packages.fault(Requirement("tensorflow-cpu>=2.20,<2.22")) == ""
    here["tensorflow"] = "2.19.0"
    assert packages.fault(Requirement("tensorflow-cpu>=2.20,<2.22")) == "tensorflow-cpu 2.19.0 is not <2.22,>=2.20"


def test_other_versions_than_the_locked_ones_are_no_fault(install, monkeypatch, tmp_path):
    install("Same-One", "2.5")
    install("newer-one", "3.0")
    lines = ["same-one[extra]==2.5 \\", "    --hash=sha256:0", "newer-one==2.9 ; sys_platform == 'linux' \\"]
    monkeypatch.setattr(packages, "LOCK", tmp_path / "requirements.lock")
    packages.LOCK.write_text("\n".join(lines), encoding="utf-8")
    same, newer, missing = map(Requirement, ("Same-One>=2", "newer-one>=2", "no-such-one>=2"))
    assert packages.lock([same, missing]).state == OK
    check = packages.lock([same, newer])
    assert check.state == NOTE and check.found.startswith("newer-one 3.0: ") and "LOCKED=1" in check.advice


def test_the_kit_itself_is_known_by_its_metadata_or_by_its_clone(monkeypatch, tmp_path):
    project(monkeypatch, tmp_path, ["numpy>=2", "left-out; sys_platform == 'none'"])
    monkeypatch.setattr(packages, "_asked_by_metadata", lambda: None)
    assert [str(one) for one in packages.requirements()] == ["numpy>=2"]
    assert [one.name for one in packages.requirements("lab")] == ["stray"]
    check = packages.packages(packages.requirements())
    assert check.state == WARNING and check.found.startswith("not installed")
    packages.PROJECT.unlink()
    with pytest.raises(HdrkitError, match="hdrkit is not installed"):
        packages.requirements()


def test_an_installation_that_pyproject_has_outgrown_is_noticed(monkeypatch, tmp_path):
    project(monkeypatch, tmp_path, ["numpy>=2"])
    monkeypatch.setattr(packages, "_asked_by_metadata", lambda: ["numpy>=2", 'stray>=1; extra == "lab"'])
    assert packages.packages(packages.requirements()).state == OK
    monkeypatch.setattr(packages, "_asked_by_metadata", lambda: ["numpy>=1", 'stray>=1; extra == "lab"'])
    check = packages.packages(packages.requirements())
    assert check.state == WARNING and "pyproject.toml has changed" in check.found


def test_an_extra_that_is_missing_is_no_failure(monkeypatch, tmp_path):
    project(monkeypatch, tmp_path, ["numpy>=2"])
    monkeypatch.setattr(packages, "_asked_by_metadata", lambda: None)
    check = packages.extra("lab")
    assert check.state == NOTE and check.found == "stray is missing: only needed to work in JupyterLab"
    assert check.advice.endswith('[lab]"')


def test_another_python_is_told(monkeypatch, tmp_path):
    project(monkeypatch, tmp_path, [], python="<3.11")
    assert packages.python().state == BAD
    assert packages.python().found.endswith("is not <3.11")
    packages.PROJECT.unlink()
    project(monkeypatch, tmp_path / "other", [], python=f"=={'.'.join(map(str, sys.version_info[:3]))}")
    assert packages.python().state == OK


def test_ranges_that_nothing_can_read_are_no_crash(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "packaging"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "packaging", None)
    with pytest.raises(HdrkitError, match="packaging, which reads the ranges of all others, cannot be imported"):
        packages.requirements()


def test_a_package_that_cannot_be_imported_is_installed_again():
    tried = [Requirement("json>=1"), Requirement("scikit-image>=0.25,<1")]
    assert packages.imports("imports", tried, {}) == packages.Check("imports", OK, "2 packages imported")
    check = packages.imports("imports", tried, {"skimage": "ImportError: no"})
    assert check.state == BAD and check.found.endswith("cannot be imported (ImportError: no)")
    assert check.advice.endswith('pip install --force-reinstall "scikit-image<1,>=0.25"')


def test_where_nothing_was_tried_nothing_is_called_well():
    assert packages.imports("imports", [], {}).state == WARNING


def test_windows_is_told_of_the_libraries_that_tensorflow_needs(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    check = packages.imports("x", [Requirement("keras")], {"keras": "ImportError: DLL load failed while importing x"})
    assert "Visual C++ Redistributable" in check.advice


def test_the_module_of_each_package_is_one_of_its_own():
    """Else the doctor would try an import that proves nothing."""
    for one in packages.requirements():
        top = packages.module(one).partition(".")[0]
        assert top in {path.parts[0].partition(".")[0] for path in importlib.metadata.files(one.name)}, one
