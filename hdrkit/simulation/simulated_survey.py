"""Surveys that a simulated camera takes in panoramas: what is there of one is found, what is missing is captured.

One is laid out as the HDR Photographic Survey:

    <survey>/survey.csv       scene, place and split of each scene
    <survey>/truth.json       the map from the render's pixels to those of each frame
    <survey>/<Scene name>/    its frames and its render, see `scenes`
"""

import csv
import io
import json
import shutil
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from hdrkit.core import executors
from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256, written_whole
from hdrkit.core.progress_bar import bar
from hdrkit.core.workers import begin_process
from hdrkit.simulation import scenes
from hdrkit.simulation.views import View, true_maps

LIST = "survey.csv"
PANORAMAS = "panoramas.csv"  # of a survey of one's own panoramas, see `panorama_survey`
SCENE_BYTES = 2_200_000  # nine frames and a render
MOST_PROCESSES = 61  # that Windows can wait for


@dataclass(frozen=True)
class Plan:
    """A survey in a folder: its views by scene, the key of each, and the scenes that are there, whole, as in it."""

    out: Path
    seed: int
    views: dict[str, View]
    keys: dict[str, str]
    present: frozenset[str]

    @property
    def missing(self) -> list[View]:
        return [view for scene, view in self.views.items() if scene not in self.present]

    @property
    def stale(self) -> list[Path]:
        """The folders of scenes of the same names that were made from something else."""
        return [self.out / v.scene for v in self.missing if (self.out / v.scene / scenes.STAMP).exists()]


def look(views: Iterable[View], seed: int, out: Path) -> Plan:
    """Return what a survey of these views needs, and what is there of it already."""
    named = {view.scene: view for view in views}
    code = code_key(scenes.__name__)
    digests = {path: sha256(path) if path.is_file() else "missing" for path in {v.path for v in named.values()}}
    keys = {scene: scenes.scene_key(view, digests[view.path], seed, code) for scene, view in named.items()}
    present = frozenset(scene for scene in named if scenes.is_whole(out / scene, keys[scene]))
    return Plan(out, seed, named, keys, present)


def complete(plan: Plan, wanted: Collection[str], workers: int, executor: Executor | None) -> None:
    """Capture those of the wanted scenes that are not there, and list those and all that are.

    Stale scenes are removed first. See `embedded_survey.capture`.
    """
    try:
        plan.out.mkdir(parents=True, exist_ok=True)
        for folder in plan.stale:
            shutil.rmtree(folder)
        missing = [view for view in plan.missing if view.scene in wanted]
        if jobs := [(view, plan.seed, plan.out.resolve(), plan.keys[view.scene]) for view in missing]:
            write_scenes(jobs, workers, executor)
        listed = [view for scene, view in plan.views.items() if scene in plan.present or scene in wanted]
        write_lists(listed, plan.seed, plan.out)
    except OSError as error:
        reason = f"cannot write the survey ({error.strerror})"
        room = f"free {len(plan.missing) * SCENE_BYTES / 1e6:.0f} MB there or name another folder"
        raise HdrkitError(f"{plan.out}: {reason}; {room}, then run the same command again") from error
    except BrokenExecutor as error:
        why = 'memory ran out, or the script that captures lacks `if __name__ == "__main__":`'
        raise HdrkitError(f"{plan.out}: a worker died: {why}; mend that and run again to continue") from error


def write_scenes(jobs: list[tuple], workers: int, executor: Executor | None) -> None:
    """Run `scenes.write_scene` on every job in parallel; the first failure stops the rest."""
    if executor := executor or executors.chosen(scenes.__name__):
        run_all(executor, executors.elsewhere(scenes.__name__, scenes.write_scene), jobs)
        return
    # Workers start afresh ("spawn") because a fork of a process with TensorFlow's threads may hang.
    with ProcessPoolExecutor(min(workers, MOST_PROCESSES), get_context("spawn"), begin_process) as pool:
        run_all(pool, scenes.write_scene, jobs)


def run_all(executor: Executor, write: Callable[..., None], jobs: list[tuple]) -> None:
    """Call `write` on every job, in an executor; what has not begun when one fails, or at Ctrl-C, is not begun."""
    futures = [executor.submit(write, *job) for job in jobs]
    try:
        for future in bar(as_completed(futures), "taking the survey", len(jobs), unit="scene"):
            future.result()
    finally:
        for future in futures:  # those that are done do not mind
            future.cancel()


def write_if_changed(path: Path, text: str) -> None:
    """Write `text` unless the file holds it already, so that what depends on the file stays fresh."""
    content = text.encode()
    if not path.is_file() or path.read_bytes() != content:
        with written_whole(path) as temporary:
            temporary.write_bytes(content)


def write_lists(views: list[View], seed: int, out: Path) -> None:
    """Write survey.csv, the place and split of each scene, and truth.json, the maps from renders to frames."""
    table = io.StringIO()
    rows = [(view.scene, view.place, view.split) for view in views]
    csv.writer(table, lineterminator="\n").writerows([("scene", "place", "split"), *rows])
    write_if_changed(out / LIST, table.getvalue())
    write_if_changed(out / "truth.json", json.dumps({view.scene: true_maps(view, seed) for view in views}))
