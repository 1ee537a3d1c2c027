"""The kit's network is trained by one command, resumed, and exported without loss."""

import json
import re
import shutil
from dataclasses import asdict

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from hdrkit.ablations import studies
from hdrkit.core import machine, profiles
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256
from hdrkit.enhancement import synthetic_pairs, trainer
from hdrkit.enhancement.api import WEIGHTS
from hdrkit.models import gain_grid

pytestmark = pytest.mark.slow  # it trains

ROUNDING = 5e-3  # by which processors differ after three steps; other views differ by some 2 %


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def trained(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "has_bfloat16", lambda: True)
        return trainer.train(trainer.load("smoke"), synthetic_pairs.training_panoramas(), folder)


def test_it_learns_in_float32_even_where_bfloat16_is_faster(trained):
    assert trained.precision == "float32"


def test_a_finished_training_is_used_again(trained, folder):
    again = trainer.train(trainer.load("smoke"), synthetic_pairs.training_panoramas(), folder)
    assert not trained.reused and again.reused
    assert np.isfinite(trained.history.dev_psnr).all()
    weights = zip(trained.model.get_weights(), again.model.get_weights(), strict=True)
    assert all(np.array_equal(one, other) for one, other in weights)


@pytest.fixture(scope="module")
def exported(trained, folder):
    """The file of its weights, and what is said of it beside it."""
    path = folder / "hdrkit.tflite"
    trainer.export(trained, "smoke", synthetic_pairs.training_panoramas(), path)
    return path, json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_the_exported_network_gives_the_same_gains(trained, exported):
    path, about = exported
    runtime = Interpreter(str(path)).get_signature_runner()
    picture = np.random.default_rng(0).random((1, 128, 128, 3), np.float32)
    found, wanted = runtime(picture=picture), gain_grid.to_grid(trained.model)(picture)
    for name in ("key", "grid", "tint"):
        assert found[name] == pytest.approx(wanted[name].numpy(), abs=2e-3)
    assert about["sha256"] == sha256(path)
    assert "courtyard" not in about["panoramas"] and "kiara_1_dawn" in about["panoramas"]


@pytest.fixture(scope="module")
def shipped():
    return json.loads(WEIGHTS.with_suffix(".json").read_text(encoding="utf-8"))


def test_the_shipped_weights_are_what_this_code_trains(shipped):
    profile = shipped["config"].pop("profile")
    assert shipped["config"] == asdict(trainer.load(profile))
    for name, path in synthetic_pairs.training_panoramas().items():
        assert shipped["panoramas"][name] == sha256(path)
    assert trainer.fingerprint(trainer.load(profile)) == pytest.approx(shipped["fingerprint"], rel=ROUNDING)


def test_other_views_give_another_fingerprint(exported, monkeypatch):
    monkeypatch.setattr(synthetic_pairs, "VIEW_PIXELS", 384 * 256)
    assert trainer.fingerprint(trainer.load("smoke")) != pytest.approx(exported[1]["fingerprint"], rel=ROUNDING)


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(HdrkitError, match="full, quick, smoke"):
        trainer.load("enormous")


@pytest.mark.parametrize("load", [trainer.load, studies.load_config])
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("batch", "bacth", "unknown parameter `bacth`"),
        ("pairs", "# pairs", "parameter `pairs` is missing"),
        ("width: 0.", "width: narrow # ", "parameter `width` must be a number, not text"),
    ],
)
def test_a_profile_with_other_parameters_is_one_line(tmp_path, monkeypatch, load, old, new, why):
    shutil.copytree(profiles.PROFILES, tmp_path / "profiles")
    for path in tmp_path.glob("profiles/*/smoke.yaml"):
        text = re.sub(f"^{old}", new, path.read_text(encoding="utf-8"), count=1, flags=re.M)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(profiles, "PROFILES", tmp_path / "profiles")
    with pytest.raises(HdrkitError, match=f"^profile smoke of (studies|enhancement): {why}") as error:
        load("smoke")
    assert "\n" not in str(error.value)
