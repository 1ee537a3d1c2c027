"""Training that a kill cannot spoil: after each epoch a checkpoint, and a resumed run ends where the whole one would.

On a CPU the same seed gives the same weights to the last bit: operations are deterministic, the network holds
no random state, and the order of the data derives from the seed and the epoch, not from what ran before. All GPUs of
a machine train together (see `devices`); another number of them gives other roundings.
"""

import hashlib
import json
import logging
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from tqdm import tqdm

from hdrkit.core import machine, progress_bar, tables
from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import written_whole
from hdrkit.core.folder_lock import only_run_in
from hdrkit.core.interruption import at_checks, resumable
from hdrkit.training import devices, losses
from hdrkit.training.keras_metrics import PSNR, SSIM, PooledPSNR, PublishedSSIM

logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns that each new network is traced anew

OWN = ("model.keras", "history.csv", "epoch-*.keras", "predictions-*.np[yz]")  # the last are of `recipes.predict`
KEY = "key.json"  # what the training in a folder is made from
FOLD = 20  # Keras stores weights as they are, and its texts shrink to a tenth; what unpacks to more is meant to harm
METRICS = (PSNR, SSIM, PooledPSNR, PublishedSSIM)  # of a history
KEPT = 2  # checkpoints, so that a damaged one costs one epoch


@dataclass(frozen=True)
class Training:
    """A trained network and how it came to be.

    history: a row for each epoch: `epoch` (from 1), `loss`, `psnr`, `ssim`, `psnr_pooled`, `ssim_published` while
    training, the same after the epoch on the dev pictures as `dev_...`, and `seconds`. The loss includes the weight
    decay.
    precision: the Keras policy that was computed in. reused: nothing had to be trained.
    """

    model: keras.Model
    history: pd.DataFrame
    precision: str
    reused: bool


@dataclass(frozen=True)
class Progress:
    """How far a training has come: what `fit` calls its `watch` with, after each batch and after each checkpoint.

    What `watch` raises stops the training; the next call of `fit` goes on from the last checkpoint, to equal weights.

    model: as it is now; it may be applied, not changed. history: the rows of the epochs that are done, see `Training`.
    epochs: how many there will be. now: how many are done, with the part of the one under way, 1.5 in the middle of the
    second. running: averages of this epoch so far, with several GPUs the mean of each one's, under the names of
    `history`; empty after a checkpoint.
    """

    model: keras.Model
    history: Sequence[Mapping]
    epochs: int
    now: float
    running: Mapping[str, float]


Watch = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    """Watch nothing, and let a training run to its end."""


@resumable("the finished epochs are kept")
def fit(
    build: Callable[[], keras.Model],
    make_epoch: Callable[[int], tf.data.Dataset],
    dev: tf.data.Dataset,
    folder: str | Path,
    *,
    made_from: Mapping,
    epochs: int,
    seed: int,
    loss: str = "l1_tv",
    learning_rate: float = 1e-3,
    schedule: str = "constant",
    epsilon: float = 1e-7,
    precision: str | None = None,
    watch: Watch = nobody,
) -> Training:
    """Train `build()` with Adam, and return it as it is after the last epoch.

    make_epoch: the batches (x, y) of an epoch (from 0), the same at every call; float32 (n, h, w, 3) in [0, 1]. A
        third part, weights (n, h, w), weighs the loss of each pixel.
    dev: what is scored after every epoch, in the same form. folder: receives `model.keras` and `history.csv`; while
        training also checkpoints. One folder for one training.
    made_from: what the network and the data are made from, as plain values: the `code_key` of the module that makes
        them, `digest` of arrays. If these, the options and this module's code key are those of an earlier call, that
        training goes on, or is used again.
    loss: a name in `losses.WEIGHTS`. schedule: `constant`, as in the report, or `cosine`, see `scheduled`.
    epsilon: of Adam. precision: a Keras dtype policy; by default the machine's best. watch: see `Progress`.
    TensorFlow's operations stay deterministic, and slower on some devices, for the rest of the process.
    Raises HdrkitError when the loss is NaN or the folder cannot be written or is in use, StoppedError as `resumable`.
    """
    folder, precision = Path(folder), precision or best_precision()
    options = dict(epochs=epochs, seed=seed, loss=loss, learning_rate=learning_rate, schedule=schedule, epsilon=epsilon)
    key = {"made_from": made_from, **options, "precision": precision, "code": code_key(__name__)}
    if finished := _finished(folder, key, epochs, precision):
        return finished
    with only_run_in(folder):
        _open(folder, key)
        _make_repeatable(seed)
        with devices.on_all():
            model, history = _resume(folder)
            if model is None:
                rate = scheduled(learning_rate, schedule, epochs * len(make_epoch(0)))
                model = _built(build, precision, loss, rate, epsilon)
        _train(model, history, make_epoch, dev, folder, epochs, watch)
        return Training(_finish(folder), _read_history(folder, epochs), precision, reused=False)


def compile_model(
    model: keras.Model,
    loss: str,
    rate: float | keras.optimizers.schedules.CosineDecay,
    metrics: Sequence[keras.metrics.Metric] = (),
    epsilon: float = 1e-7,
) -> None:
    """Compile a network for Adam, with a loss by its name in `losses.WEIGHTS`, and create the optimizer's variables.

    If the first step created them, TensorFlow would trace each step twice.
    """
    model.compile(
        keras.optimizers.Adam(rate, epsilon=epsilon), loss=losses.get(loss), metrics=list(metrics), jit_compile=False
    )
    model.optimizer.build(model.trainable_variables)


def _make_repeatable(seed: int) -> None:
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    # Fails on a leaky ReLU's gradient, with a message for each training, and gains nothing (6.5 against 6.2 images/s).
    tf.config.optimizer.set_experimental_options({"remapping": False})


def scheduled(learning_rate: float, schedule: str, steps: int) -> float | keras.optimizers.schedules.CosineDecay:
    """Return the learning rate of a training of `steps` steps, as Keras's optimizers take it.

    schedule: `constant`, or `cosine`, down to 0 at the end (Loshchilov and Hutter 2017): a short training at a constant
    rate ends wherever its last steps took it. Raises HdrkitError for another one.
    """
    if schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    if schedule != "constant":
        raise HdrkitError(f"unknown schedule {schedule!r}: choose constant or cosine")
    return learning_rate


def best_precision() -> str:
    """Return the Keras dtype policy that trains fastest here without harm.

    bfloat16 needs instructions for it (AVX512_BF16, AMX, GPUs since Ampere): emulated, it is slower than float32.
    """
    if gpus := tf.config.list_physical_devices("GPU"):
        details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
        capability = min(about.get("compute_capability", (0, 0)) for about in details)
        return "mixed_bfloat16" if capability >= (8, 0) else "mixed_float16" if capability >= (7, 0) else "float32"
    return "mixed_bfloat16" if machine.has_bfloat16() else "float32"


def digest(*arrays: np.ndarray) -> str:
    """Return one SHA-256 over arrays: types, shapes and values. For `made_from`."""
    total = hashlib.sha256()
    for array in arrays:
        total.update(f"{array.dtype} {array.shape}\n".encode())
        total.update(np.ascontiguousarray(array).view(np.uint8).data)
    return total.hexdigest()


def load(path: str | Path, with_optimizer: bool = False) -> keras.Model:
    """Load a .keras file in safe mode, so that no code in it is run; compiled, where its optimizer is asked for too.

    Raises zipfile.BadZipFile, OSError, ValueError or KeyError when the file is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > FOLD * Path(path).stat().st_size:
            raise zipfile.BadZipFile("it would unpack to far more than any network")
        if broken := archive.testzip():
            raise zipfile.BadZipFile(f"{broken} has a wrong checksum")
    return keras.saving.load_model(path, compile=with_optimizer, safe_mode=True)


def _train(
    model: keras.Model,
    history: list[dict],
    make_epoch: Callable[[int], tf.data.Dataset],
    dev: tf.data.Dataset,
    folder: Path,
    epochs: int,
    watch: Watch,
) -> None:
    """Train a model on from where its history, a row for each epoch done, ends; see `fit`."""
    done, steps = len(history), len(make_epoch(0))
    with (
        progress_bar.bar(total=epochs * steps, initial=done * steps, desc="training", unit="batch", leave=None) as bar,
        at_checks() as check_interruption,
    ):

        def tell(batches: int, logs: dict[str, float]) -> None:
            watch(Progress(model, history, epochs, len(history) + batches / steps, logs))

        for epoch in range(done, epochs):
            started, step = time.monotonic(), _Step(bar, tell, check_interruption)
            result = devices.fit(model, make_epoch(epoch), dev, shuffle=False, verbose=0, callbacks=[step])
            row = {name.replace("val_", "dev_"): values[0] for name, values in result.history.items()}
            history.append({"epoch": epoch + 1, **row, "seconds": round(time.monotonic() - started, 2)})
            tables.write_sealed(folder / "history.csv", pd.DataFrame(history))
            with written_whole(_checkpoint(folder, epoch + 1)) as temporary:
                model.save(temporary)
            _checkpoint(folder, epoch + 1 - KEPT).unlink(missing_ok=True)
            watch(Progress(model, history, epochs, len(history), {}))


class _Step(keras.callbacks.Callback):
    """Moves the bar, stops a training whose loss is no longer a number, and tells how many batches are done.

    After each batch, of the dev pictures too, it calls `check_interruption`.
    """

    def __init__(
        self, bar: tqdm, tell: Callable[[int, dict[str, float]], None], check_interruption: Callable[[], None]
    ) -> None:
        super().__init__()
        self.bar, self.tell, self.check_interruption = bar, tell, check_interruption

    def on_test_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        self.check_interruption()

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        self.check_interruption()
        self.bar.update()
        self.bar.set_postfix(loss=f"{logs['loss']:.4f}", psnr=f"{logs['psnr']:.2f} dB", refresh=False)
        if not np.isfinite(logs["loss"]):
            raise HdrkitError("training diverged, the loss is NaN: choose a lower learning_rate")
        self.tell(batch + 1, logs)


# What reading a truncated or overwritten file has been seen to raise.
_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, HdrkitError)


def _finished(folder: Path, key: dict, epochs: int, precision: str) -> Training | None:
    """Return the training of a key that is done in `folder`; None where there is none, or a damaged one."""
    path = folder / "model.keras"
    if _is_of(folder, key) and path.exists():
        try:
            finished = Training(load(path), _read_history(folder, epochs), precision, reused=True)
        except _DAMAGED as error:
            _say(f"{path} is damaged ({_line(error)}): training again")
            return None
        _drop_checkpoints(folder)  # which a kill may have left
        return finished
    return None


def _resume(folder: Path) -> tuple[keras.Model | None, list[dict]]:
    """Return the compiled model and its history from the newest whole checkpoint; None and no row without one."""
    for path in sorted(folder.glob("epoch-*.keras"), reverse=True):
        done = int(path.stem.removeprefix("epoch-"))
        try:
            found = load(path, with_optimizer=True), _read_history(folder, done).to_dict("records")
            _say(f"{folder}: going on after epoch {done}")
            return found
        except _DAMAGED as error:
            _say(f"{path} is damaged ({_line(error)}): going back to the checkpoint before it, or to the start")
            path.unlink()
    return None, []


def _finish(folder: Path) -> keras.Model:
    """Keep the last checkpoint's network without the optimizer's state, twice its size, and drop the checkpoints."""
    model = load(max(folder.glob("epoch-*.keras")))
    with written_whole(folder / "model.keras") as temporary:
        model.save(temporary)
    _drop_checkpoints(folder)
    return model


def _drop_checkpoints(folder: Path) -> None:
    for path in folder.glob("epoch-*.keras"):
        path.unlink()


def _open(folder: Path, key: dict) -> None:
    """Remove what was made with another key."""
    if _is_of(folder, key):
        return
    for pattern in OWN:
        for old in folder.glob(pattern):
            old.unlink()
    with written_whole(folder / KEY) as temporary:
        temporary.write_bytes(_text(key))


def _is_of(folder: Path, key: dict) -> bool:
    path = folder / KEY
    return path.is_file() and path.read_bytes() == _text(key)


def _text(key: dict) -> bytes:
    return json.dumps(key, indent=1).encode()


def _read_history(folder: Path, epochs: int) -> pd.DataFrame:
    """Return the first `epochs` rows of history.csv, which is always written before the checkpoint."""
    history = tables.read_sealed(folder / "history.csv").head(epochs)
    if len(history) < epochs:
        raise ValueError(f"history.csv has {len(history)} epochs instead of {epochs}")
    return history


def _built(
    build: Callable[[], keras.Model],
    precision: str,
    loss: str,
    rate: float | keras.optimizers.schedules.CosineDecay,
    epsilon: float,
) -> keras.Model:
    with _policy(precision), progress_bar.waiting("building the network"):
        model = build()
    compile_model(model, loss, rate, [metric() for metric in METRICS], epsilon)
    return model


@contextmanager
def _policy(name: str) -> Iterator[None]:
    """Build layers with a Keras dtype policy."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _checkpoint(folder: Path, epoch: int) -> Path:
    return folder / f"epoch-{epoch:04d}.keras"


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _say(message: str) -> None:
    print(message, file=sys.stderr)
