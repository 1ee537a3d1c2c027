"""JupyterLab as students have it: for this machine alone, behind a token, quiet, and ended by one Ctrl-C.

What decides this stands in a folder of settings that beats the user's own. What was asked for beside it, on the
command line, is looked at before anything listens.
"""

import ipaddress
import os
import secrets
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import write_json

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

IN_CONTAINER = "HDRKIT_LAB_IN_CONTAINER"  # set by an image whose ports Docker publishes: listen beyond 127.0.0.1
LOCAL, EVERYWHERE = "127.0.0.1", "0.0.0.0"
DEFAULTS = {  # of JupyterLab: Markdown opens as a page, and nobody is asked whether to fetch news from the network
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def serve(root: Path, page: str, log: Path, options: Sequence[str]) -> None:
    """Run JupyterLab on the folder `root`, on the file `page` in it, until it is ended.

    In it, the kernel `python3`, which the notebooks ask for, is this interpreter; other kernels stay what they are.
    What C code prints in the kernels goes to `log`.
    Raises HdrkitError where JupyterLab is missing, or where `options` ask to listen beyond this machine or to let
    people in without a token.
    """
    _spare_the_start()
    try:
        from jupyter_server.serverapp import ServerApp
        from jupyterlab.labapp import LabApp
    except ModuleNotFoundError:
        raise HdrkitError('JupyterLab is not installed; run: pip install -e ".[lab]"') from None
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    with tempfile.TemporaryDirectory(prefix="hdrkit-") as folder:
        _write_settings(Path(folder), root, page, log)
        server = ServerApp.instance(jpserver_extensions={"jupyterlab": True})
        server.aliases.update(LabApp.aliases)
        server.initialize(list(options), starter_extension="lab", new_httpserver=False)
        refuse_strangers(server)
        server.init_httpserver()
        _end_at_once(server)
        server.io_loop.add_callback(_say_where, server)  # after the callback of `init_httpserver`, which listens
        server.start()
    print("\nJupyterLab has ended. The same command opens it again, with all that you have saved.")


def refuse_strangers(server: "ServerApp") -> None:
    """Raise HdrkitError for a server, not listening yet, that others could reach or that wants no token."""
    if server.sock or (server.ip != EVERYWHERE if IN_CONTAINER in os.environ else not _is_local(server.ip)):
        asked = server.sock or server.ip or EVERYWHERE
        raise HdrkitError(f"{asked}: the lab listens on {LOCAL} only, as its notebooks may do all that you may; "
                          "leave out that option, or run `jupyter lab` instead")  # fmt: skip
    if not server.identity_provider.token:
        raise HdrkitError("the lab needs a token: everybody on this machine could run code in your name without one; "
                          "leave out the option that empties it")  # fmt: skip


def _end_at_once(server: "ServerApp") -> None:
    """End server and kernels on Ctrl-C, about which Jupyter would ask first, and when the terminal is closed."""
    for name in ("SIGINT", "SIGHUP"):  # Windows has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: server.stop(from_signal=True))


def _say_where(server: "ServerApp") -> None:
    print(f"JupyterLab is at {address(server)}\nCtrl-C in this terminal ends it.", flush=True)


def address(server: "ServerApp") -> str:
    """Return the address of the page that opens, with the token."""
    port = server.port
    return f"http://{LOCAL}:{port}{server.default_url}?token={server.identity_provider.token}"


def open_running(root: Path, browser: bool) -> None:
    """Say where the lab of the folder `root` runs already and, if wanted, open it in the browser.

    Raises HdrkitError where it is only starting.
    """
    from jupyter_core.paths import jupyter_runtime_dir
    from jupyter_server.serverapp import list_running_servers

    running = next((one for one in list_running_servers() if Path(one["root_dir"]) == root), None)
    if running is None:
        raise HdrkitError(f"{root}: a lab is being started here already; wait for it, or end it with Ctrl-C")
    print(f"JupyterLab runs here already, at {running['url']}lab?token={running['token']}")
    if browser:
        redirect = Path(jupyter_runtime_dir()) / f"jpserver-{running['pid']}-open.html"  # keeps the token out of `ps`
        webbrowser.open(redirect.as_uri())


def _is_local(ip: str) -> bool:
    try:
        return ip == "localhost" or ipaddress.ip_address(ip).is_loopback
    except ValueError:  # a name, or nothing, which stands for all addresses
        return False


def _spare_the_start() -> None:
    """Keep jsonschema from a grammar for international addresses, which takes two seconds and serves nothing here."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def _write_settings(folder: Path, root: Path, page: str, log: Path) -> None:
    """Write what Jupyter is to read before the user's own settings, and name it in the environment."""
    from ipykernel.kernelspec import write_kernel_spec

    from hdrkit.jupyter.kernel import specification

    write_json(folder / "jupyter_server_config.json", _settings(root, page))
    write_json(folder / "labconfig" / "default_setting_overrides.json", DEFAULTS)
    (folder / "kernels").mkdir()
    write_kernel_spec(folder / "kernels" / "python3", specification(log.resolve()))
    for variable in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):
        os.environ[variable] = os.pathsep.join(filter(None, [str(folder), os.environ.get(variable)]))


def _settings(root: Path, page: str) -> dict[str, dict]:
    return {
        "ServerApp": {
            "ip": EVERYWHERE if IN_CONTAINER in os.environ else LOCAL,
            "sock": "",
            "identity_provider_class": "jupyter_server.auth.identity.PasswordIdentityProvider",
            "root_dir": str(root.resolve()),
            "allow_root": True,  # in a container one often is; nobody else gets in
            "log_level": "ERROR",
        },
        "IdentityProvider": {"token": secrets.token_hex(24)},
        "LabApp": {
            "default_url": f"/lab/tree/{quote(page)}",
            "log_level": "ERROR",
            "extension_manager": "readonly",  # the other one starts Node, and asks PyPI
        },
        "LanguageServerManager": {"autodetect": False},  # would start Node, too
    }
