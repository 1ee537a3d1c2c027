"""One connection, which fetches one file after the other, whatever servers do.

It goes on where it stopped, tries again after pauses, checks what it gets, and gives up in the end.
"""

import hashlib
import re
import threading
import time
from typing import Any

import requests
import urllib3
from requests import exceptions
from tqdm import tqdm

from hdrkit import __version__
from hdrkit.core.errors import printable
from hdrkit.downloads.disk_room import check_room
from hdrkit.downloads.partial_files import PartialFile
from hdrkit.downloads.wanted import GaveUpError, MissingError, Patience, Wanted

CHUNK = 1024 * 1024  # bytes that are asked for at once; fewer are taken as they come
PASSING = (408, 425, 429, 500, 502, 503, 504)  # a server that answers so may answer otherwise soon
LASTING = (exceptions.TooManyRedirects, exceptions.InvalidURL, exceptions.InvalidSchema, exceptions.MissingSchema)
REDIRECTS = 5
UNANSWERED = 3  # tries while no server has answered yet: where there is no network, say so soon
LONGEST_REASON = 60  # letters of why a server says no
BEGINNINGS = {".jpg": b"\xff\xd8\xff", ".exr": b"\x76\x2f\x31\x01", ".hdr": b"#?", ".zip": b"PK", ".json": b"{"}
WORDS: dict[
    type | tuple[type, ...], str
] = {  # the first that fits; libraries' own words name objects and addresses in memory
    exceptions.TooManyRedirects: f"more than {REDIRECTS} redirects",
    LASTING: "redirected to what is no address",
    exceptions.SSLError: "its certificate is not valid",
    (exceptions.Timeout, urllib3.exceptions.TimeoutError): "no answer in time",
    (exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError): "the connection broke",
    exceptions.ConnectionError: "no connection",
}


class StoppedError(Exception):
    """No more files are wanted."""


class _PassingError(Exception):
    """A try in vain. `wait`: the seconds that the server asks for; `slow`: it brought something, but hardly."""

    def __init__(self, reason: str, wait: float = 0, slow: bool = False):
        super().__init__(reason)
        self.wait, self.slow = wait, slow


class Connection:
    """A session that names the kit, as Poly Haven's terms want. Once `stop` is set, it raises StoppedError."""

    def __init__(self, patience: Patience, stop: threading.Event):
        self.patience, self.stop = patience, stop
        self.session = requests.Session()
        self.session.headers.update({"User-Agent": f"hdrkit/{__version__}", "Accept-Encoding": "identity"})
        self.session.max_redirects = REDIRECTS
        self.session.hooks["response"].append(_without_body)
        self.answered = False  # by any server so far

    def fetch(self, wanted: Wanted, part: PartialFile, shown: tqdm) -> None:
        """Fetch a file into `part` and check it there; a bar shows its bytes, and what is waited for.

        Raises MissingError where it cannot be had, GaveUpError where trying again did not help, and HdrkitError where
        the disk is too small for it.
        """
        most, tries = part.size, 0
        while True:
            wait, slow = 0.0, False
            try:
                if not part.is_whole(wanted.address):
                    self._go_on(wanted, part, shown)
                return _check(wanted, part)
            except LASTING as error:
                raise MissingError(_reason(error)) from error
            except _PassingError as error:
                reason, wait, slow = str(error), error.wait, error.slow
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                reason = _reason(error)
            tries = tries + 1 if slow or part.size <= most else 1
            most = max(most, part.size)
            limit = self.patience.tries if self.answered else min(self.patience.tries, UNANSWERED)
            if tries >= limit or wait > self.patience.longest_wait:
                raise GaveUpError(reason)
            pause = max(wait, self.patience.after(tries))
            shown.set_postfix_str(f"{reason}, again in {pause:.0f} s")
            if self.stop.wait(pause):
                raise StoppedError
            shown.set_postfix_str("")

    def _go_on(self, wanted: Wanted, part: PartialFile, shown: tqdm) -> None:
        """Ask for what is missing, and take it."""
        timeout, headers = (self.patience.connect, self.patience.read), part.headers(wanted.address)
        with self._answer(wanted.address, headers=headers, timeout=timeout, stream=True) as response:
            self.answered = True
            if self.stop.is_set():  # another call may work on this part by now
                raise StoppedError
            _refuse(response, part)
            if response.status_code == 206:
                _check_range(response, part)
            else:
                part.begin(wanted.address, _version(response), _length(response))
            length = part.length or wanted.bytes
            if wanted.bytes and length != wanted.bytes:
                part.discard()
                raise MissingError(f"the server has {length} bytes, {wanted.bytes} are expected")
            if length and not wanted.bytes and length > wanted.most:
                part.discard()
                raise MissingError(f"the server has {length} bytes, more than {wanted.most}")
            check_room(part.path.parent, (length or 0) - part.size, wanted.name)
            shown.total = length
            self._receive(response, part, length or wanted.most, shown)
        if part.size != (length or part.size):
            raise _PassingError(f"ended after {part.size} of {length} bytes")
        part.end()

    def _answer(self, address: str, **options: Any) -> requests.Response:
        try:
            return self.session.get(address, **options)
        except ValueError as error:
            if isinstance(error, requests.RequestException):
                raise
            raise exceptions.InvalidURL from error  # what Python's own libraries raise for a redirect to none

    def _receive(self, response: requests.Response, part: PartialFile, most: int, shown: tqdm) -> None:
        """Add what comes to the part, until the answer ends."""
        since, come = time.monotonic(), 0
        with open(part.path, "ab") as stream:
            while chunk := response.raw.read1(CHUNK, decode_content=False):
                if self.stop.is_set():
                    raise StoppedError
                stream.write(chunk)
                shown.update(stream.tell() - shown.n)
                if stream.tell() > most:
                    raise MissingError(f"the server sends more than {most} bytes")
                come += len(chunk)
                if (seconds := time.monotonic() - since) >= self.patience.window:
                    if come < self.patience.least_bytes:
                        raise _PassingError(f"only {come} bytes in {seconds:.0f} s", slow=True)
                    since, come = time.monotonic(), 0


def _without_body(response: requests.Response, **_options: Any) -> None:
    """Close a redirect unread: `requests` would take all of it into memory, unpacked, however large it is."""
    if response.is_redirect:
        response.close()


def _refuse(response: requests.Response, part: PartialFile) -> None:
    """Raise what an answer means that brings no file."""
    said = printable(f"{response.status_code} {(response.reason or '')[:LONGEST_REASON]}".strip())
    if response.status_code == 416:  # what is here is no beginning of what is there
        part.discard()
        raise _PassingError(said)
    if response.status_code in PASSING:
        raise _PassingError(said, _asked_wait(response))
    if response.status_code not in (200, 206):
        raise MissingError(said)


def _asked_wait(response: requests.Response) -> float:
    """Return the seconds that Retry-After asks for, as a number or as a date; 0 without it."""
    try:
        return urllib3.Retry().parse_retry_after(response.headers.get("Retry-After", "0"))
    except (urllib3.exceptions.InvalidHeader, OverflowError):
        return 0


def _check_range(response: requests.Response, part: PartialFile) -> None:
    """Hold the part that a server sends against what was asked for."""
    stated = re.fullmatch(r"bytes (\d{1,18})-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    version = response.request.headers.get("If-Range")  # that was asked for; not all servers heed it
    found = response.headers.get("ETag" if str(version).startswith('"') else "Last-Modified", version)
    fits = stated and int(stated[1]) == part.size and stated[2] in ("*", str(part.length))
    if not fits or not version or found != version:
        part.discard()
        raise _PassingError("the server sent another part than it was asked for")


def _version(response: requests.Response) -> str | None:
    etag = response.headers.get("ETag", "")  # W/"..." may stand for other bytes
    return etag if etag.startswith('"') else response.headers.get("Last-Modified")


def _length(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None


def _check(wanted: Wanted, part: PartialFile) -> None:
    """Look at a file that has come whole; one that is not what it should be is discarded."""
    suffix = "." + wanted.name.lower().rpartition(".")[2]
    with open(part.path, "rb") as stream:
        beginning = stream.read(16)
        stream.seek(0)
        md5 = hashlib.file_digest(stream, "md5").hexdigest() if wanted.md5 else None
    if not beginning.startswith(BEGINNINGS.get(suffix, b"")):
        part.discard()
        raise MissingError(f"what the server sends is no {suffix[1:].upper()} file: it begins with {beginning!r}")
    if md5 != wanted.md5:
        part.discard()
        raise _PassingError(f"its MD5 is {md5}, {wanted.md5} is expected")


def _reason(error: Exception) -> str:
    return next((words for kinds, words in WORDS.items() if isinstance(error, kinds)), type(error).__name__)
