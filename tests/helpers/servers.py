"""A server on this machine that can do what servers do wrong. No test reaches another network."""

import hashlib
import re
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from hdrkit.downloads.wanted import Patience

HASTE = Patience(tries=4, pause=0.01, longest_pause=0.02, longest_wait=3, connect=5, read=5, window=30)


class Handler(BaseHTTPRequestHandler):
    """Serves `server.files`; what `server.faults` lists for a path takes the place of its next answers, in turn."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server, path = self.server, unquote(self.path)
        with server.lock:
            server.requests.append((path, dict(self.headers)))
            server.under_way += 1
            server.most_under_way = max(server.most_under_way, server.under_way)
            fault = server.faults[path].pop(0) if server.faults[path] else None
        try:
            if server.slowness:
                time.sleep(server.slowness)
            if fault:
                fault(self, server.files.get(path, b""))
            elif path in server.files:
                self.serve(server.files[path])
            else:
                status(404)(self, b"")
        except OSError:  # the other side went away
            self.close_connection = True
        finally:
            with server.lock:
                server.under_way -= 1

    def serve(self, body, ranges=True, length=None, send=None, version=True):
        """Answer with a body, or the part of it that is asked for, if it still has the same ETag."""
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if ranges and asked and self.headers.get("If-Range") == etag else 0
        self.send_response(206 if start else 200)
        if version:
            self.send_header("ETag", etag)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start if length is None else length))
        self.end_headers()
        (send or self.wfile.write)(body[start:])

    def log_message(self, *_):
        pass


def drops(after, **options):
    """Break the connection after so many bytes of the answer."""

    def fault(handler, body):
        handler.serve(body, send=lambda rest: handler.wfile.write(rest[:after]), **options)
        handler.close_connection = True

    return fault


def claims(length):
    """State another length than that of the body, then close."""

    def fault(handler, body):
        handler.serve(body, length=length)
        handler.close_connection = True

    return fault


def status(code, body=b"an error", **headers):
    def fault(handler, _body):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return fault


def redirect(to):
    return status(302, b"", Location=to)


def trickles(chunk, pause):
    """Send a few bytes at a time."""

    def fault(handler, body):
        def send(rest):
            for i in range(0, len(rest), chunk):
                handler.wfile.write(rest[i : i + chunk])
                time.sleep(pause)

        handler.serve(body, send=send)

    return fault


def without_ranges(handler, body):
    handler.serve(body, ranges=False)


def without_length(handler, body):
    """Send in chunks, as servers do that make their answer while they send it."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for part in (body[: len(body) // 2], body[len(body) // 2 :], b""):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))


def sends_another_part(handler, body):
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes 0-9/{len(body)}")
    handler.send_header("Content-Length", "10")
    handler.end_headers()
    handler.wfile.write(body[:10])


def sends_a_part(start=0, other=None):
    """Send ten bytes of a body, or of another one, as part of a whole of unknown length, asked for or not."""

    def fault(handler, body):
        body = body if other is None else other
        handler.send_response(206)
        handler.send_header("ETag", f'"{hashlib.md5(body).hexdigest()}"')
        handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/*")
        part = body[start:] if start else body[:10]
        handler.send_header("Content-Length", str(len(part)))
        handler.end_headers()
        handler.wfile.write(part)

    return fault


def without_end(handler, _body):
    """Redirect to /a, with a body that goes on until the other side goes away."""
    handler.send_response(302)
    handler.send_header("Location", "/a")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"4\r\nmore\r\n")
        time.sleep(0.001)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Say nothing: breaking connections is what this server is for."""


@contextmanager
def serving(files=()):
    """Yield a server of files by path, with its address in `root`."""
    server = Server(("127.0.0.1", 0), Handler)
    server.files, server.faults, server.requests = dict(files), defaultdict(list), []
    server.lock, server.under_way, server.most_under_way, server.slowness = threading.Lock(), 0, 0, 0
    server.root = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
