"""Python, and the packages that the kit asks for: are they here, do their versions fit, can they be imported?"""

import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hdrkit.cli.checks.check import BAD, NOTE, OK, WARNING, Check
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import PACKAGE

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PROJECT = PACKAGE.parent / "pyproject.toml"  # there is none where the kit was installed without a clone
LOCK = PROJECT.with_name("requirements.lock")
LOCKED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", re.M)  # name and version of each line that begins one
EXTRAS = {  # `teach` has an environment of its own, which `make student` makes
    "lab": "to work in JupyterLab",
    "mirror": "to fetch ImageNet weights where Keras's own server is not reached",
    "test": "to change the kit and test it",
}
# What is imported of a distribution, where that is not its own name.
MODULES = {
    "ai-edge-litert": "ai_edge_litert.interpreter",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "PyYAML": "yaml",
    "scikit-image": "skimage",
    "tensorflow-cpu": "tensorflow",
    "Jinja2": "jinja2",
}
# Of half a distribution: KeyError and TypeError, or FileNotFoundError where `importlib_metadata` has taken over.
NOT_INSTALLED = (importlib.metadata.PackageNotFoundError, KeyError, TypeError, FileNotFoundError)


def python() -> Check:
    """Hold Python's own version against what the kit asks for, as far as that is known: `requirements` tells."""
    version = ".".join(map(str, sys.version_info[:3]))
    asked = (
        _project()["requires-python"] if PROJECT.is_file() else importlib.metadata.metadata("hdrkit")["Requires-Python"]
    )
    if _packaging().specifiers.SpecifierSet(asked).contains(version):
        return Check("python", OK, version)
    return Check("python", BAD, f"{version} is not {asked}", "install one that is, and hdrkit in it")


def packages(wanted: Sequence["Requirement"]) -> Check:
    """Compare what is installed with what the kit needs."""
    if faults := list(filter(None, map(fault, wanted))):
        return Check("packages", BAD, ", ".join(faults), install())
    if PROJECT.is_file() and _ranges(_asked_by_project()) != _ranges(_asked_by_metadata() or []):
        return Check("packages", WARNING, "not installed, or pyproject.toml has changed since then", install())
    return Check("packages", OK, f"all {len(wanted)} are here, in the versions asked for")


def lock(wanted: Sequence["Requirement"]) -> Check:
    """Compare what is installed with the locked versions; that it differs is no fault."""
    locked = {name.lower(): version for name, version in LOCKED.findall(LOCK.read_text(encoding="utf-8"))}
    here = {one.name: _version(one) for one in wanted}
    if other := [f"{name} {here[name]}" for name in here if here[name] not in (None, locked.get(name.lower()))]:
        found = f"{', '.join(other)}: not the versions of the kept tables, so that last digits may differ"
        return Check("lock", NOTE, found, "`make reproduce LOCKED=1` installs those")
    return Check("lock", OK, "the versions that the kept tables were made with")


def extra(name: str) -> Check:
    """Compare what is installed with one of the kit's extras, which not everybody needs."""
    wanted = requirements(name)
    if faults := list(filter(None, map(fault, wanted))):
        return Check(name, NOTE, f"{', '.join(faults)}: only needed {EXTRAS[name]}", install(f"[{name}]"))
    return Check(name, OK, ", ".join(f"{one.name} {_version(one)}" for one in wanted))


def imports(name: str, tried: Sequence["Requirement"], failed: Mapping[str, str]) -> Check:
    """Say which packages cannot be imported; `failed` has the names of their modules, each with a line why."""
    if not tried:
        return Check(name, WARNING, "not tried", "mend the packages first")
    bad = [one for one in tried if module(one) in failed]
    if not bad:
        return Check(name, OK, f"{len(tried)} packages imported")
    found = ", ".join(f"{one.name} {_version(one)} cannot be imported ({failed[module(one)]})" for one in bad)
    if sys.platform == "win32" and "DLL" in found:
        return Check(name, BAD, found, "install Microsoft's Visual C++ Redistributable")
    return Check(name, BAD, found, pip("--force-reinstall", *(f'"{one.name}{one.specifier}"' for one in bad)))


def requirements(extra: str = "") -> list["Requirement"]:
    """Return what the kit needs on this machine, or what one of its extras adds.

    Raises HdrkitError where nothing says what it needs, or where `packaging` cannot be imported.
    """
    asked = _asked_by_metadata()
    if asked is None and not PROJECT.is_file():
        raise HdrkitError("hdrkit is not installed")
    everything = _parsed(_asked_by_project() if asked is None else asked)
    needed = [one for one in everything if one.marker is None or one.marker.evaluate({"extra": ""})]
    if not extra:
        return needed
    return [one for one in everything if one not in needed and one.marker and one.marker.evaluate({"extra": extra})]


def fault(requirement: "Requirement") -> str:
    """Return in a few words what is wrong with a package; nothing where it is as it should be."""
    version = _version(requirement)
    if version is None:
        return f"{requirement.name} is missing"
    if not requirement.specifier.contains(version, prereleases=True):
        return f"{requirement.name} {version} is not {requirement.specifier}"
    return ""


def module(requirement: "Requirement") -> str:
    """Return the name that a package is imported by."""
    return MODULES.get(requirement.name, requirement.name.replace("-", "_"))


def install(extra: str = "") -> str:
    """Return the words that tell how the kit is installed, again or for the first time, perhaps with an extra."""
    return pip(f'-e "{PACKAGE.parent}{extra}"' if PROJECT.is_file() else f'"hdrkit{extra}"')


def pip(*words: str) -> str:
    """Return the words that tell to run pip, in the environment that this process is of."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"run {' '.join([python, '-m pip install', *words])}"


def _version(requirement: "Requirement") -> str | None:
    """Return the installed version; for TensorFlow, which comes under several names, that of the one that is here."""
    names = [requirement.name]
    if module(requirement) == "tensorflow":
        names += ["tensorflow", "tensorflow-cpu"]
    for name in names:
        try:
            if version := importlib.metadata.version(name):
                return version
        except NOT_INSTALLED:
            continue
    return None


def _asked_by_metadata() -> list[str] | None:
    """Return what the installed kit asks for, as lines; None where it is not installed."""
    try:
        return importlib.metadata.requires("hdrkit") or []
    except NOT_INSTALLED:
        return None


def _asked_by_project() -> list[str]:
    """Return what the clone's pyproject.toml asks for, in the form of an installed package's metadata."""
    project = _project()
    extras = project["optional-dependencies"].items()
    return [*project["dependencies"], *(f'{line}; extra == "{name}"' for name, lines in extras for line in lines)]


def _project() -> dict[str, Any]:
    return tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]


def _ranges(lines: Iterable[str]) -> set[tuple[str, str]]:
    return {(one.name, str(one.specifier)) for one in _parsed(lines)}


def _parsed(lines: Iterable[str]) -> list["Requirement"]:
    return [_packaging().requirements.Requirement(line) for line in lines]


def _packaging() -> ModuleType:
    """Import what reads ranges of versions; raises HdrkitError where it is missing, or broken itself."""
    try:
        import packaging.requirements
    except Exception as error:  # a broken package may raise anything
        raise HdrkitError(f"packaging, which reads the ranges of all others, cannot be imported ({error})") from error
    return packaging
