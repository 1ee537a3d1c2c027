"""Notebook 10's exercises take what is right, and refuse what students get wrong."""

import json

import numpy as np
import pandas as pd
import pytest
from helpers.answers import accepts, judged, refuses
from scipy import interpolate, ndimage
from skimage import color

from hdrkit.core.files import RESULTS
from hdrkit.enhancement import bilateral_slicing
from hdrkit.exercises import notebook_10
from hdrkit.images import srgb
from hdrkit.models import gain_grid

# The best grid is fitted to a dozen pictures; a wrong key takes the logarithm of black.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:divide by zero")]

RNG = np.random.default_rng(0)


def decoded(v):
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def encoded(v):
    return np.where(v <= 0.0031308, 12.92 * v, 1.055 * v ** (1 / 2.4) - 0.055)


def pixel_by_pixel(picture, stops):
    out = picture.copy()
    for row, column in np.ndindex(stops.shape):
        light = decoded(picture[row, column].astype(float)) * 2.0 ** float(stops[row, column])
        out[row, column] = encoded(np.minimum(light, 1))
    return out


def one_axis_after_the_other(grid, *place):
    for at in place:
        low = min(int(at), len(grid) - 2)
        grid = grid[low] * (low + 1 - at) + grid[low + 1] * (at - low)
    return grid


def by_hat_weights(grid, *place):
    near = [np.maximum(0, 1 - abs(at - np.arange(n))) for at, n in zip(place, grid.shape, strict=True)]
    return np.einsum("ijk,i,j,k", grid, *near)


def eight_corners(grid, row, column, level):
    total = 0.0
    for i, j, k in np.ndindex(2, 2, 2):
        r, c, v = int(row) + i, int(column) + j, int(level) + k
        weight = (1 - abs(row - r)) * (1 - abs(column - c)) * (1 - abs(level - v))
        if weight:
            total += weight * grid[r, c, v]
    return float(total)


def nearest(grid, *place):
    return grid[tuple(round(at) for at in place)]


def weights_swapped(grid, *place):
    for at in place:
        low, high = int(at), min(int(at) + 1, len(grid) - 1)
        grid = grid[low] * (at - low) + grid[high] * (low + 1 - at)
    return grid


def past_the_edge(grid, *place):
    for at in place:
        grid = grid[int(at)] * (int(at) + 1 - at) + grid[int(at) + 1] * (at - int(at))
    return grid


def light(picture):
    return decoded(picture / 255) @ [0.2126, 0.7152, 0.0722]


def key_by_loop(picture):
    total = 0
    for red, green, blue in decoded(picture.reshape(-1, 3) / 255).tolist():
        total += np.log(0.2126 * red + 0.7152 * green + 0.0722 * blue + 2**-10)
    return total / np.log(2) / (picture.size // 3)


ROWS, COLUMNS = np.indices((64, 64))
FINE = np.where((ROWS + COLUMNS) % 2, 0.1, 0.9)
FLAT = np.full((64, 64), 0.4)
NOISE = RNG.uniform(0.05, 0.95, (64, 64))

RIGHT = {
    "10.1": [[4, 1], (4.0, 1.0), np.log2([16, 2]), np.array([4, 1], np.uint8)],
    "10.2": [
        lambda p, s: srgb.encode(srgb.decode(p) * 2 ** s[..., None]),
        lambda p, s: encoded(np.clip(decoded(p) * np.exp2(np.dstack([s] * 3)), 0, 1)),
        lambda p, s: srgb.encode(np.exp(np.log(srgb.decode(p)) + np.log(2) * s[:, :, np.newaxis])),
        pixel_by_pixel,
    ],
    "10.3": [
        one_axis_after_the_other,
        by_hat_weights,
        eight_corners,
        lambda g, *at: ndimage.map_coordinates(g, np.array(at)[:, None], order=1, mode="nearest"),
        lambda g, *at: interpolate.RegularGridInterpolator([np.arange(n) for n in g.shape], g)(at),
    ],
    "10.4": [
        lambda p: np.log2(srgb.luminance(srgb.decode_integers(p)) + 2**-10).mean(),
        lambda p: np.mean(np.log2(light(p) + 1 / 1024)),
        key_by_loop,
        lambda p: gain_grid.Key()(p[None].astype(np.float32) / 255),
    ],
    "10.5": ["b", "B", " (b) "],
    "10.6": [
        (FLAT, FINE),
        np.stack([FLAT, NOISE]),
        [FLAT.tolist(), np.where(COLUMNS // 4 % 2, 0.1, 0.9).tolist()],  # stripes as wide as the cells
        (NOISE[::-1], NOISE),  # brightness tells nothing
        ((0.3 + 0.1 * FINE).astype(np.float32), FINE.T[::-1].astype(np.float32) * (ROWS // 2 % 2) * 0.9 + 0.05),
    ],
    "10.7": ["b", "B", "b)"],
}
WRONG = {
    "10.1": [
        [16, 2],
        [-4, -1],
        [1, 4],
        np.log([16, 2]),
        np.log10([16, 2]),
        [1 / 32 - 1 / 512, 1 / 2],
        [-9, -1],
        [-5, 0],
        [3, 3],
        4,
        [4, 1, 3],
        ["4", "1"],
    ],
    "10.2": [
        lambda p, s: np.clip(p * 2 ** s[..., None], 0, 1),
        lambda p, s: srgb.decode(p) * 2 ** s[..., None],
        lambda p, s: np.clip(srgb.decode(p) * 2 ** s[..., None], 0, 1),
        lambda p, s: srgb.encode(p * 2 ** s[..., None]),
        lambda p, s: srgb.decode(srgb.encode(p) * 2 ** s[..., None]),
        lambda p, s: srgb.encode(srgb.decode(p) * s[..., None]),
        lambda p, s: srgb.encode(srgb.decode(p) * np.exp(s[..., None])),
        lambda p, s: srgb.encode(srgb.decode(p) + s[..., None]),
        lambda p, s: srgb.encode(srgb.decode(p) * 2 ** -s[..., None]),
        lambda p, s: srgb.encode(srgb.decode(p) * 2 ** s.mean()),
        lambda p, s: np.clip(p**2.2 * 2 ** s[..., None], 0, 1) ** (1 / 2.2),
        lambda p, s: srgb.encode(srgb.decode(p) * 2**s),
        lambda p, s: srgb.encode(color.rgb2gray(srgb.decode(p)) * 2**s),
        lambda p, s: (255 * srgb.encode(srgb.decode(p) * 2 ** s[..., None])).astype(np.uint8),
        1.0,
    ],
    "10.3": [
        nearest,
        lambda g, r, c, v: g[int(r), int(c), int(v)],
        lambda g, r, c, v: one_axis_after_the_other(g, c, r, v),
        lambda g, r, c, v: one_axis_after_the_other(g, r, c, round(v)),
        lambda g, r, c, v: one_axis_after_the_other(g, round(r), round(c), v),
        weights_swapped,
        past_the_edge,
        lambda g, r, c, v: g[int(r) : int(np.ceil(r)) + 1, int(c) : int(np.ceil(c)) + 1].mean(axis=(0, 1))[int(v)],
        lambda g, *at: 2 ** one_axis_after_the_other(g, *at),
        lambda g, *at: np.log2(one_axis_after_the_other(2**g, *at)),
        lambda g, *at: np.mean([nearest(g, *(f(a) for a in at)) for f in (np.floor, np.ceil)]),
        lambda g, *at: np.mean(
            [
                g[f(at[0]).astype(int), h(at[1]).astype(int), k(at[2]).astype(int)]
                for f in (np.floor, np.ceil)
                for h in (np.floor, np.ceil)
                for k in (np.floor, np.ceil)
            ]
        ),
        lambda g, *at: ndimage.map_coordinates(g, np.array(at)[:, None], order=3, mode="nearest"),
        lambda g, r, c, v: g.mean(),
        -3.5,
    ],
    "10.4": [
        lambda p: np.log2(light(p).mean() + 2**-10),
        lambda p: np.log2((p / 255) @ [0.2126, 0.7152, 0.0722] + 2**-10).mean(),
        lambda p: np.log(light(p) + 2**-10).mean(),
        lambda p: np.log10(light(p) + 2**-10).mean(),
        lambda p: 2 ** np.log2(light(p) + 2**-10).mean(),
        lambda p: np.exp(np.log(light(p) + 2**-10).mean()),
        lambda p: np.median(np.log2(light(p) + 2**-10)),
        lambda p: np.log2(light(p) + 2**-10).sum(),
        lambda p: -np.log2(light(p) + 2**-10).mean(),
        lambda p: np.log2(decoded(p / 255) + 2**-10).mean(),
        lambda p: np.log2(decoded(p / 255).mean(axis=-1) + 2**-10).mean(),
        lambda p: np.log2(np.maximum(light(p), 2**-10)).mean(),
        lambda p: np.log2(light(p)).mean(),
        lambda p: np.log2(light(p[..., ::-1]) + 2**-10).mean(),
        lambda p: np.log2(light(p) + 2**-10),
        lambda p: np.log2(p @ [0.2126, 0.7152, 0.0722] + 2**-10).mean(),
        -4,
    ],
    "10.5": ["a", "c", "d", "e", "f", "g", "h", "curve", 2],
    "10.6": [
        (FINE, FLAT),  # swapped: brightness tells
        (FINE, 1 - FINE),
        (NOISE, 1 - NOISE),
        (FLAT, COLUMNS / 63 * 0.8 + 0.1),  # smooth: place tells
        (FLAT, np.where(COLUMNS < 32, 0.1, 0.9)),  # one edge is too little
        (FLAT, 0.4 + 0.05 * (FINE - 0.5)),  # too weak
        (FLAT / 8 + 0.01, FLAT * 2),  # dark everywhere
        (np.zeros((64, 64)), FINE),
        (np.round(FLAT * 255), np.round(FINE * 255)),  # bytes
        (FLAT[::2, ::2], FINE[::2, ::2]),
        (np.dstack([FLAT] * 3), np.dstack([FINE] * 3)),
        (FLAT,),
        FINE,
        (FLAT, np.full((64, 64), np.nan)),
    ],
    "10.7": ["a", "c", "d", "data", 2],
}


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


@pytest.mark.parametrize("look_up", RIGHT["10.3"])
def test_looking_up_at_each_pixel_is_what_the_kit_does(look_up):
    """Positions, levels, one gain for three channels, linear light: the whole of slicing around one look-up."""
    picture = RNG.integers(10, 230, (6, 9, 3), dtype=np.uint8)
    grid, key = RNG.normal(0, 1, (4, 5, 12)).astype(np.float32), -3.0
    tint = np.zeros((4, 5, 3), np.float32)
    stops = np.empty((6, 9))
    for row, column in np.ndindex(6, 9):
        y, x = (row + 0.5) * 4 / 6 - 0.5, (column + 0.5) * 5 / 9 - 0.5
        colour = picture[row, column] / 255
        brightness = (colour @ srgb.LUMINANCE + colour.max()) / 2
        level = np.log2(decoded(brightness) + 2**-10) - key + 6
        place = np.clip([y, x, level], 0, [3, 4, 11])
        stops[row, column] = np.squeeze(look_up(grid.astype(float), *place.tolist()))
    mine = RIGHT["10.2"][0](picture / 255, stops) * 255
    assert np.abs(mine - bilateral_slicing.apply(picture, key, grid, tint).astype(float)).max() < 2


def test_the_last_answer_is_that_of_the_kept_table(monkeypatch, capsys):
    kept = pd.read_csv(RESULTS / "output_heads" / "output_heads.csv")
    assert kept.groupby("head").psnr_db.mean().idxmin() == "curve"
    another = kept.assign(psnr_db=kept.psnr_db - 9 * (kept["head"] == "gain_map"))
    monkeypatch.setattr(notebook_10.pd, "read_csv", lambda _: another)
    accepts("10.5", "c", capsys)
    assert "came out behind" in refuses("10.5", "b")


@pytest.mark.parametrize(("train", "letter"), [(25.2, "b"), (28.0, "a"), (20.0, "b")])
def test_what_to_change_follows_from_the_kept_training(monkeypatch, capsys, tmp_path, train, letter):
    path = tmp_path / "enhancement" / "weights" / "hdrkit.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"last_epoch": {"psnr": train, "dev_psnr": 25.5}}), encoding="utf-8")
    monkeypatch.setattr(notebook_10, "PACKAGE", tmp_path)
    accepts("10.7", letter, capsys)
    for other in set("abcd") - {letter}:
        refuses("10.7", other)


def test_known_mistakes_are_named():
    assert "doublings" in refuses("10.1", [16, 2])
    assert "other order" in refuses("10.1", [1, 4])
    assert "encoded values" in refuses("10.2", WRONG["10.2"][0])
    assert "encoded already" in refuses("10.2", WRONG["10.2"][3])
    assert "no plain power" in refuses("10.2", WRONG["10.2"][10])
    assert "nearest entry" in refuses("10.3", nearest)
    assert "rows come first" in refuses("10.3", WRONG["10.3"][2])
    assert "wrong way round" in refuses("10.3", weights_swapped)
    assert "out of bounds" in refuses("10.3", past_the_edge)
    assert "plain mean" in refuses("10.3", WRONG["10.3"][11])
    assert "logarithm of a mean" in refuses("10.4", WRONG["10.4"][0])
    assert "encoded" in refuses("10.4", WRONG["10.4"][1])
    assert "what does the formula add" in refuses("10.4", WRONG["10.4"][12]).lower()
    assert "place and by brightness" in refuses("10.6", (FINE, FLAT))
    assert "between 0.05 and 0.95" in refuses("10.6", (np.round(FLAT * 255), np.round(FINE * 255)))
