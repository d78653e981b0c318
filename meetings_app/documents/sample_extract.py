"""An invented extract for another authority that fills in every field of its template, and one next to empty."""

from dataclasses import replace
from datetime import UTC, datetime

from meetings_app.documents.extract_facts import ExtractFacts
from meetings_app.documents.facts import Line


def sample_extract() -> ExtractFacts:
    """Give an extract that has everything there can be."""
    return ExtractFacts(
        partnership="Sample Partnership", marking="SAMPLE MARKING", title="Extract for another authority",
        area="Sample area", version="2", reader="Sample reader", produced_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        reference="NX-SAMP1", authority="Sample Borough", purpose="Sample purpose.", approved="Sample approval",
        lines=(Line("Sample label", "Sample text."), Line("Other label", "Other text.")),
    )  # fmt: skip


def bare_extract() -> ExtractFacts:
    """Give an extract with one line."""
    return replace(sample_extract(), lines=(Line("Sample label", "Sample text."),))
