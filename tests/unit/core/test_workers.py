"""Our threads follow the machine, and leave OpenCV as they found it, also where they overlap."""

import subprocess
import sys
import threading

import cv2
import numpy as np
import psutil
import pytest

import hdrkit
from hdrkit.core import workers

PICTURE = np.full((200, 300, 3), 60, np.uint8)


@pytest.fixture(autouse=True)
def three_threads():
    """OpenCV at a number of threads that is neither its default nor ours."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    yield
    cv2.setNumThreads(before)


def overlapping(first, second):
    """Run two contexts in threads of their own: the second is entered after the first, and left after it."""
    entered, may_leave = threading.Event(), threading.Event()

    def stay():
        with second():
            entered.set()
            may_leave.wait()

    with first():
        thread = threading.Thread(target=stay)
        thread.start()
        entered.wait()
    inside = cv2.getNumThreads()
    may_leave.set()
    thread.join()
    return inside


def test_overlapping_pools_leave_opencv_its_threads():
    inside = overlapping(lambda: workers.opencv_workers(2), lambda: workers.opencv_workers(2))
    assert inside == 1  # the second pool still needs OpenCV to work alone
    assert cv2.getNumThreads() == 3


def test_a_failure_inside_leaves_opencv_its_threads():
    with pytest.raises(ValueError), workers.opencv_workers(2):
        raise ValueError
    assert cv2.getNumThreads() == 3


def test_what_has_not_begun_is_not_waited_for():
    begun, may_end = threading.Event(), threading.Event()
    with pytest.raises(KeyboardInterrupt), workers.opencv_workers(1) as pool:
        pool.submit(lambda: (begun.set(), may_end.wait()))
        waiting = pool.submit(may_end.set)
        begun.wait()
        threading.Timer(0.1, may_end.set).start()
        raise KeyboardInterrupt
    assert waiting.cancelled()


def test_many_pictures_at_once_leave_opencv_its_threads():
    wanted, found = hdrkit.enhance(PICTURE), []
    threads = [threading.Thread(target=lambda: found.append(hdrkit.enhance(PICTURE))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(np.array_equal(picture, wanted) for picture in found)
    assert cv2.getNumThreads() == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no list of open files")
def test_first_pictures_at_once_leave_the_error_stream():
    """The network is loaded with the error stream of the process turned away; afterwards it is the old one."""
    script = (
        "import os, sys, threading, numpy as np, hdrkit; before = os.fstat(2), len(os.listdir('/dev/fd'))\n"
        "work = [threading.Thread(target=hdrkit.enhance, args=(np.zeros((99, 99, 3), np.uint8),)) for _ in range(4)]\n"
        "[t.start() for t in work]; [t.join() for t in work]\n"
        "assert os.path.samestat(os.fstat(2), before[0]) and len(os.listdir('/dev/fd')) == before[1]\n"
        "print('said', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "said\n")


@pytest.mark.parametrize(("cores", "gigabytes", "fit"), [(1, 64, 1), (8, 64, 8), (16, 8, 4), (4, 1, 1), (12, 0, 12)])
def test_workers_follow_cores_and_memory(monkeypatch, cores, gigabytes, fit):
    monkeypatch.setattr(workers, "usable_cores", lambda: cores)
    monkeypatch.setattr(workers, "memory_bytes", lambda: gigabytes * 2**30)
    assert workers.fitting() == fit


def test_processes_of_a_pool_end_with_who_started_it():
    """Its own process is killed, while one of the pool's works for a thousand seconds."""
    script = (
        "import os, time; from concurrent.futures import ProcessPoolExecutor; from multiprocessing import get_context\n"
        "from hdrkit.core.workers import begin_process\n"
        "pool = ProcessPoolExecutor(1, get_context('spawn'), begin_process)\n"
        "print(pool.submit(os.getpid).result(), flush=True); pool.submit(time.sleep, 1000).result()"
    )
    started = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    worker = psutil.Process(int(started.stdout.readline()))
    assert worker.status() != psutil.STATUS_ZOMBIE
    started.kill()
    started.communicate()
    gone, _ = psutil.wait_procs([worker], timeout=60)
    assert gone or worker.status() == psutil.STATUS_ZOMBIE  # where nobody asks what became of it
