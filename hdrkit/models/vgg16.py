"""The convolutions of VGG-16 (Simonyan and Zisserman 2015) as an encoder, layers named as Keras names them."""

import keras
from keras import layers

from hdrkit.core.errors import HdrkitError
from hdrkit.core.tensors import Tensor
from hdrkit.models import vgg16_spec
from hdrkit.models.pretrained import Weights

MEAN_RGB = (123.68, 116.779, 103.939)  # mean of ImageNet's training pictures, as keras.applications subtracts it

# Features of pictures in 0 ... 255 reach into the hundreds: an untrained decoder's sigmoid saturates on them and
# never learns (5 dB). Convolution, ReLU and pooling are homogeneous, so an input and biases of a 255th give the same
# features, a 255th as large.
SCALE = 1 / 255


@keras.saving.register_keras_serializable("hdrkit")
class ImageNetInput(layers.Layer):
    """RGB in [0, 1] to what VGG-16 was trained on, BGR with ImageNet's mean subtracted, times `SCALE`.

    Has no weights. A layer rather than a Lambda, so that models load with `safe_mode=True`.
    """

    def call(self, images: Tensor) -> Tensor:
        return (images - SCALE * keras.ops.convert_to_tensor(MEAN_RGB, images.dtype))[..., ::-1]


def encoder(x: Tensor, width: float = 1.0) -> tuple[Tensor, list[Tensor]]:
    """Apply the five blocks to `x` (n, h, w, 3).

    Returns the pooled output (n, h/32, w/32, 512) and the last convolution's output of each block, finest first
    (64, 128, 256, 512, 512 channels at scales 1, 1/2, 1/4, 1/8, 1/16). `width` scales the channels.
    """
    last = []
    for block, (names, channels) in enumerate(zip(vgg16_spec.LAYERS, vgg16_spec.CHANNELS, strict=True), 1):
        for name in names:
            x = layers.Conv2D(scaled(channels, width), 3, padding="same", activation="relu", name=name)(x)
        last.append(x)
        x = layers.MaxPooling2D(name=f"block{block}_pool")(x)
    return x, last


def scaled(channels: int, width: float) -> int:
    """Return the channels of a layer in a network of that width."""
    return max(1, round(channels * width))


def load(model: keras.Model, weights: Weights, scale: float = 1.0) -> None:
    """Put ImageNet weights from `hdrkit.models.pretrained.vgg16_weights` into the encoder of `model`.

    scale: by how much the encoder's input is smaller than what VGG-16 was trained on; the biases are made so too.
    Raises HdrkitError when a layer has other shapes, as in a network of another width.
    """
    tensors = weights.load()
    for name in sorted({key.split("/")[0] for key in tensors}):
        layer, new = model.get_layer(name), [tensors[f"{name}/kernel"], scale * tensors[f"{name}/bias"]]
        if layer.kernel.shape != new[0].shape:
            raise HdrkitError(
                f"{name} has a kernel {tuple(layer.kernel.shape)} but ImageNet's is {new[0].shape}: "
                "VGG-16 weights exist for width 1 only, pass weights=None for a narrow network"
            )
        layer.set_weights(new)
