"""A look inside a network: its layers and what they cost, what they see and carry, and where it looks."""

from collections.abc import Iterable

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers

from hdrkit.core.progress_bar import waiting
from hdrkit.models import report_net


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
        rows.append(
            {
                "layer": layer.name,
                "kind": f"{layer.kernel_size[0]}x{layer.kernel_size[1]}"
                + (" transposed, stride 2" if transposed else ""),
                "scale": y / height,
                "output": f"{y} x {x} x {channels}",
                "parameters": layer.count_params(),
                "trained": layer.trainable,
                "macs_per_pixel": _multiply_adds(layer) / (height * width),
            }
        )
    return pd.DataFrame(rows)


def stated_numbers(model: keras.Model) -> dict[str, float]:
    """Return what the report says of its network, counted in a model of `report_net`, built with a size, by name."""
    total = model.count_params()
    trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    values = {layer.name: int(np.prod(layer.output.shape[1:])) for layer in model.layers if layer.weights}
    convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv2D | layers.Conv2DTranspose)]
    decoder = [layer for layer in convolutions if not layer.name.startswith("block")]
    return {
        "parameters_total": total,
        "trainable_percent": round(100 * trained / total, 2),
        "untrained_percent": round(100 * (total - trained) / total, 2),
        "model_inputs": len(model.inputs),
        "latent_values": values["latent"],
        "layers_smaller_than_latent": sum(count < values["latent"] for count in values.values()),
        "latent_kernel_edge": model.get_layer("latent").kernel_size[0],
        "leaky_slope": float(model.get_layer("latent_leaky").negative_slope),
        "batch_normalisations": sum(isinstance(layer, layers.BatchNormalization) for layer in model.layers),
        "transposed_convolutions": sum(isinstance(layer, layers.Conv2DTranspose) for layer in decoder),
        "skips_total": sum(isinstance(layer, layers.Concatenate) for layer in model.layers),
        "decayed_percent": _percent(layer.kernel_regularizer is not None for layer in convolutions),
        "glorot_percent": _percent(
            isinstance(layer.kernel_initializer, keras.initializers.GlorotUniform) for layer in decoder
        ),
    }


def _percent(found: Iterable[bool]) -> float:
    return round(100 * float(np.mean(list(found))), 2)


def multiply_adds(model: keras.Model) -> int:
    """Return how many multiplications with an element of a kernel a picture takes, in convolutions and dense layers.

    The model must have been built with a size.
    """
    return sum(_multiply_adds(layer) for layer in model.layers if hasattr(layer, "kernel"))


def _multiply_adds(layer: layers.Layer) -> int:
    applied = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output  # at each of its places
    return int(np.prod(layer.kernel.shape)) * int(np.prod(applied.shape[1:-1]))


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
        if layer.name in report_net.SKIPS or layer.name == "block5_pool":
            name = "latent" if pooling else layer.name  # the latent's own convolution is 1x1
            rows.append({"layer": name, "channels": layer.output.shape[-1], "step": step, "receptive_field": size})
    return pd.DataFrame(rows)


def influence(model: keras.Model, layer: str, pictures: np.ndarray) -> np.ndarray:
    """Return how much each input pixel (h, w) moves the middle of a layer's output: the mean absolute gradient.

    It vanishes outside the receptive field; inside, it shows the much smaller part that counts.
    pictures: (n, h, w, 3) in [0, 1], averaged over.
    """
    part = keras.Model(model.input, model.get_layer(layer).output)
    batch = tf.convert_to_tensor(pictures, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(batch)
        seen = part(batch)
        middle = seen[:, seen.shape[1] // 2, seen.shape[2] // 2]
    return tf.reduce_mean(tf.abs(tape.gradient(middle, batch)), axis=(0, 3)).numpy()


def features(model: keras.Model, pictures: np.ndarray) -> dict[str, np.ndarray]:
    """Return what each skip and the latent carries for pictures (n, h, w, 3): arrays (n, y, x, channels)."""
    names = (*report_net.SKIPS, "latent_leaky")
    outputs = {name: model.get_layer(name).output for name in names}
    with waiting("computing what the layers carry"):
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


def strongest_patches(
    model: keras.Model, layer: str, pictures: np.ndarray, channels: int, patches: int, field: int
) -> np.ndarray:
    """Return what a layer's most active channels respond to most, from different pictures.

    pictures: float32 (n, h, w, 3) in [0, 1]. channels: how many, those with the largest variance over the pictures.
    patches: how many for each. field: the edge of a patch in pixels, the layer's receptive field or less.
    Returns uint8, channels x patches x field x field x 3; beyond a picture's edge, its border is repeated.
    (Zeiler and Fergus, Visualizing and understanding convolutional networks, 2014, section 4.)
    """
    with waiting(f"looking for what {layer} responds to"):
        seen_by = keras.Model(model.input, model.get_layer(layer).output)
        responses = seen_by.predict(pictures, batch_size=16, verbose=0)
    step = pictures.shape[1] // responses.shape[1]
    half = field // 2
    padded = np.pad(pictures, ((0, 0), (half, half), (half, half), (0, 0)), mode="edge")
    found = []
    for channel in np.argsort(responses.var(axis=(0, 1, 2)))[::-1][:channels]:
        strength = responses[..., channel].reshape(len(pictures), -1)
        for i in np.argsort(strength.max(axis=1))[::-1][:patches]:
            y, x = (at * step + step // 2 for at in divmod(int(strength[i].argmax()), responses.shape[2]))
            found.append(padded[i, y : y + field, x : x + field])
    patch = np.round(np.stack(found) * 255).astype(np.uint8)
    return patch.reshape(-1, patches, field, field, 3)


def looks_at(model: keras.Model, picture: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Return how much each input pixel (h, w) moves what the network paints in a region: the mean absolute gradient.

    picture: float32 (h, w, 3) in [0, 1]; region: boolean (h, w), not empty.
    (Simonyan, Vedaldi and Zisserman, Deep inside convolutional networks, 2014: saliency.)
    """
    batch, weight = tf.constant(picture[None]), tf.constant(region[None, ..., None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(batch)
        painted = tf.reduce_sum(model(batch) * weight) / tf.reduce_sum(weight)
    return tf.reduce_mean(tf.abs(tape.gradient(painted, batch)), axis=-1)[0].numpy()


def gradient_sizes(model: keras.Model, loss: keras.losses.Loss, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return the mean absolute gradient of a loss with respect to each trained kernel, by layer, in the layers' order.

    x, y: float32 (n, h, w, 3) in [0, 1]. Weight decay is left out: it teaches a layer nothing about pictures.
    """
    kernels = {layer.name: layer.kernel.value for layer in model.layers if layer.trainable and hasattr(layer, "kernel")}
    with waiting("computing gradients"):
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        gradients = tape.gradient(value, list(kernels.values()))
    return {name: float(tf.reduce_mean(tf.abs(g))) for name, g in zip(kernels, gradients, strict=True)}
