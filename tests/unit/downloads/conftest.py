import pytest
from helpers.servers import serving


@pytest.fixture
def server(monkeypatch):
    """A server on this machine, which proxies of the machine do not come between."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        yield running
