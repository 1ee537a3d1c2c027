"""Nobody but the student gets in, whatever she has in her own settings or asks for."""

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.jupyter import server

# The real server, but for its loop: where it would begin to listen, it says what it would do.
PROBE = """
import json, pathlib, sys
from jupyter_server.serverapp import ServerApp
from hdrkit.jupyter.server import serve
def start(app):
    print(json.dumps([app.ip, app.sock, app.identity_provider.token, app.default_url]))
ServerApp.start = start
serve(pathlib.Path(), "work/start.md", pathlib.Path("lab.log"), sys.argv[1:])
"""
CARELESS = """
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.sock = "lab.sock"
c.IdentityProvider.token = ""
c.PasswordIdentityProvider.hashed_password = "argon2:abc"
"""


@pytest.fixture
def start(tmp_path):
    """Return a function that starts the server with options and environment; it returns the process."""
    (tmp_path / "jupyter_server_config.py").write_text(CARELESS, encoding="utf-8")

    def start(*options, **environment):
        own = dict.fromkeys(["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"], str(tmp_path))
        path = os.pathsep.join(sys.path)
        return subprocess.Popen(
            [sys.executable, "-c", PROBE, *options], cwd=(tmp_path / "root"), text=True, stdout=-1, stderr=-1,
            env=os.environ | own | {"PYTHONPATH": path} | environment,
        )  # fmt: skip

    (tmp_path / "root").mkdir()
    return start


def test_careless_settings_of_the_user_are_beaten(start):
    words, errors = start(JUPYTER_TOKEN="").communicate(timeout=300)
    assert words, errors
    ip, sock, token, url = json.loads(re.search(r"^\[.*\]$", words, re.M)[0])
    assert (ip, sock, url) == ("127.0.0.1", "", "/lab/tree/work/start.md")
    assert re.fullmatch("[0-9a-f]{48}", token)


@pytest.mark.slow
def test_options_that_let_others_in_are_refused_before_anything_listens(start):
    careless = ["--ip=0.0.0.0", "--ServerApp.ip=*", "--ServerApp.sock=s", "--IdentityProvider.token=",
                "--ServerApp.token="]  # fmt: skip
    harmless = ["--ServerApp.password=", "--port=9123", "--IdentityProvider.token=abc", "--ip=localhost"]
    started = {option: start(option) for option in careless + harmless}
    errors = {option: process.communicate(timeout=300)[1] for option, process in started.items()}
    refused = {option for option, words in errors.items() if "HdrkitError: " in words}
    assert refused == set(careless), errors
    assert all(started[option].returncode == 0 for option in harmless), errors


def opened(ip, token="abc", sock=""):
    return SimpleNamespace(ip=ip, sock=sock, identity_provider=SimpleNamespace(token=token))


@pytest.mark.parametrize("ip", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_this_machine_may(ip):
    server.refuse_strangers(opened(ip))


@pytest.mark.parametrize("ip", ["0.0.0.0", "", "*", "::", "192.168.1.2", "example.org", "127.0.0.1.example.org"])
def test_others_may_not(ip):
    with pytest.raises(HdrkitError, match=r"listens on 127\.0\.0\.1 only"):
        server.refuse_strangers(opened(ip))


def test_in_a_container_its_ports_are_dockers_to_publish_but_the_token_stays(monkeypatch):
    monkeypatch.setenv(server.IN_CONTAINER, "1")
    server.refuse_strangers(opened("0.0.0.0"))
    with pytest.raises(HdrkitError, match="needs a token"):
        server.refuse_strangers(opened("0.0.0.0", token=""))


def test_without_jupyterlab_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    with pytest.raises(HdrkitError, match=r'pip install -e "\.\[lab\]"'):
        server.serve(tmp_path, "start.md", tmp_path / "log", [])
