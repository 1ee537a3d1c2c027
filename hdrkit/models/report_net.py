"""The report's network, layer for layer (section 4.2, figure 2): VGG-16 encoder, decoder, six skips.

22,467,992 parameters, of which 13,247,512 (58.96 %) are trained: the decoder, and the last convolution of each
encoder block. Figure 2 gives the leaky ReLU a slope of 0.3, section 4.2 and the authors' code 0.4.
"""

from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd
from keras import layers

from hdrkit.core.errors import HdrkitError
from hdrkit.models import vgg16
from hdrkit.models.pretrained import Weights
from hdrkit.models.vgg16 import scaled

PARAMETERS = 22_467_992
TRAINABLE = 13_247_512
FUSED = (512, 512, 256, 128, 64)  # channels after each encoder skip, coarsest first
RAISED = (512, 256, 128, 64)  # channels after the transposed convolution that follows the first four
SKIPS = ("block5_conv3", "block4_conv3", "block3_conv3", "block2_conv2", "block1_conv2")
TRAINED = {
    "none": (),
    "last": ("block5_conv1", "block5_conv2", "block5_conv3"),
    "skips": SKIPS,
    "all": tuple(f"block{b}_conv{c}" for b, (count, _) in enumerate(vgg16.BLOCKS, 1) for c in range(1, count + 1)),
}


@dataclass(frozen=True)
class Design:
    """What the report says it varied (sections 4.2 to 5); the defaults are its final network.

    preprocessing: what VGG-16 is fed with. "unit_rgb" is the [0, 1] picture itself, as in the authors' code;
        "imagenet" is what VGG-16 was trained on, see `vgg16.ImageNetInput`. The sixth skip carries the plain picture.
    leaky_slope: of the activations; 0 is ReLU. output: the last activation, "sigmoid" or "relu".
    skips: how many there are, coarsest first; the sixth is the picture.
    upsampling: "transposed" convolutions or "bilinear" followed by a plain one. filter_size: of either.
    normalisation: batch normalisation in every decoder layer. dropout: share of values dropped after each skip.
    decay, decay_weight: "l2" or "l1" penalty on the decoder's kernels and biases, but for the output layer's.
    trained: the encoder's trained layers, a key of `TRAINED`.
    """

    preprocessing: str = "unit_rgb"
    leaky_slope: float = 0.4
    output: str = "sigmoid"
    skips: int = 6
    upsampling: str = "transposed"
    filter_size: int = 3
    normalisation: bool = False
    dropout: float = 0.0
    decay: str = "l2"
    decay_weight: float = 1e-4
    trained: str = "skips"

    def __post_init__(self):
        known = {"preprocessing": ("unit_rgb", "imagenet"), "output": ("sigmoid", "relu"), "skips": range(7)}
        known |= {"upsampling": ("transposed", "bilinear"), "decay": ("l2", "l1"), "trained": tuple(TRAINED)}
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise HdrkitError(f"{name} must be one of {', '.join(map(str, values))}; not {getattr(self, name)!r}")


def build(size: int | None, *, weights: Weights | None, width: float = 1.0, **design) -> keras.Model:
    """Return the network: RGB pictures (n, size, size, 3) in [0, 1] to pictures of the same shape and range.

    size: a multiple of 32, or None for pictures of any size that is.
    weights: ImageNet's, from `pretrained.vgg16_weights()`; None for a random encoder, which has to be asked for.
    width: scales the channels, for tests; ImageNet weights fit 1 only.
    design: fields of `Design`; with none, the report's final network.
    Raises HdrkitError for a size that cannot be halved five times, an unknown design, or ill-fitting weights.
    """
    if size is not None and size % 32:
        raise HdrkitError(
            f"the report's network halves its input five times: size must be a multiple of 32, not {size}"
        )
    design = Design(**design)
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
        if design.dropout:
            x = layers.Dropout(design.dropout, name=f"drop_{level}")(x)
        if raised:
            x = _raise(x, scaled(raised, width), f"raise_{level}", design)
    x = _convolve(x, 3, "colour", design)
    if "picture" in kept:
        x = layers.Concatenate(name="skip_picture")([x, picture])
    # float32 in mixed precision, too
    x = layers.Conv2D(3, 1, activation=design.output, dtype="float32", name="output")(x)

    model = keras.Model(picture, x, name="report_net")
    for layer in model.layers:
        layer.trainable = not layer.name.startswith("block") or layer.name in TRAINED[design.trained]
    if weights is not None:
        vgg16.load(model, weights, vgg16.SCALE if imagenet else 1)
    return model


def _convolve(x, channels: int, name: str, design: Design, kernel: int = 1, layer=layers.Conv2D, **options):
    decay = {"l2": keras.regularizers.L2, "l1": keras.regularizers.L1}[design.decay](design.decay_weight)
    x = layer(channels, kernel, kernel_regularizer=decay, bias_regularizer=decay, name=name, **options)(x)
    if design.normalisation:
        x = layers.BatchNormalization(name=f"{name}_normalised")(x)
    return layers.LeakyReLU(negative_slope=design.leaky_slope, name=f"{name}_leaky")(x)


def _raise(x, channels: int, name: str, design: Design):
    """Double the resolution."""
    options = {"kernel": design.filter_size, "padding": "same"}
    if design.upsampling == "transposed":
        return _convolve(x, channels, name, design, layer=layers.Conv2DTranspose, strides=2, **options)
    x = layers.UpSampling2D(interpolation="bilinear", name=f"{name}_bilinear")(x)
    return _convolve(x, channels, name, design, **options)


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
        positions = np.prod((layer.input if transposed else layer.output).shape[1:3])  # where the kernel is applied
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
