"""Threads of our own beside OpenCV's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import cv2


@contextmanager
def opencv_workers(count: int) -> Iterator[ThreadPoolExecutor]:
    """Yield a pool of `count` threads, in each of which OpenCV works alone: its own would only get in their way."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with ThreadPoolExecutor(count) as pool:
            yield pool
    finally:
        cv2.setNumThreads(threads)
