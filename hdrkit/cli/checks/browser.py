"""Is there a Chromium? The tests of the widgets need one; JupyterLab and the pages open in any browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hdrkit.cli.checks.check import NOTE, OK, WARNING, Check

ASKED = "HDRKIT_CHROMIUM"  # names the browser where it is none of these
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ELSEWHERE = {  # where browsers lie that are on no PATH
    "darwin": ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
               "/Applications/Chromium.app/Contents/MacOS/Chromium"),
    "win32": (r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
              r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
              r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
              r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe"),
}  # fmt: skip
SECONDS = 20
INSTALL = f"install Chromium or Chrome, or let {ASKED} name one"


def find_chromium() -> str | None:
    """Return the path of a Chromium or of a browser made from it: the one that HDRKIT_CHROMIUM names, or the first."""
    if asked := os.environ.get(ASKED):
        return shutil.which(asked)
    elsewhere = (os.path.expandvars(path) for path in ELSEWHERE.get(sys.platform, ()))
    return next(filter(None, map(shutil.which, (*NAMES, *elsewhere))), None)


def browser() -> Check:
    """Look for a Chromium, and let it say its version."""
    path = find_chromium()
    if path is None and ASKED in os.environ:
        return Check("browser", WARNING, f"{ASKED} names {os.environ[ASKED]}, which is no program", INSTALL)
    if path is None:
        return Check("browser", NOTE, "no Chromium: only needed to test the widgets", INSTALL)
    if sys.platform == "win32":  # asked for its version, Chrome opens a window there
        return Check("browser", OK, Path(path).as_posix())
    try:
        done = subprocess.run([path, "--version"], capture_output=True, encoding="utf-8", errors="replace",
                              timeout=SECONDS, check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return Check("browser", WARNING, f"{path} does not start", INSTALL)
    return Check("browser", OK, f"{done.stdout.strip()}, {path}")
