"""Threads and processes of our own beside OpenCV's."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess

import cv2

from hdrkit.core.machine import memory_bytes, usable_cores
from hdrkit.core.process_wide import ProcessWide

SCENE_BYTES = 2 * 2**30  # memory used while a bracket of nine frames of 12 megapixels is aligned


def fitting() -> int:
    """Return how many workers fit the machine: one for each core, as far as memory holds a bracket for each."""
    memory = memory_bytes() or float("inf")  # 0 where the system does not tell
    return int(max(1, min(usable_cores(), memory // SCENE_BYTES)))


DEFAULT = fitting()


@ProcessWide
@contextmanager
def opencv_alone() -> Iterator[None]:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


@contextmanager
def opencv_workers(count: int = DEFAULT) -> Iterator[ThreadPoolExecutor]:
    """Yield a pool of `count` threads, in each of which OpenCV works alone: its own would only get in their way.

    OpenCV's number of threads is one for the whole process; it is restored when the last of overlapping pools ends.
    """
    with opencv_alone, ThreadPoolExecutor(count) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what has not begun need not be waited for
            raise


def begin_process() -> None:
    """Begin the work of a process of a pool: OpenCV works alone there, and it ends when who started it has ended.

    A pool whose own process is killed ends none of its processes; they would finish what they were given, while the
    next run makes the same, and then wait for ever.
    """
    cv2.setNumThreads(1)
    if parent := parent_process():
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
