"""Work on a cluster: the same files and tables as on one machine, also where a worker dies half-way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from distributed import Client, LocalCluster
from helpers.scenes import make_scene

from hdrkit.core import executors, files
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256
from hdrkit.dataset.alignment import align
from hdrkit.dataset.crops import cut
from hdrkit.dataset.survey import Survey
from hdrkit.evaluation import scoring
from hdrkit.simulation import embedded_survey, embedded_views

SCENES = [view.scene for view in embedded_views.read_views()][:6]


@pytest.fixture(scope="module")
def cluster(same_kit):
    """A real Dask cluster: a scheduler and three processes."""
    with LocalCluster(3, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as made:
        yield made


@pytest.fixture
def chosen(cluster, monkeypatch):
    monkeypatch.setenv(executors.VARIABLE, cluster.scheduler_address.replace("tcp", "dask", 1))


@pytest.fixture(autouse=True, scope="module")
def same_kit():
    """Let the cluster's processes find the kit that is under test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(files.PACKAGE.parent))
        yield


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return embedded_survey.capture(tmp_path_factory.mktemp("here") / "embedded", scenes=SCENES)


def sums(folder):
    return {path.relative_to(folder): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.slow
def test_a_survey_is_the_same_when_a_worker_is_killed_half_way(survey, cluster, chosen, tmp_path):
    killed = []

    def kill_one(folder):
        while not any(folder.glob("*/*.*")):
            time.sleep(0.01)
        with Client(cluster) as client:
            killed.append(next(iter(client.run(os.getpid).values())))
        os.kill(killed[0], signal.SIGKILL)

    with ThreadPoolExecutor() as pool:
        killer = pool.submit(kill_one, tmp_path / "embedded")
        there = embedded_survey.capture(tmp_path / "embedded", scenes=SCENES)
        killer.result(timeout=60)
    assert killed and sums(there) == sums(survey)


@pytest.mark.slow
def test_scenes_are_aligned_to_the_same_pixels(survey, chosen, tmp_path, monkeypatch):
    scenes = Survey(survey).scenes
    there = align(scenes, tmp_path / "there")
    monkeypatch.delenv(executors.VARIABLE)
    here = align(scenes, tmp_path / "here")
    assert [path.name for path in sorted((tmp_path / "there").iterdir())] == [
        path.name for path in sorted((tmp_path / "here").iterdir())
    ]
    for one, other in zip(here, there, strict=True):
        assert one.name == other.name and np.array_equal(one.frames, other.frames)
        assert np.array_equal(one.maps, other.maps)


def test_scores_are_the_same(chosen, monkeypatch):
    crops = cut([make_scene(name, "test", (32, 48), seed) for seed, name in enumerate("abc")], 32)
    monkeypatch.setattr(scoring, "PART", 10)
    there = scoring.score(crops.x, crops, "input", survey="s")
    monkeypatch.delenv(executors.VARIABLE)
    pd.testing.assert_frame_equal(there, scoring.score(crops.x, crops, "input", survey="s"))


def test_any_executor_will_do():
    crops = cut([make_scene("a", "test", (32, 48), 0)], 32)
    with ThreadPoolExecutor() as pool:
        there = scoring.score(crops.x, crops, "input", executor=pool)
    pd.testing.assert_frame_equal(there, scoring.score(crops.x, crops, "input"))


def test_a_worker_with_other_code_is_refused():
    with pytest.raises(HdrkitError, match="install the same on all machines"):
        executors.same_code("hdrkit.core.executors", "other")


@pytest.fixture
def empty():
    """A scheduler without workers."""
    with LocalCluster(1, processes=True, dashboard_address=None, host="127.0.0.1") as made:
        made.scale(0)
        while made.scheduler.workers:
            time.sleep(0.01)
        yield made


@pytest.mark.slow
def test_a_worker_of_another_version_is_refused_before_it_gets_work(empty, tmp_path, monkeypatch):
    shutil.copytree(files.PACKAGE, tmp_path / "hdrkit", ignore=shutil.ignore_patterns("__pycache__"))
    with open(tmp_path / "hdrkit" / "dataset" / "crops.py", "a", encoding="utf-8") as stream:
        stream.write("ANOTHER = 1\n")
    monkeypatch.setenv(executors.VARIABLE, empty.scheduler_address.replace("tcp", "dask", 1))
    command = [sys.executable, "-m", "distributed.cli.dask_worker", empty.scheduler_address, "--no-nanny"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    with subprocess.Popen([*command, "--no-dashboard"], cwd=tmp_path, env=environment) as worker:
        try:
            while not empty.scheduler.workers:
                assert worker.poll() is None
                time.sleep(0.05)
            with pytest.raises(HdrkitError, match="another version of it or of a package; install the same"):
                executors.chosen("hdrkit.evaluation.scoring")
        finally:
            worker.kill()


def test_without_an_address_work_is_done_here(monkeypatch):
    monkeypatch.delenv(executors.VARIABLE, raising=False)
    assert executors.chosen("hdrkit.evaluation.scoring") is None


ODD = ["dask://a..b:80", f"dask://{'a' * 64}:80", "dask://a:999999", "dask://ä:1"]  # on which libraries break


@pytest.mark.parametrize(
    "address", ["tcp://node1:8786", "dask://node1", "dask://", "dask://a b:1", "dask://n:1;x", *ODD]
)
def test_what_is_no_address_is_named(address):
    with pytest.raises(HdrkitError, match="not the address of a scheduler"):
        executors.checked(address)
    for known in ("dask://node-1.lab_2:8786", "dask://127.0.0.1:1", "dask://[::1]:8786"):
        assert executors.checked(known) == known


def test_a_scheduler_without_workers_is_named(empty, monkeypatch):
    monkeypatch.setenv(executors.VARIABLE, empty.scheduler_address.replace("tcp", "dask", 1))
    with pytest.raises(HdrkitError, match="has no workers"):
        executors.chosen("hdrkit.evaluation.scoring")


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv(executors.VARIABLE, "dask://127.0.0.1:9")
    monkeypatch.setattr(executors, "PATIENCE", 0.5)
    with pytest.raises(HdrkitError, match="no Dask scheduler answers there"):
        executors.chosen("hdrkit.evaluation.scoring")
