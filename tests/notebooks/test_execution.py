"""One throwaway notebook in a kernel of its own, which takes about two seconds to start."""

import json
import os
import sys

import nbformat
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.jupyter.execution import execute


@pytest.fixture
def run(folder, write_notebook):
    """Run a notebook, and return the executed one as text."""

    def run(source, cell_minutes=5.0, target="01_first.ipynb"):
        execute(source, folder / "out" / target, {"epochs": 3}, cell_minutes, folder / "run.log")
        return (folder / "out" / target).read_text(encoding="utf-8")

    return run


def test_it_gets_its_parameters_and_runs_where_it_lies(folder, write_notebook, run):
    executed = run(write_notebook("01_first", "import os; print(epochs, os.path.basename(os.getcwd()))"))
    assert "3 notebooks" in executed and "3 notebooks" in (folder / "run.log").read_text(encoding="utf-8")


def test_braces_in_a_path_are_no_parameters(write_notebook, run):
    assert "42" in run(write_notebook("01_first", "6 * 7"), target="{epochs}/{x}.ipynb")


def test_a_failure_is_one_line_that_names_the_cell(folder, write_notebook, run):
    source = write_notebook("01_first", "1 + 1", 'print("so far"); raise ValueError("no such\\nscene in `x`")')
    with pytest.raises(
        HdrkitError, match=r"^01_first.ipynb, cell \[4\]: scene in `x` \(see .*01_first.ipynb\); the same command goes"
    ):
        run(source)
    assert "so far" in (folder / "out" / "01_first.ipynb").read_text(encoding="utf-8")


def test_a_cell_that_hangs_is_a_failure(write_notebook, run):
    path = write_notebook("01_first", "import time; time.sleep(60)")
    node = nbformat.read(path, as_version=4)
    node.cells[1:1] = [nbformat.v4.new_markdown_cell("Some words."), nbformat.v4.new_code_cell("")]
    nbformat.write(node, path)
    with pytest.raises(HdrkitError, match=r"01_first.ipynb, cell \[3\]: took longer than 0.03 minutes"):
        run(path, cell_minutes=0.03)


def test_a_kernel_that_dies_is_a_failure(write_notebook, run):
    with pytest.raises(HdrkitError, match=r"01_first.ipynb, cell \[3\]: its Python died"):
        run(write_notebook("01_first", "import os; os._exit(9)"))


def test_another_python3_kernel_on_the_machine_is_not_used(folder, write_notebook, run, monkeypatch):
    elsewhere = folder / "share" / "kernels" / "python3"
    elsewhere.mkdir(parents=True)
    spec = {"argv": ["no-such-command"], "display_name": "Trap", "language": "python"}
    (elsewhere / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "share"))
    executed = run(write_notebook("01_first", "import sys; print(sys.executable)"))
    assert json.dumps(sys.executable)[1:-1] in executed


def test_modules_beside_a_notebook_can_be_imported_and_replace_none_of_pythons(folder, write_notebook, run):
    (folder / "notebooks" / "mine.py").write_text("answer = 42", encoding="utf-8")
    (folder / "notebooks" / "random.py").write_text("raise ImportError", encoding="utf-8")
    assert "42 True" in run(write_notebook("01_first", "import mine, random; print(mine.answer, random.random() < 1)"))


def test_bars_and_what_libraries_say_of_themselves_go_into_the_log(folder, write_notebook, run, capfd, monkeypatch):
    cell = 'import os; os.system("echo noi""se >&2"); print("said")\n'
    cell += "from hdrkit.core.progress_bar import bar; list(bar(range(7)))"
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    monkeypatch.setattr(os, "environ", environment)  # with it, IPython leaves low-level output alone
    executed = run(write_notebook("01_first", cell))
    assert "noise" not in capfd.readouterr().err
    assert "said" in executed and "noise" not in executed and "7 of 7" not in executed
    log = (folder / "run.log").read_text(encoding="utf-8")
    assert "noise" in log and "said" in log and "7 of 7" in log
