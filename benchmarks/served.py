"""Applications as people meet them: served over HTTP by the product's own server, each in a process of its own."""

from __future__ import annotations

import atexit
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from benchmarks.world import kept_cookie, settings_in
from meetings_app.app import make_service
from meetings_app.running import serve_alone, serve_application

HERE = "127.0.0.1"
_PATIENCE_SECONDS = 30


class Server:
    """A child process that serves the pages of a world, or the hello where no folder of one is given."""

    def __init__(self, folder: Path | None = None) -> None:
        self.port = _free_port()
        told = [str(self.port), *([str(folder)] if folder else [])]
        self._process = subprocess.Popen([sys.executable, "-m", "benchmarks.served", *told])
        atexit.register(self._end)
        _wait_for(self.port)

    def seconds(self) -> float:
        """Give the CPU time that the process has used so far, all threads together (Linux)."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def _end(self) -> None:
        self._process.terminate()
        self._process.wait()


class Visitor:
    """A browser with one connection that stays open, and the cookie that it was last given."""

    def __init__(self, server: Server, cookie: str = "") -> None:
        self._connection, self._cookie = HTTPConnection(HERE, server.port), cookie

    def get(self, address: str) -> Callable[[], bytes]:
        """Give the work of opening a page, whole."""
        return lambda: self._ask("GET", address, 200)

    def post(self, address: str, form: Callable[[], dict[str, str]]) -> Callable[[], bytes]:
        """Give the work of sending a form that leads elsewhere; `form` fills it in, anew each time."""
        return lambda: self._ask("POST", address, 302, urlencode(form()))

    def _ask(self, method: str, address: str, expected: int, body: str | None = None) -> bytes:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        assert answer.status == expected, (address, answer.status)
        if method == "GET":
            # What a form's answer puts there is a message that the page it leads to shows and takes away again.
            self._cookie = kept_cookie(self._cookie, answer.getheaders())
        return answer.read()


def hello() -> Flask:
    """Give the smallest Flask application there is."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "Hello")
    return app


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection((HERE, port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _serve(port: int, folder: Path | None) -> None:
    if folder is None:
        serve_application(hello(), HERE, port)
    else:
        serve_alone(make_service(settings_in(folder)), HERE, port, scheduler=False)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
