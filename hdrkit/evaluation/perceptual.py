"""A perceptual distance: how differently a network that knows ImageNet's objects sees two pictures.

R. Zhang, P. Isola, A. Efros, E. Shechtman and O. Wang, The unreasonable effectiveness of deep features as a perceptual
metric, 2018: LPIPS in its uncalibrated form, on VGG-16. (The calibrated form needs weights fitted to people's
judgements, which are not part of this kit; its authors found the uncalibrated one nearly as close to them.)
"""

import keras
import numpy as np

from hdrkit.core.progress_bar import brief
from hdrkit.models import vgg16
from hdrkit.models.pretrained import Weights

PIXELS = 2**18  # at once, at least one picture: its features take half a gigabyte, and no more however many there are


class PerceptualDistance:
    """The distance of pictures (n, h, w, 3), uint8, from their references; 0 for identical pictures, at most 5 x 4.

    The sum, over the last convolution of each of VGG-16's five blocks, of the mean squared difference of feature
    vectors that were scaled to length 1.
    """

    def __init__(self, weights: Weights | None, width: float = 1.0):
        picture = keras.Input((None, None, 3))
        _, features = vgg16.encoder(vgg16.ImageNetInput()(picture), width)
        self.model = keras.Model(picture, features)
        if weights is not None:
            vgg16.load(self.model, weights, vgg16.SCALE)

    def __call__(self, pictures: np.ndarray, references: np.ndarray) -> np.ndarray:
        """Return one distance for each picture, float64 (n,); `references` may be a single one (1, h, w, 3) for all."""
        total = np.zeros(len(pictures))
        same = self._features(references) if len(references) == 1 else None
        batch = max(1, PIXELS // (pictures.shape[1] * pictures.shape[2]))
        starts = range(0, len(pictures), batch)
        for part in (slice(start, start + batch) for start in brief(starts, "perceptual distances", unit="batch")):
            truths = same or self._features(references[part])
            for seen, wanted in zip(self._features(pictures[part]), truths, strict=True):
                total[part] += ((seen - wanted) ** 2).sum(axis=-1).mean(axis=(1, 2))
        return total

    def _features(self, pictures: np.ndarray) -> list[np.ndarray]:
        found = self.model.predict_on_batch(pictures.astype(np.float32) / 255)
        return [f / (np.linalg.norm(f, axis=-1, keepdims=True) + 1e-10) for f in found]
