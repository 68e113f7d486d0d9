"""A local server that does, path by path, what real hosts do on bad days."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    """Any connection that leaves this machine fails the test."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self, address):
        assert self.family == socket.AF_UNIX or address[0] in LOOPBACK, f"left for {address}"
        return connect(self, address)

    def guarded_look_up(host, *arguments, **options):
        assert host in LOOPBACK, f"looked up {host}"
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Reply:
    """One reply.

    `length` is the Content-Length to claim (the truth by default, none if negative), `cut` the
    bytes of the body after which the connection is dropped, `hang` where the server falls silent:
    before the ``headers``, or in the ``body`` after `cut` bytes.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    cut: int | None = None
    hang: str = ""


Script = Reply | Callable[[Request], Reply]


def ranged(body: bytes, etag: str = "", modified: str = "", **trouble) -> Callable:
    """Serve a file as a good host does, with ranges if it has a validator; `trouble` as Reply's."""

    def reply(request: Request) -> Reply:
        headers = {"ETag": etag} if etag else {}
        headers |= {"Last-Modified": modified} if modified else {}
        first = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        condition = request.headers.get("If-Range", "")
        if first is None or (condition and condition not in (etag, modified)):
            return Reply(body, headers=headers, **trouble)
        start = int(first[1])
        if start >= len(body):
            return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Reply(body[start:], 206, headers, **trouble)

    return reply


class MisbehavingServer:
    """Serves scripts: for each path the replies one after another, the last one for ever."""

    def __init__(self) -> None:
        self.scripts: dict[str, list[Script]] = {}
        self.requests: list[Request] = []
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each reply waits 40 ms for an acknowledgement

            def do_GET(self):
                outer._answer(self)

            # what a proxy is asked for an https address
            do_CONNECT = do_GET  # noqa: N815

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.port = self._server.server_address[1]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        request = Request(handler.path, dict(handler.headers.items()))
        self.requests.append(request)
        replies = self.scripts.get(handler.path, [Reply(b"no such file", 404)])
        script = replies.pop(0) if len(replies) > 1 else replies[0]
        reply = script(request) if callable(script) else script
        if reply.hang == "headers":
            self.closing.wait(20)
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        length = len(reply.body) if reply.length is None else reply.length
        if length >= 0:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        try:
            handler.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
            handler.wfile.flush()
            if reply.hang == "body":
                self.closing.wait(20)
        except OSError:
            handler.close_connection = True
        if length != len(reply.body) or reply.cut is not None:
            handler.close_connection = True


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    running = MisbehavingServer()
    yield running
    running.close()


class FolderServer:
    """A plain web server of a folder, that counts its requests."""

    def __init__(self, folder) -> None:
        self.paths: list[str] = []
        outer = self

        class Handler(SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each reply waits 40 ms for an acknowledgement

            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(folder))

            def do_GET(self):
                outer.paths.append(self.path)
                super().do_GET()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> "FolderServer":
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
