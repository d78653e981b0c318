"""A certificate for `localhost` that nobody vouches for, made for one run."""

import subprocess
from pathlib import Path


def make_certificate(folder: Path) -> Path:
    """Make a certificate for `localhost` (needs the openssl command), its key beside it in `key.pem`."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "all.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "all.pem"
