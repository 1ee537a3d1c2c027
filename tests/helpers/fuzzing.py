"""Fuzzing: input is drawn or damaged by Hypothesis, and only documented errors may come out.

A little is drawn, the same each time, in every run of the tests; much, anew, every night: HDRKIT_FUZZ=100 multiplies
the examples. What failed is then kept in .hypothesis/, and tried first the next time. The smallest input that fails is
printed; it becomes an `@example` of its test, and so is tried for ever.
"""

import os
from contextlib import contextmanager, suppress

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from hdrkit.core.errors import HdrkitError

TIMES = int(os.environ.get("HDRKIT_FUZZ", "1"))
# Bytes that are a sign, a length or an end to somebody.
TELLING = st.sampled_from([b"\0", b"\1", b"\x7f", b"\x80", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)])


def drawn(examples):
    """Return the decorator of a test that tries so many examples, or, at night, a multiple."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        suppress_health_check=checks,
        print_blob=True,
    )


@contextmanager
def only_documented_errors():
    """Let HdrkitError pass; any other exception fails the test."""
    with suppress(HdrkitError):
        yield


def damaged(data, start=0):
    """Return a strategy of `data` with some bytes set, deleted, put in, or cut off at the end, behind `start`."""
    place = st.one_of(st.integers(start, min(len(data), start + 300)), st.integers(start, len(data)))
    bits = st.one_of(TELLING, st.binary(min_size=1, max_size=16))
    edit = st.tuples(st.sampled_from(["set", "set", "set", "delete", "insert", "cut"]), place, bits)
    return st.lists(edit, min_size=1, max_size=6).map(lambda edits: _edited(data, edits))


def _edited(data, edits):
    found = bytearray(data)
    for kind, at, bits in edits:
        if kind == "set":
            found[at : at + len(bits)] = bits
        elif kind == "insert":
            found[at:at] = bits
        elif kind == "delete":
            del found[at : at + len(bits)]
        else:
            del found[at:]
    return bytes(found)
