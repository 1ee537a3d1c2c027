"""A look inside a trained network: what its channels respond to, and where it looks when it fills a region."""

import keras
import numpy as np
import tensorflow as tf


def strongest_patches(
    model: keras.Model, layer: str, pictures: np.ndarray, channels: int, patches: int, field: int
) -> np.ndarray:
    """Return what a layer's liveliest channels respond to most, from different pictures.

    pictures: float32 (n, h, w, 3) in [0, 1]. channels: how many, those with the largest variance over the pictures.
    patches: how many for each. field: the edge of a patch in pixels, the layer's receptive field or less.
    Returns uint8, channels x patches x field x field x 3; beyond a picture's edge, its border is repeated.
    (Zeiler and Fergus, Visualizing and understanding convolutional networks, 2014, section 4.)
    """
    responses = keras.Model(model.input, model.get_layer(layer).output).predict(pictures, batch_size=16, verbose=0)
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
    with tf.GradientTape() as tape:
        value = loss(y, model(x, training=True))
    gradients = tape.gradient(value, list(kernels.values()))
    return {name: float(tf.reduce_mean(tf.abs(g))) for name, g in zip(kernels, gradients, strict=True)}
