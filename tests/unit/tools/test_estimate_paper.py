"""What the whole survey takes at `paper`: the page has what the tool computes, and the tool counts right."""

import estimate_paper
import keras
import pytest
from estimate_paper import Stated

from hdrkit.core.profiles import load_profile

pytestmark = pytest.mark.slow  # it builds all networks at their full size


@pytest.fixture(scope="module")
def networks():
    return estimate_paper.networks()


def test_the_page_has_the_tables_of_the_stated_figures(monkeypatch, networks):
    monkeypatch.setattr(estimate_paper, "networks", lambda: networks)
    text = estimate_paper.PAGE.read_text(encoding="utf-8")
    assert estimate_paper.with_tables(text, Stated()) == text, "run tools/estimate_paper.py"


def test_multiplications_of_vgg16():
    convolutions = keras.applications.VGG16(include_top=False, weights=None, input_shape=(224, 224, 3))
    dense = 7 * 7 * 512 * 4096 + 4096 * 4096 + 4096 * 1000
    assert estimate_paper.multiplications(convolutions) + dense == estimate_paper.VGG16


def test_multiplications_of_a_transposed_convolution():
    layers = [keras.Input((4, 4, 3)), keras.layers.Conv2DTranspose(5, 3, strides=2, padding="same")]
    assert estimate_paper.multiplications(keras.Sequential(layers)) == 4 * 4 * 3 * 3 * 3 * 5


def test_frames_and_steps_are_the_reports(networks):
    """14 pairs from each of the 737 train frames, 16 in the repaired setting."""
    assert estimate_paper.frames() == {"train": 737, "dev": 90, "test": 90}
    by_name = networks.set_index("name")
    assert by_name.loc["ExpandNet", ["pairs", "steps"]].tolist() == [14 * 737, 323]
    assert by_name.loc["the report's network, repaired", ["pairs", "steps"]].tolist() == [16 * 737, 369]
    assert len(networks) == 1 + len(load_profile("paper")["also"])


def test_hours_and_cost_computed_by_hand(networks):
    stated = Stated(one=100, eight=400, align=3.6, score=0, cores=1, price=2)
    one, eight = estimate_paper.whole(networks, stated).itertuples(index=False)
    aligned, trained = 2 * 917 * 3.6 / 3600, 20 * networks.vgg16_pictures.sum() / 100 / 3600
    assert (one.aligning, one.training) == (f"{aligned:.1f} h", f"{trained:.1f} h")
    assert one.cost == f"{2 * (aligned + trained):.0f} USD"
    assert eight.cost == f"{8 * 2 * (aligned + trained / 4):.0f} USD"
