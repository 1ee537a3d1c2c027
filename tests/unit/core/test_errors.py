import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CELL = """from hdrkit.core.errors import HdrkitError
try:
    1 / 0
except ZeroDivisionError as error:
    raise HdrkitError("a.png: no such file") from error"""


def test_a_notebook_shows_the_sentence_alone_and_its_cell_fails():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    (shown,) = notebook.cells[0].outputs
    assert (shown.output_type, shown.ename, shown.evalue) == ("error", "HdrkitError", "a.png: no such file")
    assert shown.traceback == ["a.png: no such file"]
