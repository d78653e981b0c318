"""A real CalDAV server (Radicale) on loopback, asked in the words of RFC 4791."""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from tests.notices.mail_servers import free_port

_QUERY = """<?xml version="1.0"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{start}" end="{end}"/></c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""


@dataclass(frozen=True)
class CalendarServer:
    """The server, for one user who needs no password."""

    port: int

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/reader/{path}", data=body or None, method=method,
            headers={"Authorization": "Basic cmVhZGVyOng=", **{k.replace("_", "-"): v for k, v in headers.items()}},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def put(self, path: str, content: bytes) -> int:
        """Store one event, or a whole calendar where `path` ends with a slash; gives the answer's number."""
        return self.ask("PUT", path, content, Content_Type="text/calendar; charset=utf-8")[0]

    def events_between(self, calendar: str, start: datetime, end: datetime) -> list[str]:
        """Give the events that the server itself finds in a stretch of time."""
        body = _QUERY.format(
            start=f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}", end=f"{end.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        )
        status, answer = self.ask("REPORT", calendar, body.encode(), Depth="1", Content_Type="application/xml")
        assert status == 207, answer
        found = ElementTree.fromstring(answer).iter("{urn:ietf:params:xml:ns:caldav}calendar-data")
        return [data.text or "" for data in found]


@contextmanager
def caldav_server() -> Iterator[CalendarServer]:
    """Start the server, with a folder of its own."""
    server = CalendarServer(free_port())
    with tempfile.TemporaryDirectory() as place, open(f"{place}/log", "wb") as log:
        command = [
            sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{server.port}",
            "--auth-type", "none", "--storage-filesystem-folder", f"{place}/calendars",
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(server)
            yield server
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(server: CalendarServer) -> None:
    for _ in range(150):
        try:
            server.ask("OPTIONS", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the calendar server of the tests did not start")
