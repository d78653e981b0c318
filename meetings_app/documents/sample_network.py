"""Invented facts of a network meeting that fill in every field, and some that fill in next to nothing."""

from datetime import UTC, date, datetime

from meetings_app.documents.facts import ActionRow, AgencyActions, Attendance, Chair, Line, Signature
from meetings_app.documents.network_facts import (
    NetworkAgendaFacts,
    NetworkAgendaItem,
    NetworkAgendaSection,
    NetworkItemMinutes,
    NetworkMinutesFacts,
)

_HEADING = {
    "partnership": "Sample Partnership", "marking": "SAMPLE MARKING", "title": "Sample meeting",
    "area": "Sample county", "version": "1", "reader": "Sample copy", "reference": "NET-2026-W49",
    "when": "Sample time", "place": "Sample room",
}  # fmt: skip
_PRODUCED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def sample_network_agenda(*, bare: bool = False) -> NetworkAgendaFacts:
    """Give an agenda, or one without a single item."""
    item = NetworkAgendaItem(
        number="4.1", subject="N-SAMP1", name="Sample network", kind="Sample kind", parts=("Sample part",),
        reasons=("Sample reason.",), minutes=15, late=True,
    )  # fmt: skip
    section = NetworkAgendaSection(
        number="4", title="Sample section", lines=("Sample line.",),
        items=() if bare else (item, NetworkAgendaItem(number="4.2", stub=True)),
    )  # fmt: skip
    return NetworkAgendaFacts(
        **_HEADING, produced_at=_PRODUCED, statement="Sample statement.", conflicts="" if bare else "Sample conflicts.",
        sections=() if bare else (section,), minutes_needed=130, minutes_available=120,
    )  # fmt: skip


def sample_network_minutes(*, bare: bool = False) -> NetworkMinutesFacts:
    """Give minutes, or some of a meeting that heard nothing."""
    action = ActionRow(
        reference="NA-SAMP1", child="N-SAMP1", action="Sample action", agency="Police", person="Pol Example",
        due=date(2026, 12, 1),
    )  # fmt: skip
    whole = NetworkItemMinutes(
        number="4.1", subject="N-SAMP1", name="Sample network", kind="Sample kind", parts=("Sample part",),
        reasons=("Sample reason.",), away=("Sample absence",), discussion="Sample discussion.",
        about_suspects="Sample restricted text.", decision="Sample decision.", rationale="Sample rationale.",
        next_review="Sample next review", lines=(Line("Sample label", "Sample text."),), actions=("Sample action row",),
    )  # fmt: skip
    put_off = NetworkItemMinutes(number="4.2", subject="N-SAMP2", put_off="Sample put off")
    return NetworkMinutesFacts(
        **_HEADING, produced_at=_PRODUCED, status="Sample status", sha256=None if bare else "5a4d" * 16,
        chairs=() if bare else (Chair("Pol Example", "Police"),),
        attendance=() if bare else (Attendance("Police", "Pol Example", "Present"),),
        statement_read=() if bare else ("Sample statement was read.",), quorum="Sample quorum.",
        notes=() if bare else (Line("Sample note", "Sample matter."),),
        items=() if bare else (whole, put_off, NetworkItemMinutes(number="4.3", stub=True)),
        actions_by_agency=() if bare else (AgencyActions("Police", (action,)),), next_meeting="Sample next meeting.",
        signatures=() if bare else (Signature("Pol Example", "Police", date(2026, 12, 2)),),
    )  # fmt: skip
