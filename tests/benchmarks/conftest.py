"""Benchmarks print what they measure: `make bench`. Only ratios within one run are judged, as machines differ."""

import pytest

from hdrkit.dataset.survey import Survey
from hdrkit.simulation.embedded_survey import capture
from hdrkit.simulation.embedded_views import read_views

EVERY = 5  # every fifth of 105 scenes: 21, of all places; on few, a single scene that ECC is lost in decides


@pytest.fixture(scope="session")
def scenes(tmp_path_factory):
    """One scene of each of a few places, captured for the occasion."""
    folder = tmp_path_factory.mktemp("survey") / "embedded"
    capture(folder, scenes=[view.scene for view in read_views()[::EVERY]])
    return Survey(folder).scenes


@pytest.fixture
def say(capsys):
    def print_through(text):
        with capsys.disabled():
            print(f"\n  {text}")

    return print_through
