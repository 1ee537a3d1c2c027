import ast
import re
import subprocess
import sys
import tomllib

import yaml

import hdrkit
from hdrkit.core.files import DATA

ROOT = DATA.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

MODULES = {"OpenEXR": "OpenEXR", "cv2": "opencv-python-headless", "skimage": "scikit-image", "yaml": "PyYAML"}
MODULES |= {"tensorflow": "tensorflow-cpu", "IPython": "ipykernel", "nbformat": "nbconvert", "traitlets": "nbconvert"}
MODULES |= {"nbclient": "papermill", "jupyter_client": "papermill", "PIL": "pillow", "ai_edge_litert": "ai-edge-litert"}
MODULES |= {"jinja2": "Jinja2", "markupsafe": "Jinja2", "pi_heif": "pi-heif"}
MODULES |= {"jupyter_server": "jupyterlab", "jupyter_core": "jupyterlab"}
CONDA = {"matplotlib": "matplotlib-base"}  # conda-forge's name, where it is another


def test_the_package_tells_what_it_offers_and_stays_light():
    """Tab in JupyterLab asks `dir`; only who takes a shortcut waits for what is behind it."""
    script = (
        "import sys; before = set(sys.modules); import hdrkit; names = dir(hdrkit)\n"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names\n"
        "print(hdrkit.__version__, names, sorted(loaded), hdrkit.Survey.__name__, hdrkit.enhance.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    names, loaded = ["Survey", "__version__", "enhance"], ["hdrkit"]
    assert done.stdout == f"{hdrkit.__version__} {names} {loaded} Survey enhance\n", done.stderr


def test_the_map_of_the_package_names_each_room_in_the_order_of_the_layers():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][
        0
    ]["layers"]
    rooms = re.findall(r"^(\w+)  +\S", hdrkit.__doc__, re.M)
    assert rooms == layers[::-1]
    assert sorted(rooms) == sorted(path.parent.name for path in (ROOT / "hdrkit").glob("*/__init__.py"))


def test_the_version_is_said_once():
    assert "version" not in PROJECT and "version" in PROJECT["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", hdrkit.__version__)


def test_environment_yml_equals_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, _, *packages, by_pip = environment["dependencies"]
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *extras["lab"], *extras["mirror"], *extras["test"], "-e ."]
    by_conda = dict(package.split() for package in packages)
    assert python.removeprefix("python ") == PROJECT["requires-python"]
    assert set(by_pip["pip"]) <= set(asked) and len(by_conda) + len(by_pip["pip"]) == len(asked)
    for line in set(asked) - set(by_pip["pip"]):
        name, ranges = re.fullmatch(r"([\w-]+)(?:\[\w+\])?(.*)", line).groups()
        assert by_conda[CONDA.get(name, name.lower())] == ranges


def test_environment_yml_says_why_pip_brings_a_package():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").partition("- pip:\n")[2].splitlines()
    assert all(line.startswith("      # ") for line in lines[::2]) and all(line[6:9] == '- "' for line in lines[1::2])


def test_each_dependency_says_why_it_is_there():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r'  "[\w-]+[>=]', line) and not line.startswith('  "tensorflow>'):
            assert lines[number - 1].startswith("  # "), line


def test_exactly_one_tensorflow_on_every_machine():
    from packaging.requirements import Requirement

    both = [Requirement(line) for line in PROJECT["dependencies"] if line.startswith("tensorflow")]
    expected = {
        ("linux", "x86_64"): "tensorflow-cpu",
        ("win32", "AMD64"): "tensorflow-cpu",
        ("linux", "aarch64"): "tensorflow",
        ("darwin", "arm64"): "tensorflow",
    }
    for (system, machine), name in expected.items():
        here = {"sys_platform": system, "platform_machine": machine}
        assert [r.name for r in both if r.marker.evaluate(here)] == [name]


def test_what_the_package_imports_is_what_it_asks_for():
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *extras["lab"], *extras["mirror"]]
    wanted = {re.match(r"[\w-]+", line)[0] for line in asked} - {"tensorflow"}
    imported = set()
    for path in (ROOT / "hdrkit").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.split(".")[0])
    ours = {MODULES.get(name, name) for name in imported - set(sys.stdlib_module_names) - {"hdrkit"}}
    assert ours == wanted


def test_tests_mirror_the_rooms():
    root = DATA.parent
    unit = root / "tests" / "unit"
    for path in set(unit.rglob("test_*.py")) - set(unit.glob("test_*.py")):
        room, module = path.parent.relative_to(unit), path.name.removeprefix("test_")
        assert (root / "hdrkit" / room / module).is_file() or (root / room / module).is_file(), path
