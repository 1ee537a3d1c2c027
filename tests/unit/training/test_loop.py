import os
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.trainings import KILLED, fit, pairs

from hdrkit.core.errors import HdrkitError
from hdrkit.training import loop

pytestmark = pytest.mark.slow  # it trains


def same_weights(a, b):
    return all(np.array_equal(v, w) for v, w in zip(a.get_weights(), b.get_weights(), strict=True))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A training that nothing disturbed."""
    return fit(tmp_path_factory.mktemp("whole"))


def test_training_learns_and_leaves_a_model_and_its_history(whole, tmp_path):
    h = whole.history
    assert list(h["epoch"]) == [1, 2, 3]
    measured = ["loss", "psnr", "ssim", "psnr_pooled", "ssim_published"]
    assert set(h) == {"epoch", "seconds", *measured, *(f"dev_{name}" for name in measured)}
    assert h["loss"].is_monotonic_decreasing
    assert (h["psnr_pooled"] <= h["psnr"]).all()
    assert not whole.reused


def test_a_killed_run_is_resumed_to_the_same_weights_bit_for_bit(whole, tmp_path, capsys):
    code = "import sys, helpers.trainings as t; from pathlib import Path; t.fit(Path(sys.argv[1]), t.killing_epoch)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])}
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, capture_output=True)
    assert killed.returncode == KILLED, killed.stderr.decode()[-2000:]
    assert not (tmp_path / "model.keras").exists()

    resumed = fit(tmp_path)
    assert "going on after epoch 2" in capsys.readouterr().err
    assert same_weights(resumed.model, whole.model)
    assert resumed.history.drop(columns="seconds").equals(whole.history.drop(columns="seconds"))


class Stop:
    """Watches a training, applies its network as a picture of it would, and raises after so many epochs."""

    def __init__(self, after, error=None):
        self.after, self.error, self.seen = after, error, []

    def __call__(self, progress):
        progress.model(np.full((1, 16, 16, 3), 0.5, np.float32), training=False)
        self.seen.append((round(progress.now, 3), len(progress.history), *progress.running))
        if progress.now >= self.after:
            raise self.error


def test_a_training_tells_how_far_it_is_after_each_batch_and_each_checkpoint(tmp_path):
    watch = Stop(after=3.5)
    fit(tmp_path, epochs=2, watch=watch)
    names = ("loss", "psnr", "psnr_pooled", "ssim", "ssim_published")
    batches = [(0.333, 0, *names), (0.667, 0, *names), (1, 0, *names)]
    assert [(*told[:2], *sorted(told[2:])) for told in watch.seen[:4]] == [*batches, (1, 1)]
    assert [told[0] for told in watch.seen[4:]] == [1.333, 1.667, 2, 2]


@pytest.mark.parametrize(
    ("after", "error", "kept"),
    [(2, HdrkitError("stopped"), 1), (1.5, KeyboardInterrupt(), 1), (0.1, KeyboardInterrupt(), 0)],
    ids=["in an epoch's last batch", "in the middle of an epoch", "in the first"],
)
def test_a_watched_and_stopped_run_goes_on_to_the_same_weights_bit_for_bit(whole, tmp_path, capsys, after, error, kept):
    with pytest.raises(type(error)):
        fit(tmp_path, watch=Stop(after, error))
    assert len(list(tmp_path.glob("epoch-*.keras"))) == kept and not (tmp_path / "model.keras").exists()
    resumed = fit(tmp_path, watch=Stop(after=4))
    assert (f"going on after epoch {kept}" in capsys.readouterr().err) == bool(kept)
    assert same_weights(resumed.model, whole.model)
    assert resumed.history.drop(columns="seconds").equals(whole.history.drop(columns="seconds"))


def test_stopped_after_a_checkpoint_nothing_is_lost(whole, tmp_path, capsys):
    def stop(progress):
        if not progress.running and len(progress.history) == 2:
            raise HdrkitError("stopped")

    with pytest.raises(HdrkitError, match="stopped"):
        fit(tmp_path, watch=stop)
    made = []
    resumed = fit(tmp_path, lambda epoch: made.append(epoch) or pairs(epoch))
    assert set(made) <= {0, 2}  # of the first, only the number of batches is asked
    assert "going on after epoch 2" in capsys.readouterr().err
    assert same_weights(resumed.model, whole.model)


def interrupted(folder, epochs=2):
    """Train so far and stop as a kill would: checkpoints, no finished model."""

    class StopError(Exception):
        pass

    def make_epoch(epoch):
        if epoch == epochs:
            raise StopError
        return pairs(epoch)

    with pytest.raises(StopError):
        fit(folder, make_epoch)


def test_a_truncated_checkpoint_is_noticed_and_the_one_before_it_used(whole, tmp_path, capsys):
    interrupted(tmp_path)
    newest = tmp_path / "epoch-0002.keras"
    newest.write_bytes(newest.read_bytes()[:-1000])
    assert same_weights(fit(tmp_path).model, whole.model)
    said = capsys.readouterr().err
    assert "epoch-0002.keras is damaged" in said
    assert "going on after epoch 1" in said


def test_one_changed_bit_is_noticed(whole, tmp_path):
    path = tmp_path / "model.keras"
    whole.model.save(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(zipfile.BadZipFile, match="checksum"):
        loop.load(path)


def test_a_finished_training_is_reused_until_what_it_was_made_from_changes(tmp_path, capsys):
    first = fit(tmp_path, epochs=1)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    (tmp_path / "epoch-0001.keras").touch()  # as a kill may leave it, just before its removal
    again = fit(tmp_path, epochs=1, make_epoch=lambda epoch: pytest.fail("trained again"))
    assert again.reused
    assert same_weights(again.model, first.model)
    assert again.history.equals(first.history)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == written
    assert {path.name for path in written} - {".lock"} == {"history.csv", "key.json", "model.keras"}

    (tmp_path / "notes.txt").write_text("not ours", encoding="utf-8")
    other = fit(tmp_path, epochs=1, made_from={"data": "other"}, seed=2)
    assert not other.reused
    assert not same_weights(other.model, first.model)
    assert (tmp_path / "notes.txt").exists()

    (tmp_path / "model.keras").write_bytes(b"")
    assert same_weights(fit(tmp_path, epochs=1, made_from={"data": "other"}, seed=2).model, other.model)
    assert "model.keras is damaged" in capsys.readouterr().err


def test_a_second_training_in_the_folder_refuses_and_the_first_goes_on(whole, tmp_path):
    refused = []

    def begin_another(progress):
        with pytest.raises(HdrkitError, match="another run is using this folder; wait for it") as error:
            fit(tmp_path, seed=2)
        refused.append(error)

    assert same_weights(fit(tmp_path, watch=begin_another).model, whole.model)
    assert len(refused) > 3


def test_a_diverging_training_stops_with_one_line(tmp_path):
    with pytest.raises(HdrkitError, match="lower learning_rate"):
        fit(tmp_path, epochs=1, learning_rate=1e30)
    assert not list(tmp_path.glob("*.keras"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(HdrkitError, match="file: cannot be written"):
        fit(tmp_path / "file")


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["avx2"], "float32"),
        (["avx2", "avx512f"], "float32"),
        (["avx512f", "avx512_bf16"], "mixed_bfloat16"),
        (["amx_bf16"], "mixed_bfloat16"),
    ],
)
def test_precision_follows_the_processor(monkeypatch, flags, expected):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    monkeypatch.setattr(loop.machine, "cpu_flags", lambda: flags)
    assert loop.best_precision() == expected


@pytest.mark.parametrize(
    ("capability", "expected"), [((6, 1), "float32"), ((7, 5), "mixed_float16"), ((8, 0), "mixed_bfloat16")]
)
def test_precision_follows_the_gpu(monkeypatch, capability, expected):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu"])
    details = {"compute_capability": capability}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details)
    assert loop.best_precision() == expected


def test_precision_is_that_of_the_weakest_gpu(monkeypatch):
    capabilities = {"new": (8, 0), "old": (7, 0)}
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: list(capabilities))
    about = {gpu: {"compute_capability": capability} for gpu, capability in capabilities.items()}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", about.get)
    assert loop.best_precision() == "mixed_float16"


def test_mixed_precision_keeps_float32_weights_and_output(tmp_path):
    result = fit(tmp_path, epochs=1, precision="mixed_bfloat16")
    assert result.model.layers[0].compute_dtype == "bfloat16"
    assert {w.dtype for w in result.model.weights} == {"float32"}
    assert result.model.outputs[0].dtype == "float32"
    assert keras.config.dtype_policy().name == "float32"
    assert np.isfinite(result.history["loss"]).all()


def test_digest_sees_values_shapes_and_types():
    a = np.arange(6, dtype=np.uint8)
    digests = [loop.digest(b) for b in (a, a[::-1], a.reshape(2, 3), a.astype(np.int8))]
    assert len(set(digests)) == 4
    assert loop.digest(a.copy()) == digests[0]


def test_the_cosine_falls_from_the_rate_to_zero():
    schedule = loop.scheduled(0.01, "cosine", steps=40)
    assert [float(schedule(step)) for step in (0, 20, 40)] == pytest.approx([0.01, 0.005, 0], abs=1e-6)
    assert loop.scheduled(0.01, "constant", steps=40) == 0.01


def test_an_unknown_schedule_is_refused(tmp_path):
    with pytest.raises(HdrkitError, match="constant or cosine"):
        fit(tmp_path, epochs=1, schedule="sawtooth")


def test_a_network_that_unpacks_to_a_thousandfold_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", bytes(2**26))
    with pytest.raises(zipfile.BadZipFile, match="far more than any network"):
        loop.load(tmp_path / "bomb.keras")


def test_code_in_a_network_is_not_run(tmp_path):
    network = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x)])
    network.save(tmp_path / "lambda.keras")
    with pytest.raises(ValueError, match="safe_mode"):
        loop.load(tmp_path / "lambda.keras")
