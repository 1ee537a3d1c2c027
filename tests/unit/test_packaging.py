import ast
import re
import sys
import tomllib

import yaml

from hdrkit.files import DATA

ROOT = DATA.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

MODULES = {"OpenEXR": "OpenEXR", "cv2": "opencv-python-headless", "skimage": "scikit-image", "yaml": "PyYAML"}
MODULES |= {"tensorflow": "tensorflow-cpu", "IPython": "ipykernel", "nbformat": "nbconvert", "traitlets": "nbconvert"}
MODULES |= {"nbclient": "papermill", "jupyter_client": "papermill", "PIL": "pillow", "ai_edge_litert": "ai-edge-litert"}


def test_environment_yml_equals_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, _, packages = environment["dependencies"]
    extras = PROJECT["optional-dependencies"]
    assert packages["pip"] == [*PROJECT["dependencies"], *extras["lab"], *extras["test"], "-e ."]
    assert python.removeprefix("python ") == PROJECT["requires-python"]


def test_each_dependency_says_why_it_is_there():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
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
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["lab"]]
    wanted = {re.match(r"[\w-]+", line)[0] for line in asked} - {"tensorflow"}
    imported = set()
    for path in (ROOT / "hdrkit").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.split(".")[0])
    ours = {MODULES.get(name, name) for name in imported - set(sys.stdlib_module_names) - {"hdrkit"}}
    assert ours == wanted
