"""A small PatchGAN (Isola et al. 2017): is a picture a render of that frame? One verdict for each patch of 34 pixels.

666,049 parameters.
"""

import keras
from keras import layers

from hdrkit.models.vgg16 import scaled


def build(size: int | None, *, width: float = 1.0) -> keras.Model:
    """Return the discriminator: [frames, pictures], both (n, size, size, 3) in [0, 1], to verdicts (n, y, x, 1).

    Verdicts are unbounded, 1 is for a render and 0 for a network's picture; y and x are size / 4, rounded up.
    size: None for any. width: scales the channels, for tests.
    One layer less than pix2pix's, because its patches of 70 pixels are larger than our crops of 64, and no batch
    normalisation, because batches are as small as two.
    """
    frame, picture = keras.Input((size, size, 3), name="frame"), keras.Input((size, size, 3), name="picture")
    x = layers.Concatenate(name="pair")([frame, picture])
    for number, (channels, strides) in enumerate(((64, 2), (128, 2), (256, 1)), 1):
        x = layers.Conv2D(scaled(channels, width), 4, strides=strides, padding="same", name=f"patch_{number}")(x)
        x = layers.LeakyReLU(negative_slope=0.2, name=f"patch_{number}_leaky")(x)
    # float32 in mixed precision, too
    x = layers.Conv2D(1, 4, padding="same", dtype="float32", name="verdict")(x)
    return keras.Model([frame, picture], x, name="patchgan")
