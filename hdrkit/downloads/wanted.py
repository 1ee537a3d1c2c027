"""A file to fetch, how long to be patient for it, and why it cannot be had."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """A file to fetch: its name in the folder of the download, and its address.

    bytes, md5: as somebody else than its server states them, who is believed; None where nobody does. most: the bytes
    that it may have at most, where nobody states them.
    """

    name: str
    address: str
    bytes: int | None = None
    md5: str | None = None
    most: int = 2**30


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for; times in seconds.

    tries: in a row without anything new, until a file is given up. pause: after the first of them, then twice as long
    each time, up to longest_pause. longest_wait: that a server may ask for (Retry-After). A connection that brings
    fewer than `least_bytes` in `window` seconds is given up for another.
    """

    tries: int = 8
    pause: float = 1
    longest_pause: float = 60
    longest_wait: float = 600
    connect: float = 10
    read: float = 30
    window: float = 60
    least_bytes: int = 64 * 1024

    def after(self, tries: int) -> float:
        """Return the pause after so many tries in vain, at least one."""
        return min(self.pause * 2 ** (tries - 1), self.longest_pause)


USUAL = Patience()


class MissingError(Exception):
    """A file cannot be had; its message says why. Others may still be."""


class GaveUpError(MissingError):
    """A file cannot be had now: it was tried again and again."""
