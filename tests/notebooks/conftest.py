import nbformat
import pytest


@pytest.fixture
def folder(tmp_path):
    """A repository in small: notebooks, a survey, a place for results."""
    (tmp_path / "notebooks").mkdir()
    survey = tmp_path / "brackets"
    survey.mkdir()
    (survey / "scene.txt").write_text("pixels", encoding="utf-8")
    (tmp_path / "tiny.yaml").write_text("epochs: 2\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def write_notebook(folder):
    def write(name, *cells, parameters='profile = "smoke"\nsurvey = "s"\nout = "o"\nepochs = 1'):
        node = nbformat.v4.new_notebook()
        node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        node.cells = [nbformat.v4.new_code_cell(source) for source in (parameters, *cells)]
        node.cells[0].metadata["tags"] = ["parameters"]
        path = folder / "notebooks" / f"{name}.ipynb"
        nbformat.write(node, path)
        return path

    return write
