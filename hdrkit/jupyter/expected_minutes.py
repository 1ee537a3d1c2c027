"""How many minutes each notebook takes on this machine: as it took here, or reckoned from a machine that is known."""

import json
import time
from pathlib import Path
from typing import Any, NamedTuple

from hdrkit.core.files import write_json
from hdrkit.core.machine import machine, usable_cores
from hdrkit.jupyter.course import stated_minutes

PACE = "pace.json"  # in the folder of what is generated: what `pace` measured, and of which machine
REFERENCE_SECONDS, REFERENCE_CORES = 0.125, 2  # what `work` takes on the reference machine
ROUNDS = 5


class Expected(NamedTuple):
    """Minutes by notebook, named without suffix: to read and try, to run here; and what these rest on, a sentence."""

    to_read: dict[str, float]
    to_run: dict[str, float]
    source: str


def expected(notebooks: list[Path], run: Path, build: Path) -> Expected:
    """Return what the notebooks take on this machine.

    run: the folder of `make reproduce`, whose times count if it ran all of them on this machine.
    build: where the pace of this machine is kept. Raises HdrkitError where the disk is full.
    """
    stated = {notebook.stem: minutes for notebook in notebooks if (minutes := stated_minutes(notebook))}
    to_read = {name: minutes.to_read for name, minutes in stated.items()}
    measured = _of_this_machine(run / "run.json").get("seconds", {})
    names = [notebook.stem for notebook in notebooks]
    if set(measured) >= set(names):
        to_run = {name: measured[name] / 60 for name in names}
        return Expected(to_read, to_run, "It was measured when `make reproduce` ran on this machine.")
    slower = pace(build / PACE) / REFERENCE_SECONDS * max(1, REFERENCE_CORES / usable_cores())
    source = f"""It is an estimate: the minutes that each notebook states, which are of a computer with two cores, times
{slower:.1f}, from a short test of this computer's speed. More than two cores make it faster."""
    return Expected(
        to_read, {name: minutes.to_run * slower for name, minutes in stated.items()}, " ".join(source.split())
    )


def pace(kept: Path) -> float:
    """Return the seconds that `work` takes here: measured once, and again where `kept` is of another machine."""
    seconds = _of_this_machine(kept).get("seconds")
    if isinstance(seconds, float):
        return seconds
    seconds = min(work() for _ in range(ROUNDS))
    write_json(kept, {"machine": machine(), "seconds": round(seconds, 3)})
    return seconds


def work() -> float:
    """Lay frames over each other, smooth and encode them, as notebooks do; return the processor's seconds for it.

    Not those of the clock: another program that is busy for a moment must not count.
    """
    import cv2
    import numpy as np

    frame = np.random.default_rng(0).random((560, 840, 3), np.float32)
    turn = cv2.getRotationMatrix2D((420, 280), 1, 1.01)
    started = time.process_time()
    for _ in range(4):
        laid = cv2.warpAffine(frame, turn, (840, 560), flags=cv2.INTER_CUBIC)
        np.power(cv2.GaussianBlur(laid, (0, 0), 4).clip(0, 1), 1 / 2.2)
    return time.process_time() - started


def _of_this_machine(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds that was written on this very machine; nothing of others, or of damaged ones."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return record if record["machine"] == machine() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
