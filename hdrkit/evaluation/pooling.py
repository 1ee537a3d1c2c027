"""Pooled PSNR: one logarithm of the error of several pictures, from the PSNR of each; in batches, as the report has it.

The authors' code put a split's pictures in a random order, without a seed, and had Keras 2.2 evaluate their metric on
batches of 32. Keras took the mean over the batches, each weighed by its number of pictures, so that a last batch of 12
counts less. All pictures have one size.
"""

import numpy as np

from hdrkit.evaluation.decibels import decibel
from hdrkit.evaluation.intervals import Estimate

BATCH = 32
ORDERS = 1000  # random orders; their mean is known to some thousandths of a dB


def at_once(psnr_db: np.ndarray) -> float:
    """Return one PSNR for all pictures, in dB; psnr_db: (n,), of each."""
    return float(decibel(errors(psnr_db).mean(), data_range=1))


def in_batches(psnr_db: np.ndarray) -> float:
    """Return the mean over batches of pictures in the given order, in dB; psnr_db: (n,), of each.

    >>> psnr_db = np.repeat([10.0, 30.0], 32)
    >>> in_batches(psnr_db), in_batches(psnr_db.reshape(2, 32).T.ravel()).__round__(2)
    (20.0, 12.97)
    """
    return float(_mean_of_batches(errors(psnr_db)))


def in_random_batches(psnr_db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the mean over batches for each of `ORDERS` random orders, in dB: (ORDERS,); psnr_db: (n,), of each."""
    return _mean_of_batches(rng.permuted(np.tile(errors(psnr_db), (ORDERS, 1)), axis=1))


def estimate_in_random_batches(
    psnr_db: np.ndarray, groups: np.ndarray, resamples: int, rng: np.random.Generator
) -> Estimate:
    """Return the mean over batches and random orders, in dB, with its 95 % bootstrap interval over groups.

    psnr_db: (n,); groups: (n,), the group (scene) of each picture. A resample draws whole groups with replacement, as
    `intervals.bootstrap_interval` does, and one order of their pictures. The order of the arguments does not matter.
    """
    _, group = np.unique(groups, return_inverse=True)
    in_order = np.lexsort((psnr_db, group))
    group, error, number = group[in_order], errors(psnr_db)[in_order], group.max() + 1
    value = float(in_random_batches(np.asarray(psnr_db)[in_order], rng).mean())
    if number < 2:
        return Estimate(value)
    drawn = rng.multinomial(number, np.full(number, 1 / number), size=resamples)
    means = [_mean_of_batches(rng.permutation(np.repeat(error, times[group]))) for times in drawn]
    return Estimate(value, *map(float, np.quantile(means, [0.025, 0.975])))


def errors(psnr_db: np.ndarray) -> np.ndarray:
    """Return the mean squared errors that belong to PSNRs in dB, for values in [0, 1]; of the same shape."""
    return 10 ** (-np.asarray(psnr_db, np.float64) / 10)


def _mean_of_batches(error: np.ndarray) -> np.ndarray:
    """Return the mean PSNR of the batches along the last axis; error: (..., n)."""
    number = error.shape[-1]
    starts = np.arange(0, number, BATCH)
    sizes = np.diff(starts, append=number)
    return decibel(np.add.reduceat(error, starts, axis=-1) / sizes, data_range=1) @ sizes / number
