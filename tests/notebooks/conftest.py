import pytest
from helpers.cells import write_notebook as write_cells


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
        path = folder / "notebooks" / f"{name}.ipynb"
        write_cells(path, *cells, parameters=parameters)
        return path

    return write
