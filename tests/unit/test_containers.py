"""What builds containers agrees with the Makefile and pyproject.toml; no engine that builds them is needed here."""

import json
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from hdrkit.core.files import DATA

ROOT = DATA.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_all_containers_have_the_python_of_the_kept_tables():
    """That of the workflow's job that holds a run against them."""
    steps = yaml.safe_load(text(".github/workflows/ci.yml"))["jobs"]["reproduce"]["steps"]
    [wanted] = [step["with"]["python-version"] for step in steps if "setup-python" in step.get("uses", "")]
    assert wanted in SpecifierSet(PROJECT["requires-python"])
    assert re.search(r"^FROM python:(\S+)-slim$", text("Dockerfile"), re.M)[1] == wanted
    assert text(".binder/runtime.txt").strip() == f"python-{wanted}"
    assert json.loads(text(".devcontainer/devcontainer.json"))["image"].split(":")[1].startswith(f"{wanted}-")


def test_the_image_installs_the_lock_as_make_does():
    flags = set(re.search(r"^LOCKED_INSTALL := \$\(PIP_INSTALL\) (.*)$", text("Makefile"), re.M)[1].split())
    installs = [line for line in text("Dockerfile").splitlines() if line.startswith("RUN pip install")]
    assert flags <= set(installs[0].split()) and installs[0].endswith("requirements.lock")
    assert installs[1].endswith("--no-deps --no-build-isolation -e .") and len(installs) == 2


def test_nobody_in_the_image_is_root():
    assert re.findall(r"^USER (\S+)$", text("Dockerfile"), re.M) == ["1000"] and "--uid 1000 " in text("Dockerfile")


def test_the_image_holds_what_the_commands_need():
    left_out = [line for line in text(".dockerignore").splitlines() if not line.startswith("#")]
    for name in ("hdrkit", "notebooks", "data", "results", "docs", "tools", "pyproject.toml", "README.md", "LICENSE"):
        assert (ROOT / name).exists() and name not in left_out


def test_binder_names_no_versions_of_its_own():
    lines = [line for line in text(".binder/postBuild").splitlines() if not line.startswith("#")]
    [install] = [line for line in lines if "pip install" in line]
    extras = re.search(r'-e "\.\[(.*)\]"$', install)[1].split(",")
    assert set(extras) <= set(PROJECT["optional-dependencies"]) and "lab" in extras
    assert sorted(path.name for path in (ROOT / ".binder").iterdir()) == ["postBuild", "runtime.txt"]


def test_the_development_container_makes_what_the_makefile_has():
    settings = json.loads(text(".devcontainer/devcontainer.json"))
    assert settings["containerEnv"] == {"LOCKED": "1"} and settings["postCreateCommand"] == "make .venv/.locked"
    if not shutil.which("make"):
        pytest.skip("no make here")
    done = subprocess.run(["make", "--dry-run", ".venv/.locked", "LOCKED=1"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", [".binder/postBuild", ".ci/run"])
def test_scripts_are_whole_and_may_be_run(script):
    if not shutil.which("bash"):
        pytest.skip("no bash here")
    assert subprocess.run(["bash", "-n", script], cwd=ROOT).returncode == 0
    listed = subprocess.run(["git", "ls-files", "--stage", script], cwd=ROOT, capture_output=True, text=True).stdout
    assert not listed or listed.startswith("100755 "), "git keeps the right to run it, on Windows, too"
