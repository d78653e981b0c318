"""LibreOffice opens every kind of document that we write, and shows it page by page as it is meant."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from meetings_app.documents.check import KINDS
from meetings_app.documents.environment import word_environment
from meetings_app.documents.render import fill_template, minutes_document
from meetings_app.documents.samples import sample_facts
from tests.documents.reading import TEMPLATES
from tests.documents.test_minutes import CHILD, minutes_facts

pytestmark = pytest.mark.office

PAGE = re.compile(r"Page (\d+) of (\d+)")
SAMPLES = {f"{kind}-{place}": (kind, facts) for kind in KINDS for place, facts in enumerate(sample_facts(kind))}
"""Each kind of document, with everything there can be down to next to nothing."""
MINUTES = {
    "minutes-whole": minutes_facts(CHILD),
    "minutes-signed": minutes_facts(CHILD, status="Signed", sha256="ab" * 32),
    "minutes-stub": minutes_facts(replace(CHILD, stub=True)),
    "minutes-nobody": minutes_facts(),
    "minutes-long": minutes_facts(*(replace(CHILD, number=f"4.{place}") for place in range(1, 13))),
}
"""The minutes as different readers get them: with every item, with a number alone, with none, and of a long meeting."""
MARKINGS = {name: facts.marking for name, (_kind, facts) in SAMPLES.items()} | {
    name: facts.marking for name, facts in MINUTES.items()
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Give what stands on each page of every document, by the document; LibreOffice is started once for all of them."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    assert office, "LibreOffice is missing: install it (apt-get install libreoffice-writer)"
    assert reader, "pdftotext is missing: install it (apt-get install poppler-utils)"
    folder = tmp_path_factory.mktemp("office")
    for name, document in written().items():
        (folder / f"{name}.docx").write_bytes(document)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    documents = sorted(str(path) for path in folder.glob("*.docx"))
    subprocess.run([*convert, *documents], check=True, capture_output=True, timeout=300)
    return {Path(document).stem: pages_of(reader, Path(document).with_suffix(".pdf")) for document in documents}


def written() -> dict[str, bytes]:
    """Give every document by its name."""
    samples = {
        name: fill_template(facts, TEMPLATES / f"{kind}.docx", "Sample", word_environment())
        for name, (kind, facts) in SAMPLES.items()
    }
    return samples | {name: minutes_document(facts, TEMPLATES / "minutes.docx") for name, facts in MINUTES.items()}


def pages_of(reader: str, pdf: Path) -> list[str]:
    done = subprocess.run([reader, "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    return done.stdout.split("\f")[:-1]


@pytest.mark.parametrize("name", [*SAMPLES, *MINUTES])
def test_every_page_has_its_marking_its_number_and_something_to_read(pages: dict[str, list[str]], name: str) -> None:
    shown = pages[name]
    assert 1 <= len(shown) <= (12 if name == "minutes-long" else 4)
    for number, page in enumerate(shown, 1):
        assert page.count(MARKINGS[name]) >= 2, "in the header and in the footer"
        assert PAGE.findall(page) == [(str(number), str(len(shown)))]
        # A header has three lines at most, a footer two.
        assert len([line for line in page.splitlines() if line.strip()]) > 5, "no page is empty"


def test_the_minutes_hold_every_decision_on_the_page(pages: dict[str, list[str]]) -> None:
    text = "".join(pages["minutes-whole"])
    for shown in (
        "OFFICIAL-SENSITIVE", "DRAFT – not signed", "4.1 Testy O'McExample (C-7Q4KD), aged 15",
        "Held 23 November 2026.", "22 December 2026, at RMM-NE-2026-W52", "Page 1 of 2", "Page 2 of 2",
    ):  # fmt: skip
        assert shown in text
