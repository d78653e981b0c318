"""An invented chair's pack that fills in every field of its template, and one next to empty."""

from dataclasses import replace
from datetime import UTC, date, datetime

from meetings_app.documents.facts import ActionRow, Line
from meetings_app.documents.pack_facts import PackAgency, PackChild, PackFacts, PackInformation


def sample_pack() -> PackFacts:
    """Give a pack that has everything there can be."""
    said = PackInformation("Sample agency", (Line("Fact", "Sample fact."), Line("Opinion", "Sample view.")), "Sent one")
    late = PackInformation("Late agency", (Line("Not shared, because", "Sample why."),), "Sent two", late=True)
    action = ActionRow(
        reference="A-SAMP1", child="C-SAMP1", action="Sample action.", agency="Sample agency", person="Testy McOwner",
        due=date(2026, 11, 20),
    )  # fmt: skip
    return PackFacts(
        partnership="Sample Partnership", marking="SAMPLE MARKING", title="Sample Meeting", area="Sample area",
        version="1", reader="Sample copy", produced_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        reference="RMM-XX-2026-W48", when="Tuesday 24 November 2026, 10am to 12pm",
        quorum="Sample warning.",
        agencies=(PackAgency("First agency", "Sample attendance", "Sample update."), PackAgency("Second", "Not said")),
        children=(
            PackChild(
                "4.1", "C-SAMP1", "Testy McExample", (said, late), ("Silent agency",), "Sample standing", (action,)
            ),
            PackChild("4.2", "C-SAMP2", None),
        ),
    )  # fmt: skip


def bare_pack() -> PackFacts:
    """Give a pack of a meeting that nobody has answered for."""
    return replace(sample_pack(), quorum="", agencies=(), children=())
