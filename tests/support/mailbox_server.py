"""A real IMAP server (pymap) on loopback, and the mails that people's programs put into its mailbox."""

import asyncio
import imaplib
import itertools
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.notices.mail_servers import free_port

USER, PASSWORD = "replies", "not-a-secret"
_folders = itertools.count(1)


@dataclass(frozen=True)
class Folder:
    """One folder of the mailbox; each test has its own."""

    port: int
    name: str

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{self.name}?timeout=30"

    def receive(self, *mails: bytes) -> None:
        client = signed_in(self.port)
        for mail in mails:
            assert client.append(self.name, "", "", mail)[0] == "OK"
        client.logout()

    def flags(self) -> list[bytes]:
        """Give the flags of each mail, as the server tells them."""
        client = signed_in(self.port)
        client.select(self.name, readonly=True)
        found = [line for line in client.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]
        client.logout()
        return found


def signed_in(port: int) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", port, timeout=30)
    client.login(USER, PASSWORD)
    return client


@contextmanager
def mailbox_server(certificate: Path | None = None) -> Iterator[int]:
    """Start the server and give its port; with a certificate it offers STARTTLS."""
    port = free_port()
    tls = ["--no-tls"]
    if certificate:
        tls = ["--cert", str(certificate), "--key", str(certificate.with_name("key.pem"))]
    command = [
        sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(port),
        *tls, "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD,
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as place, (Path(place) / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(10)


@contextmanager
def encrypted(port: int, certificate: Path) -> Iterator[int]:
    """Give a port where the server at `port` is reached encrypted from the first byte, as at port 993."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    loop = asyncio.new_event_loop()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    # The loop has a thread of its own from its first step: a browser of the same process has one in this thread.
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(meet, "127.0.0.1", 0, ssl=context), loop).result(30)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def new_folder(port: int) -> Folder:
    """Give an empty folder that no other test has."""
    folder = Folder(port, f"Replies{next(_folders)}")
    client = signed_in(port)
    assert client.create(folder.name)[0] == "OK"
    client.logout()
    return folder


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            signed_in(port).logout()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the mail server of the tests did not start")
