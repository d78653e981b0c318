"""Invented facts that fill in every field, to try a template out before anybody's meeting depends on it."""

from datetime import UTC, date, datetime

from meetings_app.documents.facts import (
    ActionRow,
    AgencyActions,
    AgencyInformation,
    AgendaFacts,
    AgendaItem,
    AgendaSection,
    Attendance,
    Chair,
    ChildMinutes,
    Closure,
    Decision,
    Heading,
    Line,
    ListChange,
    ListFacts,
    ListRow,
    MinutesFacts,
    NotOnAgenda,
    Signature,
)
from meetings_app.documents.sample_actions import no_actions, sample_actions
from meetings_app.documents.sample_assessments import bare_assessment, sample_assessment
from meetings_app.documents.sample_extract import bare_extract, sample_extract
from meetings_app.documents.sample_network import sample_network_agenda, sample_network_minutes
from meetings_app.documents.sample_pack import bare_pack, sample_pack
from meetings_app.documents.sample_plan import bare_plan, sample_plan

_PRODUCED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_CHAIRS = (Chair("Cara Example", "Children's Services"), Chair("Fay Example", "Family Services"))
_SIGNATURES = (
    Signature("Cara Example", "Children's Services", date(2026, 12, 2)),
    Signature("Fay Example", "Family Services", None),
)


def sample_facts(kind: str) -> tuple[Heading, ...]:
    """Give sample facts for a kind of document, from everything there can be down to next to nothing."""
    full: dict[str, tuple[Heading, ...]] = {
        "agenda": (_agenda(chairs_copy=True), _agenda(chairs_copy=False), _bare_agenda()),
        "minutes": (_minutes(), _bare_minutes()),
        "assessment": (sample_assessment(), bare_assessment()),
        "pack": (sample_pack(), bare_pack()),
        "actions": (sample_actions(), no_actions()),
        "plan": (sample_plan(), bare_plan()),
        "network-agenda": (sample_network_agenda(), sample_network_agenda(bare=True)),
        "network-minutes": (sample_network_minutes(), sample_network_minutes(bare=True)),
        "extract": (sample_extract(), bare_extract()),
        "list": (_list(entries=(_list_row(), _bare_list_row())), _list(entries=())),
    }
    return full[kind]


def _agenda_items() -> tuple[AgendaItem, ...]:
    stub = AgendaItem(number="4.2", child="", name=None, age=None, rating="", reasons=(), minutes=0, stub=True)
    late = AgendaItem(
        number="4.3",
        child="C-SAMP2",
        name=None,
        age=None,
        rating="Not rated",
        reasons=("Sample reason.",),
        minutes=15,
        late=True,
    )
    item = AgendaItem(
        number="4.1",
        child="C-SAMP1",
        name="Testy McExample",
        age=15,
        rating="High",
        reasons=("Sample reason one.", "Sample reason two."),
        minutes=10,
        history=("Sample history.",),
        prompts=("Sample prompt?",),
    )
    return item, stub, late


def _agenda(*, chairs_copy: bool) -> AgendaFacts:
    return AgendaFacts(
        partnership="Sample Partnership",
        marking="SAMPLE MARKING",
        title="Sample meeting",
        area="Sample area",
        version="1",
        reader="Sample copy",
        produced_at=_PRODUCED,
        reference="RMM-XX-2026-W48",
        when="Tuesday 24 November 2026, 10:00 to 12:00",
        place="Sample room",
        chairs=_CHAIRS,
        statement="Sample statement.",
        conflicts="Sample conflicts.",
        sections=(
            AgendaSection(number="1", title="Sample opening", lines=("Sample line.",)),
            AgendaSection(number="4", title="Sample section", items=_agenda_items()),
        ),
        minutes_needed=130,
        minutes_available=120,
        chairs_copy=chairs_copy,
        not_on_agenda=(NotOnAgenda("C-SAMP3", "Absent McExample", "Sample why."),),
    )


def _bare_agenda() -> AgendaFacts:
    return AgendaFacts(
        partnership="",
        marking="SAMPLE MARKING",
        title="Sample meeting",
        area="Sample area",
        version="1",
        reader="Sample copy",
        produced_at=_PRODUCED,
        reference="RMM-XX-2026-W48",
        when="Sample time",
        place="",
        chairs=(),
        statement="Sample statement.",
        conflicts="",
        sections=(),
        minutes_needed=0,
        minutes_available=120,
    )


def _minutes() -> MinutesFacts:
    action = ActionRow(
        reference="A-SAMP1",
        child="C-SAMP1",
        action="Sample action",
        agency="Police",
        person="Pol Example",
        due=date(2026, 12, 1),
    )
    return MinutesFacts(
        partnership="Sample Partnership",
        marking="SAMPLE MARKING",
        title="Sample meeting",
        area="Sample area",
        version="1",
        reader="Sample copy",
        produced_at=_PRODUCED,
        reference="RMM-XX-2026-W48",
        when="Sample time",
        place="Sample room",
        status="Sample status",
        sha256="5a4d" * 16,
        chairs=_CHAIRS,
        attendance=(
            Attendance("Police", "Pol Example", "Present"),
            Attendance("Health", "Hel Example", "Apologies"),
        ),
        statement_read=("Sample statement was read.",),
        quorum="Sample quorum.",
        notes=(Line("Sample note", "Sample matter."),),
        children=(_child(action), _deferred_child(), _stub_child()),
        list_changes=(
            ListChange("C-SAMP1", "Testy McExample", "Sample change."),
            ListChange("C-SAMP2", None, "Off."),
        ),
        actions_by_agency=(AgencyActions("Police", (action,)),),
        next_meeting="Sample next meeting.",
        signatures=_SIGNATURES,
    )


def _child(action: ActionRow) -> ChildMinutes:
    return ChildMinutes(
        number="4.1",
        child="C-SAMP1",
        name="Testy McExample",
        age=15,
        reasons=("Sample reason.",),
        attendance_notes=("Sample attendance note.",),
        discussion="Sample discussion.",
        beside=("Sample withdrawn action.", "Sample strategy discussion."),
        information=(AgencyInformation("Police", "Sample information.", dissents=True),),
        decision=Decision(
            rating="High",
            was="Medium",
            exploitation_status="Sample exploitation status",
            provisional=True,
            lead_agency="Sample lead agency",
            lead_professional="Sample lead professional",
            next_review=date(2026, 12, 22),
            next_meeting="RMM-XX-2026-W52",
            further=(Line("Sample label", "Sample text."),),
        ),
        rationale="Sample rationale.",
        actions=(action,),
        closure=Closure(
            rationale="Sample closure rationale.",
            good_practice="Sample good practice.",
            onward_referral="Sample onward referral",
            support_package="Sample package.",
            signatures=_SIGNATURES,
        ),
    )


def _deferred_child() -> ChildMinutes:
    return ChildMinutes(number="4.2", child="C-SAMP2", name=None, age=None, deferred="Sample deferral.")


def _stub_child() -> ChildMinutes:
    return ChildMinutes(number="4.3", child="", name=None, age=None, stub=True)


def _bare_minutes() -> MinutesFacts:
    undecided = Decision(
        rating="Low",
        was=None,
        exploitation_status="Sample",
        provisional=False,
        lead_agency=None,
        lead_professional=None,
        next_review=None,
        next_meeting=None,
    )
    return MinutesFacts(
        partnership="",
        marking="SAMPLE MARKING",
        title="Sample meeting",
        area="Sample area",
        version="1",
        reader="Sample copy",
        produced_at=_PRODUCED,
        reference="RMM-XX-2026-W48",
        when="Sample time",
        place="",
        status="Sample status",
        sha256=None,
        chairs=(),
        attendance=(),
        statement_read=(),
        quorum="Sample quorum.",
        children=(ChildMinutes(number="4.1", child="C-SAMP1", name=None, age=None, decision=undecided),),
        next_meeting="",
    )


def _list(*, entries: tuple[ListRow, ...]) -> ListFacts:
    return ListFacts(
        partnership="Sample Partnership",
        marking="SAMPLE MARKING",
        title="Sample list",
        area="Sample area",
        version="1",
        reader="Sample copy",
        produced_at=_PRODUCED,
        as_at="on 23 November 2026",
        totals=(Line("High", "1"), Line("Low", "1")),
        entries=entries,
    )


def _list_row() -> ListRow:
    return ListRow(
        child="C-SAMP1",
        name="Testy McExample",
        born=date(2011, 1, 5),
        age=15,
        area="Sample area",
        rating="High",
        listed_on=date(2026, 3, 2),
        lead_agency="Sample lead agency",
        lead_professional="Sample professional",
        next_review=date(2026, 12, 22),
        next_meeting="RMM-XX-2026-W52",
        notes=("Sample note",),
    )


def _bare_list_row() -> ListRow:
    return ListRow(
        child="C-SAMP2",
        name=None,
        born=None,
        age=None,
        area="Sample area",
        rating="Low",
        listed_on=date(2026, 3, 2),
        lead_agency=None,
        lead_professional=None,
        next_review=None,
        next_meeting=None,
    )
