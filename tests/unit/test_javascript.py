"""The widgets' JavaScript in the Node that Playwright brings: its own tests, and its numbers against Python's."""

import base64
import json
import subprocess

import numpy as np
import pytest
from helpers.light_tables import KINDS, make_pictures
from playwright._impl._driver import compute_driver_executable

from hdrkit.core.files import PACKAGE
from hdrkit.widgets import pyramid
from hdrkit.widgets.analysis import Analyst, Question

TESTS = PACKAGE.parent / "tests" / "javascript"
NAMES = ["dark", "metered", "render"]
SIZE = (90, 50)


@pytest.fixture(scope="module")
def node():
    """Return a function that runs Node on files of tests/javascript."""

    def run(*arguments, **options):
        command = [compute_driver_executable()[0], *map(str, arguments)]
        done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=120, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_modules_pass_their_own_tests(node):
    said = node("--test", "--test-reporter=tap", *sorted(TESTS.glob("*.test.js")))
    assert "\n# fail 0\n" in said and "\n# pass 0\n" not in said


@pytest.fixture(scope="module", params=KINDS)
def arrays(request):
    arrays = {name: picture.array for name, picture in make_pictures(request.param, SIZE).items()}
    if request.param == "float32":  # light travels as float16
        return {name: array.astype(np.float16).astype(np.float32) for name, array in arrays.items()}
    return arrays


@pytest.mark.parametrize(
    ("push", "rectangle"), [(0.0, ()), (2.0, (5, 7, 40, 30)), (-1.5, (80, 3, 10, 40))], ids=["still", "up", "down"]
)
def test_a_page_without_kernel_gives_pythons_numbers(node, arrays, push, rectangle):
    wanted = Analyst(arrays)
    question = Question("dark", "render", "metered", push, rectangle)
    given = json.loads(node("analyse.js", input=json.dumps(_request(arrays, question))))
    for mine, theirs in zip(given["numbers"], wanted.numbers(question), strict=True):
        assert mine["what"] == theirs["what"]
        for name, tolerance in [("psnr", 0.01), ("ssim", 1e-4)]:
            for prefix in ("", "control_"):
                assert mine[prefix + name] == pytest.approx(theirs[prefix + name], abs=tolerance), (prefix, name)
    for side, theirs in wanted.histograms(question).items():
        mine = np.array(given["histograms"][side])
        assert mine.sum() == np.sum(theirs) > 0
        assert np.abs(mine - theirs).sum() <= 0.001 * mine.sum()  # on the edge between two bins


def _request(arrays, question):
    tiles = {f"{i}/0/0/0": _text(pyramid.pack(arrays[name])) for i, name in enumerate(NAMES)}
    about = [
        {"kind": pyramid.KINDS[array.dtype.name], "linear": array.dtype == np.float32} for array in arrays.values()
    ]
    asked = {side: NAMES.index(getattr(question, side)) for side in ("left", "right", "control")}
    asked |= {"rectangle": question.rectangle, "push": question.push}
    return {"pictures": about, "size": SIZE, "tile": pyramid.TILE, "tiles": tiles, "asked": asked}


def _text(data):
    return base64.b64encode(data).decode()
