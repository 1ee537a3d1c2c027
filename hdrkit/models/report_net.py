"""The report's network, layer for layer (section 4.2, figure 2): VGG-16 encoder, decoder, six skips.

22,467,992 parameters, of which 13,247,512 (58.96 %) are trained: the decoder, and the last convolution of each
encoder block. Figure 2 gives the leaky ReLU a slope of 0.3, section 4.2 and the authors' code 0.4.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from hdrkit.core.errors import HdrkitError
from hdrkit.core.tensors import Tensor
from hdrkit.models import vgg16, vgg16_spec
from hdrkit.models.dropout import Dropout
from hdrkit.models.pretrained import Weights
from hdrkit.models.vgg16 import scaled

PARAMETERS = 22_467_992
TRAINABLE = 13_247_512
FUSED = (512, 512, 256, 128, 64)  # channels after each encoder skip, coarsest first
RAISED = (512, 256, 128, 64)  # channels after the transposed convolution that follows the first four
SKIPS = tuple(block[-1] for block in reversed(vgg16_spec.LAYERS))  # each block's last convolution, coarsest first
TRAINED = {
    "none": (),
    "last": vgg16_spec.LAYERS[-1],
    "skips": SKIPS,
    "all": vgg16_spec.ALL_LAYERS,
}


@dataclass(frozen=True)
class Design:
    """What the report says it varied (sections 4.2 to 5); the defaults are its final network.

    preprocessing: what VGG-16 is fed with. "unit_rgb" is the [0, 1] picture itself, as in the authors' code;
        "imagenet" is what VGG-16 was trained on, see `vgg16.ImageNetInput`. The sixth skip carries the plain picture.
    leaky_slope: slope of the activations below 0; 0 is ReLU. output: the last activation, "sigmoid" or "relu";
        output_bias: what its biases start at.
    skips: how many there are, coarsest first; the sixth is the picture.
    upsampling: "transposed" convolutions or "bilinear" followed by a plain one. filter_size: edge of either's filters.
    normalisation: batch normalisation in every decoder layer. dropout: share of values dropped after
        every decoder layer but the output, as in the authors' code.
    decay, decay_weight: "l2" or "l1" penalty on the decoder's kernels and biases, but for the output layer's.
    trained: the encoder's trained layers, a key of `TRAINED`.
    """

    preprocessing: str = "unit_rgb"
    leaky_slope: float = 0.4
    output: str = "sigmoid"
    output_bias: float = 0.0
    skips: int = 6
    upsampling: str = "transposed"
    filter_size: int = 3
    normalisation: bool = False
    dropout: float = 0.0
    decay: str = "l2"
    decay_weight: float = 1e-4
    trained: str = "skips"

    def __post_init__(self) -> None:
        known: dict[str, Collection] = {
            "preprocessing": ("unit_rgb", "imagenet"),
            "output": ("sigmoid", "relu"),
            "skips": range(7),
        }
        known |= {"upsampling": ("transposed", "bilinear"), "decay": ("l2", "l1"), "trained": tuple(TRAINED)}
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise HdrkitError(f"{name} must be one of {', '.join(map(str, values))}; not {getattr(self, name)!r}")


FINAL = Design()


def build(size: int | None, *, weights: Weights | None, width: float = 1.0, design: Design = FINAL) -> keras.Model:
    """Return the network: RGB pictures (n, size, size, 3) in [0, 1] to pictures of the same shape and range.

    size: a multiple of 32, or None for pictures of any size that is.
    weights: ImageNet's, from `pretrained.vgg16_weights()`; None for a random encoder, which has to be asked for.
    width: scales the channels, for tests; ImageNet weights fit 1 only.
    design: by default that of the report's final network.
    Raises HdrkitError for a size that cannot be halved five times, or ill-fitting weights.
    """
    if size is not None and size % 32:
        raise HdrkitError(
            f"the report's network halves its input five times: size must be a multiple of 32, not {size}"
        )
    picture = keras.Input((size, size, 3), name="picture")
    imagenet = design.preprocessing == "imagenet"
    x = vgg16.ImageNetInput(name="imagenet_input", dtype="float32")(picture) if imagenet else picture
    x, found = vgg16.encoder(x, width)
    kept = (5, 4, 3, 2, 1, "picture")[: design.skips]
    x = _convolve(x, scaled(512, width), "latent", design)
    x = _raise(x, scaled(512, width), "raise_6", design)
    for level, skip, fused, raised in zip((5, 4, 3, 2, 1), reversed(found), FUSED, (*RAISED, None), strict=True):
        if level in kept:
            x = layers.Concatenate(name=f"skip_{level}")([x, skip])
        x = _convolve(x, scaled(fused, width), f"fuse_{level}", design)
        if raised:
            x = _raise(x, scaled(raised, width), f"raise_{level}", design)
    x = _convolve(x, 3, "colour", design)
    if "picture" in kept:
        x = layers.Concatenate(name="skip_picture")([x, picture])
    # float32 in mixed precision, too
    start = keras.initializers.Constant(design.output_bias)
    x = layers.Conv2D(3, 1, activation=design.output, bias_initializer=start, dtype="float32", name="output")(x)

    model = keras.Model(picture, x, name="report_net")
    for layer in model.layers:
        layer.trainable = not layer.name.startswith("block") or layer.name in TRAINED[design.trained]
    if weights is not None:
        vgg16.load(model, weights, vgg16.SCALE if imagenet else 1)
    return model


def _convolve(
    x: Tensor,
    channels: int,
    name: str,
    design: Design,
    kernel: int = 1,
    layer: type[layers.Layer] = layers.Conv2D,
    **options: Any,
) -> Tensor:
    decay = {"l2": keras.regularizers.L2, "l1": keras.regularizers.L1}[design.decay](design.decay_weight)
    x = layer(channels, kernel, kernel_regularizer=decay, bias_regularizer=decay, name=name, **options)(x)
    if design.normalisation:
        x = normalise(f"{name}_normalised")(x)
    x = layers.LeakyReLU(negative_slope=design.leaky_slope, name=f"{name}_leaky")(x)
    return Dropout(design.dropout, name=f"{name}_dropout")(x) if design.dropout else x


def normalise(name: str) -> layers.BatchNormalization:
    """Return a layer that normalises a batch: where several devices train, the whole of it, not each one's part."""
    return layers.BatchNormalization(synchronized=tf.distribute.has_strategy(), name=name)


def _raise(x: Tensor, channels: int, name: str, design: Design) -> Tensor:
    """Double the resolution."""
    size = design.filter_size
    if design.upsampling == "transposed":
        return _convolve(x, channels, name, design, size, layers.Conv2DTranspose, padding="same", strides=2)
    x = layers.UpSampling2D(interpolation="bilinear", name=f"{name}_bilinear")(x)
    return _convolve(x, channels, name, design, size, padding="same")
