"""What feeding costs beside learning, and what bfloat16 brings where the processor has it."""

import time

import keras
import numpy as np
import pytest
import tensorflow as tf

from hdrkit.dataset.alignment import align
from hdrkit.dataset.augmentation import evaluation_pairs, training_pairs
from hdrkit.dataset.crops import cut
from hdrkit.models import report_net
from hdrkit.training import loop, losses

SIZE, BATCH, STEPS = 96, 8, 24
FEEDING_COSTS = 1.05
BFLOAT16_BRINGS = 1.8


def compiled(policy="float32"):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    model = report_net.build(SIZE, weights=None)
    keras.config.set_dtype_policy(before)
    model.compile("adam", losses.get("l1_tv"))
    return model


def seconds(model, dataset):
    start = time.perf_counter()
    model.fit(dataset, epochs=1, verbose=0)
    return time.perf_counter() - start


def interleaved(first, second, rounds=3):
    """The median ratio of two timings taken in turn, so that a drifting machine slows both."""
    return float(np.median([first() / second() for _ in range(rounds)]))


@pytest.fixture(scope="module")
def crops(scenes, tmp_path_factory):
    return cut(align(scenes, tmp_path_factory.mktemp("cache")), SIZE)


def test_feeding_costs_next_to_nothing(crops, say):
    model = compiled()
    epoch = training_pairs(crops, "dihedral8", BATCH, np.random.default_rng(0), pairs=BATCH * STEPS)
    cached = epoch.take(1).cache().repeat(STEPS)  # alike in form, or the network is traced twice
    seconds(model, cached)  # traces
    ratio = interleaved(lambda: seconds(model, epoch), lambda: seconds(model, cached))
    say(f"an epoch of {STEPS} batches from the pipeline takes {ratio:.3f} x that of one cached batch")
    assert ratio <= FEEDING_COSTS


def test_bfloat16_where_the_processor_has_it(crops, say):
    if loop.best_precision() != "mixed_bfloat16":
        pytest.skip("this processor has neither AVX512_BF16 nor AMX_BF16: training stays in float32")
    cached = tf.data.Dataset.from_tensors(next(iter(evaluation_pairs(crops, BATCH)))).repeat(STEPS)
    plain, mixed = compiled(), compiled("mixed_bfloat16")
    for model in (plain, mixed):
        seconds(model, cached)
    ratio = interleaved(lambda: seconds(plain, cached), lambda: seconds(mixed, cached))
    say(f"a training step in bfloat16 is {ratio:.2f} x as fast as in float32")
    assert ratio >= BFLOAT16_BRINGS
