"""A proxy between a browser and a real server that cuts an answer off in the middle of its body, as a bad net does."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass
class CuttingProxy:
    """Passes everything on to `port`. `cut` names, by method and how the path ends, whose next answer is cut."""

    port: int
    cut: set[tuple[str, str]] = field(default_factory=set)
    was_cut: list[tuple[str, str]] = field(default_factory=list)
    base: str = ""

    def takes(self, method: str, address: str, body: bytes) -> bool:
        """Say whether this answer is to be cut. One without a body has nothing to cut, so the next one is."""
        found = next((one for one in self.cut if one[0] == method and urlsplit(address).path.endswith(one[1])), None)
        if found is None or len(body) < 2:
            return False
        self.cut.remove(found)
        self.was_cut.append(found)
        return True


@contextmanager
def cutting(port: int) -> Iterator[CuttingProxy]:
    """Give a running proxy before the server on `port`."""
    proxy = CuttingProxy(port)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy))
    proxy.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(proxy: CuttingProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=60)
            server.request(self.command, self.path, sent, dict(self.headers.items()))
            answer = server.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OF_ONE_CONNECTION:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if proxy.takes(self.command, self.path, body) else body)
            server.close()

        do_GET = do_POST = pass_on  # noqa: N815 # The names that the library looks for.

        def log_message(self, *_words: Any) -> None:
            """Say nothing on the terminal."""

    return Handler
