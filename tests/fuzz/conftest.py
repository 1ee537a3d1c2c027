import sys

import pytest

GIGABYTES = 4  # of addresses that a test may take, beside those that are taken already


@pytest.fixture(scope="module", autouse=True)
def little_memory():
    """What asks for too much memory fails here, before the machine is ill."""
    if not sys.platform.startswith("linux"):  # others do not tell or do not keep to it
        yield
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as stream:
        taken = int(stream.read().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + GIGABYTES * 2**30, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)
