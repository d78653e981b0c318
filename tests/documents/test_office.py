"""LibreOffice opens what we write, and shows it on the page."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.documents.test_minutes import CHILD, minutes

pytestmark = pytest.mark.office


def test_the_minutes_become_a_pdf_with_every_decision_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "minutes.docx").write_bytes(minutes(CHILD))
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    assert office, "LibreOffice is missing: install it (apt-get install libreoffice-writer)"
    assert reader, "pdftotext is missing: install it (apt-get install poppler-utils)"
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "minutes.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = subprocess.run(
        [reader, "-layout", str(tmp_path / "minutes.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    for shown in (
        "OFFICIAL-SENSITIVE",
        "DRAFT – not signed",
        "4.1 Testy O'McExample (C-7Q4KD), aged 15",
        "Held 23 November 2026.",
        "22 December 2026, at RMM-NE-2026-W52",
        "Page 1 of 2",
        "Page 2 of 2",
    ):
        assert shown in text
