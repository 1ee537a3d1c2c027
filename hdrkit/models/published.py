"""The report's network, layer for layer (section 4.2, figure 2): VGG-16 encoder, decoder, six skips.

22,467,992 parameters, of which 13,247,512 (58.96 %) are trained: the decoder, and the last convolution of each
encoder block. Figure 2 gives the leaky ReLU a slope of 0.3, section 4.2 and the authors' code 0.4.
"""

import keras
import numpy as np
import pandas as pd
from keras import layers

from hdrkit.download import Weights
from hdrkit.errors import HdrkitError
from hdrkit.models import vgg16
from hdrkit.models.vgg16 import scaled

PARAMETERS = 22_467_992
TRAINABLE = 13_247_512
WEIGHT_DECAY = 1e-4  # L2, on the decoder's kernels and biases; neither on the output layer nor on the encoder
FUSED = (512, 512, 256, 128, 64)  # channels after each encoder skip, coarsest first
RAISED = (512, 256, 128, 64)  # channels after the transposed convolution that follows the first four
SKIPS = ("block5_conv3", "block4_conv3", "block3_conv3", "block2_conv2", "block1_conv2")


def build(
    size: int | None,
    *,
    weights: Weights | None,
    preprocessing: str = "published",
    leaky_slope: float = 0.4,
    width: float = 1.0,
) -> keras.Model:
    """Return the network: RGB pictures (n, size, size, 3) in [0, 1] to pictures of the same shape and range.

    size: a multiple of 32, or None for pictures of any size that is.
    weights: ImageNet's, from `hdrkit.download.vgg16_weights()`; None for a random encoder, which has to be asked for.
    preprocessing: what VGG-16 is fed with. "published" is the [0, 1] picture itself, as in the authors' code;
        "corrected" is what VGG-16 was trained on, see `vgg16.ImageNetInput`. The sixth skip carries the plain picture.
    width: scales the channels, for tests; ImageNet weights fit 1 only.
    Raises HdrkitError for a size that cannot be halved five times, an unknown preprocessing, or ill-fitting weights.
    """
    if size is not None and size % 32:
        raise HdrkitError(
            f"the published network halves its input five times: size must be a multiple of 32, not {size}"
        )
    if preprocessing not in ("published", "corrected"):
        raise HdrkitError(f"preprocessing must be 'published' or 'corrected', not {preprocessing!r}")

    def convolve(x, channels, name, kernel=1, layer=layers.Conv2D, **options):
        decay = keras.regularizers.L2(WEIGHT_DECAY)
        x = layer(channels, kernel, kernel_regularizer=decay, bias_regularizer=decay, name=name, **options)(x)
        return layers.LeakyReLU(negative_slope=leaky_slope, name=f"{name}_leaky")(x)

    def raise_resolution(x, channels, name):
        return convolve(x, channels, name, 3, layers.Conv2DTranspose, strides=2, padding="same")

    picture = keras.Input((size, size, 3), name="picture")
    x = (
        vgg16.ImageNetInput(name="imagenet_input", dtype="float32")(picture)
        if preprocessing == "corrected"
        else picture
    )
    x, skips = vgg16.encoder(x, width)
    x = convolve(x, scaled(512, width), "latent")
    x = raise_resolution(x, scaled(512, width), "raise_6")
    for level, skip, fused, raised in zip((5, 4, 3, 2, 1), reversed(skips), FUSED, (*RAISED, None), strict=True):
        x = layers.Concatenate(name=f"skip_{level}")([x, skip])
        x = convolve(x, scaled(fused, width), f"fuse_{level}")
        if raised:
            x = raise_resolution(x, scaled(raised, width), f"raise_{level}")
    x = convolve(x, 3, "colour")
    x = layers.Concatenate(name="skip_picture")([x, picture])
    x = layers.Conv2D(3, 1, activation="sigmoid", dtype="float32", name="output")(x)  # float32 in mixed precision too

    model = keras.Model(picture, x, name="published")
    for layer in model.layers:
        layer.trainable = not layer.name.startswith("block") or layer.name in SKIPS
    if weights is not None:
        vgg16.load(model, weights, vgg16.SCALE if preprocessing == "corrected" else 1)
    return model


def layer_table(model: keras.Model) -> pd.DataFrame:
    """Return a row for each layer with weights: what it does, its output, parameters and multiply-adds.

    `macs_per_pixel` counts multiplications with a kernel element for each pixel of the input picture.
    The model must have been built with a size.
    """
    height, width = model.input_shape[1:3]
    rows = []
    for layer in model.layers:
        if not layer.weights:
            continue
        y, x, channels = layer.output.shape[1:]
        transposed = isinstance(layer, layers.Conv2DTranspose)
        positions = np.prod((layer.input if transposed else layer.output).shape[1:3])  # of the kernel
        rows.append(
            {
                "layer": layer.name,
                "kind": f"{layer.kernel_size[0]}x{layer.kernel_size[1]}"
                + (" transposed, stride 2" if transposed else ""),
                "scale": y / height,
                "output": f"{y} x {x} x {channels}",
                "parameters": layer.count_params(),
                "trained": layer.trainable,
                "macs_per_pixel": int(positions) * int(np.prod(layer.kernel.shape)) / (height * width),
            }
        )
    return pd.DataFrame(rows)


def receptive_fields(model: keras.Model) -> pd.DataFrame:
    """Return, for each encoder skip and the latent, how many input pixels in a row one of its values can see.

    From kernel sizes k and strides s along the encoder: r grows by (k - 1) j, the step j between
    neighbouring values by the factor s (Araujo et al. 2019, "Computing receptive fields").
    """
    size, step, rows = 1, 1, []
    for layer in model.layers:
        if not layer.name.startswith("block"):
            continue
        pooling = isinstance(layer, layers.MaxPooling2D)
        size += ((layer.pool_size if pooling else layer.kernel_size)[0] - 1) * step
        step *= layer.strides[0]
        if layer.name in SKIPS or layer.name == "block5_pool":
            name = "latent" if pooling else layer.name  # the latent's own convolution is 1x1
            rows.append({"layer": name, "channels": layer.output.shape[-1], "step": step, "receptive_field": size})
    return pd.DataFrame(rows)


def influence(model: keras.Model, layer: str, pictures: np.ndarray) -> np.ndarray:
    """Return how much each input pixel (h, w) moves the middle of a layer's output: the mean absolute gradient.

    It vanishes outside the receptive field; inside, it shows the much smaller part that counts.
    pictures: (n, h, w, 3) in [0, 1], averaged over.
    """
    import tensorflow as tf

    part = keras.Model(model.input, model.get_layer(layer).output)
    pictures = tf.convert_to_tensor(pictures, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        features = part(pictures)
        middle = features[:, features.shape[1] // 2, features.shape[2] // 2]
    return tf.reduce_mean(tf.abs(tape.gradient(middle, pictures)), axis=(0, 3)).numpy()


def features(model: keras.Model, pictures: np.ndarray) -> dict[str, np.ndarray]:
    """Return what each skip and the latent carries for pictures (n, h, w, 3): arrays (n, y, x, channels)."""
    names = (*SKIPS, "latent_leaky")
    outputs = {name: model.get_layer(name).output for name in names}
    return keras.Model(model.input, outputs).predict(pictures, verbose=0)


def without_skip(model: keras.Model, level: int | str) -> keras.Model:
    """Return a copy of the network that ignores one skip: 1 (finest) to 5, or "picture".

    The weights of the convolution after the skip are zeroed where they read it; nothing is trained again.
    """
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    reader = copy.get_layer("output" if level == "picture" else f"fuse_{level}")
    skip = copy.get_layer(f"skip_{level}").input[1].shape[-1]
    kernel = reader.kernel.numpy()
    kernel[:, :, -skip:] = 0
    reader.kernel.assign(kernel)
    return copy
