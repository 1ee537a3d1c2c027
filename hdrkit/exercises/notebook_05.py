"""Exercises of notebook 5: parameters and receptive fields by hand, the last layer and its skip, VGG's input."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from hdrkit.ablations import analysis
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import exercise
from hdrkit.exercises.judging import Slip

MEAN_BGR = np.array([103.939, 116.779, 123.68])  # of ImageNet's training pictures, on the scale 0 to 255


@exercise("05.1", "Count the parameters of a layer by hand")
def count_parameters(answer: object) -> str:
    """`fuse_3`: a 1 x 1 convolution from 256 channels of the decoder and 256 of a skip to 256, with biases."""
    slips = [
        Slip(512 * 256, "each channel that comes out has a bias, too."),
        Slip(256 * 256 + 256, "the skip adds its channels to those of the decoder: how many come in?"),
        Slip(256 * 256, "the skip adds its channels to those of the decoder, and there are biases."),
        Slip(512 * 256 + 512, "there is one bias for each channel that comes *out*."),
        Slip(9 * 512 * 256 + 256, "the kernel of this layer has 1 × 1 pixels."),
        Slip(512 * 512 + 512, "how many channels come out? Look below the box at the arrow's end."),
        Slip((512 * 256 + 256) * 56**2, "a convolution uses the same weights at every pixel."),
        Slip(1024 * 512 + 512, "this is the layer at 28², or at 14². Which one has 56²?"),
        Slip(256 * 128 + 128, "this is the layer at 112². Which one has 56²?"),
    ]
    judging.number(answer, 512 * 256 + 256, 1e-6, slips)
    return 'You can ask Keras, too: `model.get_layer("fuse_3").count_params()`.'


@exercise("05.2", "Predict where the parameters are, and where the time goes")
def predict_costs(answer: object) -> str:
    """Parameters grow with the square of the channels; multiplications with the pixels, too."""
    judging.choice(answer, "c", {
        "a": "how many parameters has a 3 × 3 convolution from 64 channels to 64, and how many one from 512 to 512?",
        "b": "a layer at full resolution has few channels. At how many pixels does it apply its kernel?",
        "d": "does a kernel have more weights where the picture is larger? Compare the shapes of two kernels.",
    })  # fmt: skip
    return "Half the resolution is a quarter of the pixels, but twice the channels have four times the weights."


@exercise("05.3", "Receptive fields by arithmetic", points=2)
def implement_receptive_field(answer: object) -> str:
    """receptive_field(kernels, strides): edge in input pixels of what one value behind the last layer sees."""
    vgg = [3, 3, 2, 3, 3, 2, 3, 3, 3, 2], [1, 1, 2, 1, 1, 2, 1, 1, 1, 2]
    cases = [([3], [1]), ([3, 3], [1, 1]), ([2, 3], [2, 1]), ([5, 3, 7], [2, 3, 1]), ([1, 4], [3, 2]), vgg]

    def field(kernels: Sequence[int], strides: Sequence[int], first: str = "field", less: int = 1) -> int:
        seen, step = 1, 1
        for kernel, stride in zip(kernels, strides, strict=True):
            if first == "step":
                step *= stride
            seen += (kernel - less) * step
            if first == "field":
                step *= stride
        return seen

    def last_step_only(kernels: Sequence[int], strides: Sequence[int]) -> int:
        return 1 + sum((k - 1) * s for k, s in zip(kernels, [1, *strides], strict=False))

    slips = [
        Slip(partial(field, first="step"), "a layer's own stride counts for the layers behind it only."),
        Slip(partial(field, less=0), "a kernel of 1 pixel sees no more than what is before it: it adds 0."),
        Slip(partial(field, first="never"), "a stride makes the step longer for all layers behind it."),
        Slip(last_step_only, "strides multiply: the step is the product of all strides so far."),
        Slip(lambda k, s: field(k, s) - 1, "with no layer at all a value sees one pixel: begin with 1, not with 0."),
        Slip(lambda k, s: int(np.prod(k)), "kernels do not multiply. Two of 3 pixels in a row see 5 pixels, not 9."),
        Slip(lambda k, s: sum(k), "two kernels of 3 pixels in a row see 5 pixels, not 6."),
        Slip(lambda k, s: field(k, s) ** 2, "the edge of the square is wanted, not its area."),
        Slip(lambda k, s: int(np.prod(s)), "this is the step between two values. How much does one of them see?"),
    ]
    judging.function(answer, cases, field, 1e-6, slips)
    return "The table below comes from the same few lines."


@exercise("05.4", "A picture of 3000 × 2000 pixels")
def apply_to_a_large_picture(answer: object) -> str:
    """Convolutions take any size that is a multiple of 32; what a value sees does not grow with it."""
    judging.choice(answer, "d", {
        "a": "does a kernel know the size of the picture? Look at `model.get_layer(...).kernel.shape`.",
        "b": "this code is made by a convolution of 1 × 1 pixels. What does it do with more places than 49?",
        "c": "right, every layer takes it. But compare its receptive field with the width of the picture.",
    })  # fmt: skip
    return "What filled the view of the deepest layers at 224 pixels is one patch of many here."


@exercise("05.5", "The last layer, with its skip connection", points=3)
def implement_last_layer(answer: object) -> str:
    """last_layer(features, picture, kernel, bias): (h, w, 3) twice, (6, 3), (3,) to (h, w, 3) in ]0, 1[."""
    rng = np.random.default_rng(11)
    cases = [
        (rng.normal(size=(h, w, 3)), rng.random((h, w, 3)), rng.normal(size=(6, 3)), rng.normal(size=3))
        for h, w in ((4, 5), (3, 3), (1, 2))
    ]

    def weighted(f: np.ndarray, p: np.ndarray, k: np.ndarray, b: np.ndarray) -> np.ndarray:
        return f @ k[:3] + p @ k[3:] + b

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def softmax(x: np.ndarray) -> np.ndarray:
        return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)

    slips = [
        Slip(lambda f, p, k, b: sigmoid(weighted(p, f, k, b)), "the features come first, then the picture."),
        Slip(weighted, "the sigmoid is missing: the output has to lie between 0 and 1."),
        Slip(lambda f, p, k, b: sigmoid(weighted(f, p, k, 0 * b)), "the bias is missing."),
        Slip(lambda f, p, k, b: sigmoid(weighted(f, p, k, 0 * b)) + b, "the bias belongs inside the sigmoid."),
        Slip(lambda f, p, k, b: sigmoid(-weighted(f, p, k, b)), "look at the sign in the exponent of the sigmoid."),
        Slip(lambda f, p, k, b: softmax(weighted(f, p, k, b)), "this is a softmax, which makes the channels sum to 1."),
        Slip(lambda f, p, k, b: np.maximum(weighted(f, p, k, b), 0), "this is a ReLU; a sigmoid is wanted."),
        Slip(lambda f, p, k, b: np.clip(weighted(f, p, k, b), 0, 1), "a sigmoid bends smoothly, and does not clip."),
        Slip(
            lambda f, p, k, b: sigmoid((f + p) @ k[:3] + b),
            "do not add the picture to the features. It stands behind them, with weights of its own.",
        ),
        Slip(lambda f, p, k, b: sigmoid(f @ k[:3] + b), "where is the picture?"),
        Slip(lambda f, p, k, b: np.concatenate([f, p], axis=-1), "now weigh the six channels with the kernel."),
    ]
    judging.function(answer, cases, lambda *case: sigmoid(weighted(*case)), 1e-5, slips)
    return "A skip connection is no more than this: channels side by side, and a convolution that weighs them."


@exercise("05.6", "Can a sigmoid leave a picture as it is?")
def sigmoid_of_black(answer: object) -> str:
    """A black pixel through sigmoid(4 x - 2), the sigmoid that is closest to y = x around the middle."""
    right = 1 / (1 + np.exp(2))
    slips = [
        Slip(0, "the sigmoid is 0 nowhere. What is it of the sum for a black pixel?"),
        Slip(0.5, "this would be black without the bias."),
        Slip(1 - right, "look at the sign of the bias, or at the sign in the exponent."),
        Slip(1 / (1 + np.exp(4)), "a black pixel is 0, so only one of the two numbers is left in the sum."),
        Slip(-2, "this is the weighted sum. Now take its sigmoid."),
        Slip(255 * right, "stay on the scale from 0 to 1."),
        Slip(np.exp(-2), "1 is added to the exponential before the division."),
        Slip(1 / (1 + 10**2), "the exponential has the base e."),
    ]
    judging.number(answer, right, 0.002, slips)
    return (
        "No weights can mend it: a sigmoid is never 0 or 1, and it is no straight line. "
        "To leave a picture as it is, the three features must bend it back."
    )


@exercise("05.7", "Mend the input of VGG-16", points=2)
def implement_imagenet_input(answer: object) -> str:
    """imagenet_input(picture): RGB in [0, 1], (h, w, 3), to BGR in 0 ... 255 less ImageNet's mean."""
    rng = np.random.default_rng(13)
    cases = [(rng.random(shape, dtype=kind),) for shape, kind in (((4, 5, 3), np.float32), ((3, 2, 3), np.float64))]
    deviations = np.array([57.375, 57.12, 58.395])  # of the pictures, BGR; PyTorch's models divide by them

    slips = [
        Slip(lambda p: 255 * p - MEAN_BGR[::-1], "the order has to become blue, green, red."),
        Slip(lambda p: 255 * p - MEAN_BGR, "the mean is in the order blue, green, red, and the picture is not yet."),
        Slip(lambda p: 255 * p[..., ::-1] - MEAN_BGR[::-1], "the order of the picture and that of the mean differ."),
        Slip(lambda p: p[..., ::-1] - MEAN_BGR, "VGG-16 was trained on values from 0 to 255."),
        Slip(lambda p: 255 * p[..., ::-1], "the mean is not subtracted yet."),
        Slip(lambda p: 255 * p[..., ::-1] + MEAN_BGR, "the mean is subtracted, not added."),
        Slip(lambda p: 255 * (p[..., ::-1] - MEAN_BGR), "the mean is on the scale from 0 to 255: first multiply."),
        Slip(lambda p: p[..., ::-1] - MEAN_BGR / 255, "VGG-16 was trained on values from 0 to 255."),
        Slip(lambda p: (255 * p[..., ::-1] - MEAN_BGR) / deviations, "VGG-16's input is divided by nothing."),
        Slip(lambda p: 255 * p[::-1] - MEAN_BGR, "this turns the picture upside down. Which axis holds the channels?"),
        Slip(lambda p: 255 * p[:, ::-1] - MEAN_BGR, "this is the picture mirrored. Which axis holds the channels?"),
        Slip(lambda p: 255 * (2 * p[..., ::-1] - 1), "other networks want values from -1 to 1, VGG-16 does not."),
    ]
    judging.function(answer, cases, lambda p: 255 * p[..., ::-1].astype(float) - MEAN_BGR, 1e-5, slips)
    return "The values do not lie in [0, 1], and should not: the picture for VGG-16 is not a picture for eyes."


@exercise("05.8", "Which of two questions does an experiment decide?", points=2)
def which_question_is_decided(answer: object) -> str:
    """Two kept studies: the slope 0.3 against 0.4, and a frozen encoder against training the layers with a skip."""
    decided = {
        "activation": _decided("activation", "leaky_03", "leaky_04", "psnr_db"),
        "trainable_layers": _decided("trainable_layers", "none", "with_skip", "ssim"),
    }
    letters = {"a": (True, True), "b": (False, False), "c": (True, False), "d": (False, True)}
    words = {}
    for letter, said in letters.items():
        off = [f"`{study}`" for study, of_it in zip(decided, said, strict=True) if of_it != decided[study]]
        words[letter] = f"look again at the interval from {' and '.join(off)}: is 0 inside?"
    right = next(letter for letter, said in letters.items() if said == tuple(decided.values()))
    judging.choice(answer, right, words)
    return "An interval with 0 inside does not show that there is no difference, only that the study sees none."


def _decided(study: str, setting: str, other: str, measure: str) -> bool:
    """Tell whether the 95 % interval of a difference leaves out 0."""
    difference = analysis.difference(analysis.read(study)[0], setting, other, measure)
    return not difference.low <= 0 <= difference.high
