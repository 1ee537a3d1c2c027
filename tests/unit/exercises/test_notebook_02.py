"""Notebook 2's exercises take what is right, and refuse what students get wrong."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from helpers.answers import NONSENSE, accepts, judged, refuses
from helpers.scenes import make_scene

from hdrkit.brackets import registration
from hdrkit.evaluation import metrics
from hdrkit.exercises.notebook_02 import one_misaligned
from hdrkit.images import srgb


def whole(affine):
    return np.vstack([affine, [0, 0, 1]])


def by_numbers(second, first):
    """Compose maps number by number."""
    made = np.zeros((2, 3))
    for i in range(2):
        for j in range(3):
            made[i, j] = sum(second[i, k] * first[k, j] for k in range(2)) + (second[i, 2] if j == 2 else 0)
    return made


def correlation(a, b):
    a, b = (np.asarray(p, float).ravel() for p in (a, b))
    a, b = a - a.mean(), b - b.mean()
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


RIGHT = {
    "02.1": [(114, 242), [114.0, 242.0], np.array([[114], [242]], np.float32), np.array([[114, 242]])],
    "02.2": ["c", "C", "c."],
    "02.3": ["d", "D", "(d)"],
    "02.4": [
        registration.compose,
        lambda second, first: (whole(second) @ whole(first))[:2],
        by_numbers,
        lambda b, a: np.column_stack([b[:, :2] @ a[:, :2], b[:, :2] @ a[:, 2] + b[:, 2]]).astype(np.float32),
    ],
    "02.5": [
        correlation,
        lambda a, b: np.corrcoef(a.ravel(), b.ravel())[0, 1],
        lambda a, b: ((a - a.mean()) / a.std() * ((b - b.mean()) / b.std())).mean().astype(np.float32),
        lambda a, b: cv2.computeECC(a.astype(np.float32), b.astype(np.float32)),
    ],
}  # fmt: skip
WRONG = {
    "02.1": [(242, 114), (224, 122), (110, 240), (114.4, 242.4), (106, 238), (90.9, 165), (104, 202), 114, (4, 2, 1)],
    "02.2": ["a", "b", "d", "e", 3],
    "02.3": ["a", "b", "c", "x", True],
    "02.4": [
        lambda second, first: registration.compose(first, second),
        lambda b, a: np.column_stack([b[:, :2] @ a[:, :2], b[:, 2] + a[:, 2]]),
        lambda second, first: second * first,
        lambda second, first: second + first,
        lambda second, first: whole(second) @ whole(first),
        lambda second, first: by_numbers(second, first).T,
        lambda second, first: second @ first,  # shapes do not fit
        lambda second, first: (np.linalg.inv(whole(second)) @ whole(first))[:2],
    ],
    "02.5": [
        lambda a, b: (a.astype(float) * b).sum() / np.sqrt((a.astype(float) ** 2).sum() * (b.astype(float) ** 2).sum()),
        lambda a, b: ((a - a.mean()) * (b - b.mean())).sum(),
        lambda a, b: ((a - a.mean()) * (b - b.mean())).mean(),
        lambda a, b: ((a - a.mean()) * (b - b.mean())).sum() / (a.std() * b.std()),
        lambda a, b: ((a - a.mean()) * (b - b.mean())).mean() / (a.var() * b.var()),
        lambda a, b: correlation(a, b) ** 2,
        lambda a, b: abs(correlation(a, b)),
        lambda a, b: 1 - correlation(a, b),
        lambda a, b: np.corrcoef(a.ravel(), b.ravel()),
        lambda a, b: np.mean((a.astype(float) - b) ** 2),
        lambda a, b: correlation(a, b.T.reshape(a.shape)),  # swapped axes
        lambda a, b: correlation(a - a.mean().astype(a.dtype), b),  # a difference of bytes that wraps
        0.9,
    ],
}  # fmt: skip


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


def picture(seed, height=120, width=180):
    """Return a picture with shapes of many sizes: uint8, height x width x 3."""
    rng = np.random.default_rng(seed)
    sizes = [cv2.GaussianBlur(rng.normal(size=(height, width, 3)), (0, 0), sigma) * sigma for sigma in (1, 3, 9)]
    return np.clip(128 + 60 * sum(sizes), 0, 255).astype(np.uint8)


def db(image, reference):
    return 10 * np.log10(255**2 / np.mean((image.astype(float) - reference.astype(float)) ** 2))


def moved(image, right, down):
    to_frame = np.float32([[1, 0, right], [0, 1, down]])
    return cv2.warpAffine(image, to_frame, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def test_the_cost_of_half_a_pixel(capsys):
    render = picture(1)
    light = render.astype(float)
    half = (light[:, :-1] + light[:, 1:]) / 2
    right = [
        db(half, light[:, 1:]),
        db(half, light[:, :-1]),
        metrics.psnr(np.round(half).astype(np.uint8), render[:, 1:], data_range=255),
        db(moved(render.astype(np.float32), 0.5, 0), light),
        db(moved(render, -0.5, 0), light),
        round(db(half, light[:, 1:]), 2),
    ]
    for answer in right:
        accepts("02.6", answer, capsys, render=render)
    wrapped = (render[:, :-1] + render[:, 1:]) / 2
    wrong = [db(wrapped, render[:, 1:]), db(light[:, 1:], light[:, :-1]), db(moved(light, 0.5, 0.5), light)]
    wrong += [db((light + np.roll(light, 1, axis=1)) / 2, light)]
    wrong += [db(moved(light, 0, 0.5), light), right[0] - 48.13, right[0] * np.log(10), right[0] + 1, -right[0], half]
    wrong += [metrics.psnr_wrapping_uint8(half.astype(np.uint8), render[:, 1:]), db(moved(light, 0.25, 0), light)]
    for answer in [*wrong, *NONSENSE.values()]:
        refuses("02.6", answer, render=render)
    assert "wraps" in refuses("02.6", wrong[0], render=render)


def test_the_error_at_the_corner(capsys):
    size = (420, 280)
    turned = cv2.getRotationMatrix2D((209.5, 139.5), 1, 1)
    errors = registration.displacement(turned, registration.IDENTITY, size)
    radius = np.hypot(*size) / 2
    for right in (errors.max(), radius * np.pi / 180, 2 * np.sin(np.pi / 360) * radius, np.float32(4.4)):
        accepts("02.7", right, capsys, size=size)
    wrong = [errors.mean(), errors.min(), 2 * errors.max(), 210 * np.pi / 180, 140 * np.pi / 180, radius, errors]
    for answer in [*wrong, 2 * radius * np.sin(0.5), 1, -errors.max(), *NONSENSE.values()]:
        refuses("02.7", answer, size=size)
    assert "mean over the picture" in refuses("02.7", errors.mean(), size=size)


def structures(pair):
    return [registration.structure(srgb.luminance(srgb.decode(one / 255))) for one in pair]


@pytest.mark.parametrize("scenes", [1, 3, 14])
def test_the_misaligned_pair(scenes, capsys):
    aligned = []
    for i in range(scenes):
        render = picture(i)
        frame = np.clip(render * 0.6 + np.random.default_rng(i).normal(0, 2, render.shape), 0, 255).astype(np.uint8)
        frames, evs = np.stack([frame // 4, frame]), np.array([-4, 0])
        aligned.append(replace(make_scene(f"scene {i}"), frames=frames, render=render, evs=evs))
    pairs = one_misaligned(aligned)
    likeness = [correlation(*structures(pair)) for pair in pairs]
    found = int(np.argmin(likeness))
    assert len(pairs) == min(scenes, 6) and (scenes == 1 or likeness[found] < min(np.delete(likeness, found)) - 0.1)
    for right in (found, np.int64(found), np.argmin(likeness), np.array([found])):
        accepts("02.8", right, capsys, aligned=aligned)
    others = [i for i in range(-1, len(pairs) + 1) if i != found]
    for wrong in [*others, found + 0.5, likeness, *NONSENSE.values()]:
        refuses("02.8", wrong, aligned=aligned)
    assert len({refuses("02.8", i, aligned=aligned) for i in others[1:-1]}) <= 1  # no word leads to it


def test_known_mistakes_are_named():
    assert "x comes first" in refuses("02.1", (242, 114))
    assert "before `first`" in refuses("02.4", WRONG["02.4"][0])
    assert "take its mean away" in refuses("02.5", WRONG["02.5"][0])
