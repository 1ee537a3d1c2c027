"""Training on all GPUs of a machine: each takes a part of every batch, and all make the same step.

By TensorFlow's MirroredStrategy, which Keras's `fit` follows: `keras.distribution` cannot, with TensorFlow, put data
on several devices. Keras takes the mean over parts for the mean over pictures, which differ where parts do, and
TensorFlow leaves devices without pictures, of which layers fail: hence `over_devices` and `cut`.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from typing import Any

import keras
import tensorflow as tf

from hdrkit.core.tensors import Tensor


def gpus() -> list[str]:
    """Return the GPUs that TensorFlow sees, as it names them; CUDA_VISIBLE_DEVICES limits them."""
    return [device.name for device in tf.config.list_logical_devices("GPU")]


def on_all() -> AbstractContextManager:
    """Return a context: a network that is built, compiled or loaded in it is trained on all GPUs.

    With one or none it does nothing, so that not a bit changes.
    """
    found = gpus()
    return _mirrored(tuple(found)).scope() if len(found) > 1 else nullcontext()


@cache
def _mirrored(names: tuple[str, ...]) -> tf.distribute.Strategy:
    """Return the one strategy of a process: a second would number what devices exchange from the start again."""
    return tf.distribute.MirroredStrategy(names)


def fit(model: keras.Model, learn: tf.data.Dataset, dev: tf.data.Dataset, **options: Any) -> keras.callbacks.History:
    """Train a model for an epoch, and score it on `dev`, on the devices that it was made for; see `keras.Model.fit`.

    learn, dev: batches, each a tuple of tensors (n, ...).
    """
    strategy = model.distribute_strategy
    if strategy.num_replicas_in_sync == 1:
        return model.fit(learn, validation_data=dev, **options)
    parts = [strategy.distribute_datasets_from_function(partial(cut, batches)) for batches in (learn, dev)]
    steps = {"steps_per_epoch": len(learn), "validation_steps": len(dev)}  # parts do not tell
    return model.fit(parts[0], validation_data=parts[1], **steps, **options)


def cut(batches: tf.data.Dataset, context: tf.distribute.InputContext) -> tf.data.Dataset:
    """Return the part of each device of each batch, one after the other: in the batch's order, and as even as can be.

    Where there are fewer pictures than devices, each is repeated as often as the others: no mean over the batch
    changes, but the batch counts more often in the means of an epoch.
    """
    devices = context.num_replicas_in_sync

    def parts(*batch: tf.Tensor) -> tf.data.Dataset:
        pictures = tf.shape(batch[0], tf.int64)[0]
        which = tf.repeat(tf.range(pictures), -(-devices // pictures))
        bounds = tf.size(which, tf.int64) * tf.range(devices + 1, dtype=tf.int64) // devices
        of_device = tf.data.Dataset.from_tensor_slices((bounds[:-1], bounds[1:]))
        return of_device.map(lambda start, end: tuple(tf.gather(part, which[start:end]) for part in batch))

    return batches.flat_map(parts).prefetch(2 * devices)


def over_devices(mean: Tensor, pictures: Tensor) -> Tensor:
    """Return a mean over a whole batch, from that over this device's part of it, a scalar, and its number of pictures.

    The gradient is that of the mean over the whole batch, too, once Keras has added up those of all devices.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:  # None: Keras asks for shapes, no step is made
        return mean
    pictures = tf.cast(pictures, mean.dtype)
    total, count = context.all_reduce(tf.distribute.ReduceOp.SUM, [mean * pictures, pictures])
    return total / count
