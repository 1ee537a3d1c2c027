"""Install what the kit needs on Colab; the first code cell of each notebook runs this file in its own Python there.

Colab brings most libraries, and TensorFlow with its GPU. Of these, only what pyproject.toml refuses is replaced.
"""

import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Colab runs notebooks by itself, on its own ipykernel; tensorflow-cpu would overwrite the TensorFlow that it brings.
LEFT_OUT = {"ipykernel", "papermill", "nbconvert", "tensorflow-cpu"}
OTHER_OPENCVS = ("opencv-python", "opencv-contrib-python")  # they lie in the same folder as the kit's


def requirements() -> list[str]:
    """Return what the kit needs on Colab, as pip takes it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["mirror"]]
    named = {line.partition(";")[0]: re.split(r"[^\w-]", line)[0] for line in lines}  # a marker would spare TensorFlow
    return [line for line, name in named.items() if name not in LEFT_OUT]


def in_use() -> dict[str, str]:
    """Return the versions of the packages whose modules this Python has already imported."""
    packages = importlib.metadata.packages_distributions()
    names = {name for module in list(sys.modules) for name in packages.get(module, [])}
    return {name: importlib.metadata.version(name) for name in sorted(names)}


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *arguments, "--quiet"], check=True)


def main() -> None:
    """Install, then work as if the notebook had been opened in the kit's folder."""
    before = in_use()
    pip("uninstall", "--yes", *OTHER_OPENCVS)
    pip("install", *requirements())
    pip("install", "--no-deps", "--editable", str(ROOT))
    importlib.invalidate_caches()
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT / "notebooks")
    after = in_use()
    if renewed := [name for name in before if before[name] != after.get(name)]:
        print(f"New versions of {', '.join(renewed)}: choose Runtime > Restart session, then run the notebook again.")


if __name__ == "__main__":
    main()
