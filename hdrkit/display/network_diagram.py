"""A picture of the report's network, drawn from the model itself."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from hdrkit.display.figures import BLUE, GREEN, ORANGE, SKY

FROZEN, TRAINED, POOLING, DECODER = "encoder, frozen", "encoder, trained", "max pooling", "decoder, trained"
COLOURS = {FROZEN: SKY, TRAINED: BLUE, POOLING: "0.6", DECODER: ORANGE}


def draw(model: keras.Model) -> Figure:
    """Draw the report's network (built with a size) as boxes: height for resolution, width for channels.

    Frozen encoder layers are pale blue, trained ones dark blue, the decoder is orange; thin grey boxes are poolings,
    green arcs the skips. Above stand the counts of parameters and the slope of the leaky ReLU.
    """
    figure, axis = plt.subplots(figsize=(11, 4.2))
    x, places = 0.0, {}
    for layer in model.layers:
        if (kind := _kind(layer)) is None:
            continue
        rows, channels = layer.output.shape[1], layer.output.shape[-1]
        width = 0.12 if kind == POOLING else 0.25 + np.log2(channels) / 16
        height = rows / model.input_shape[1]
        axis.add_patch(Rectangle((x, -height / 2), width, height, facecolor=COLOURS[kind], edgecolor="white"))
        if kind != POOLING:
            axis.text(x + width / 2, -0.54, f"{rows}² × {channels}", rotation=90, ha="center", va="top", fontsize=6.5)
        places[layer.name] = (x + width / 2, height / 2)
        x += width + 0.12
    for joint in (layer for layer in model.layers if isinstance(layer, keras.layers.Concatenate)):
        _draw_skip(axis, joint, model, places)
    axis.set(xlim=(-0.8, x), ylim=(-1.15, 1.3))
    axis.set_title(_in_words(model), fontsize=9)
    axis.axis("off")
    labels = {colour: kind for kind, colour in COLOURS.items()} | {GREEN: "skip connection"}
    handles = [Rectangle((0, 0), 1, 1, facecolor=colour, label=label) for colour, label in labels.items()]
    axis.legend(handles=handles, ncols=5, loc="lower center", fontsize=9, frameon=False)
    return figure


def _kind(layer: keras.Layer) -> str | None:
    """Return what a layer's box stands for; None where it has none."""
    if isinstance(layer, keras.layers.MaxPooling2D):
        return POOLING
    if not layer.weights:
        return None
    if not layer.name.startswith("block"):
        return DECODER
    return TRAINED if layer.trainable else FROZEN


def _in_words(model: keras.Model) -> str:
    total = model.count_params()
    trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) / total
    (slope,) = {layer.negative_slope for layer in model.layers if isinstance(layer, keras.layers.LeakyReLU)}
    return f"{total:,} parameters: {trained:.2%} trainable, {1 - trained:.2%} not. Leaky ReLU: slope {slope:g}"


def _draw_skip(axis: plt.Axes, joint: keras.Layer, model: keras.Model, places: dict) -> None:
    """Draw an arc from where a skip leaves the encoder (or the input) to the layer that reads it."""
    source = joint.input[1]._keras_history.operation.name
    reader = next(layer for layer in model.layers if layer.weights and layer.input is joint.output)
    (x0, y0), (x1, y1) = places.get(source, (-0.5, 0.5)), places[reader.name]
    arrow = {"arrowstyle": "->", "color": GREEN, "connectionstyle": "arc3,rad=-0.22", "linewidth": 1.2}
    axis.annotate("", (x1, y1), (x0, y0), arrowprops=arrow)
