"""A notebook's page leads to where it runs."""

import re

import pytest
from launch_links import launch_links

from hdrkit.core.errors import HdrkitError


def addresses(links):
    return re.findall(r'href="([^"]+)"', links)


def test_without_a_repository_there_is_what_needs_none():
    assert addresses(launch_links("01_a.ipynb")) == ["http://127.0.0.1:8888/lab/tree/work/01_a.ipynb", "01_a.ipynb"]


@pytest.mark.parametrize("end", ["", "/", ".git"])
def test_binder_and_colab_open_the_notebook_of_the_repository(end):
    _, binder, colab, _ = addresses(launch_links("01_a.ipynb", f"https://github.com/ann/hdrkit{end}"))
    assert binder == "https://mybinder.org/v2/gh/ann/hdrkit/main?urlpath=lab%2Ftree%2Fnotebooks%2F01_a.ipynb"
    assert colab == "https://colab.research.google.com/github/ann/hdrkit/blob/main/notebooks/01_a.ipynb"


def test_another_address_is_refused():
    with pytest.raises(HdrkitError, match=r"HDRKIT_REPOSITORY=here: must be"):
        launch_links("01_a.ipynb", "here")
