"""The minutes as each reader gets them: the facts narrowed to the audience and to what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record, record_read
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure as ClosureRow
from meetings_app.documents import facts as word
from meetings_app.documents.render import minutes_document
from meetings_app.errors import DomainError
from meetings_app.meetings import queries
from meetings_app.meetings.agenda_word import rating_label
from meetings_app.meetings.minutes import signatures_of, signed_by
from meetings_app.meetings.models import Minutes, Presence
from meetings_app.meetings.running_forms import PRESENCE_WORDS
from meetings_app.meetings.without_names import without_names
from meetings_app.permissions import Actor
from meetings_app.schedule.invites import date_text, time_text, title_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words
from meetings_app.web.filters import moment

_CHANGES = {
    "on": "Added to the list: {rating}",
    "up": "Raised from {was} to {rating}",
    "down": "Lowered from {was} to {rating}",
    "off": "Leaves the list once both chairs have signed the closure",
    "signed off": "Leaves the list; both chairs have signed the closure",
}
_SIGNATURES = 2
_STATUS = {"indicators": "Indicators only", "suspected": "Suspected", "known": "Known"}


@dataclass(frozen=True)
class Audience:
    """For whom a copy is: everybody who may see the items, without names, one agency, or one child's record."""

    kind: str = "full"
    code: str = ""

    @classmethod
    def read(cls, text: str) -> "Audience":
        """Read `full`, `anonymised`, `agency:CODE` or `child:REF`. Raises `DomainError` for anything else."""
        kind, _, code = text.partition(":")
        if (kind in ("full", "anonymised") and not code) or (kind in ("agency", "child") and code):
            return cls(kind, code)
        raise DomainError("The audience is full, anonymised, agency:CODE or child:REFERENCE.")

    def file_name(self, meeting_reference: str) -> str:
        """Give the name of a copy's file, without its ending. It says for whom the copy is: copies get mixed up."""
        for_whom = "without-names" if self.kind == "anonymised" else self.code
        return "-".join(part for part in (meeting_reference, "minutes", for_whom) if part)


def minutes_word(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    minutes: Minutes,
    audience: Audience,
    *,
    marking: str,
    template: Path,
) -> bytes:
    """Give the minutes as Word bytes for one audience, and record that the document was made.

    Raises `DomainError` for an agency or a child that these minutes do not know, `WordTemplateError`.
    """
    facts = facts_for(session, now, office, meeting, minutes, audience, marking=marking)
    record(
        session, by, now, EventKind.DOCUMENT_MADE,
        document=f"minutes of {meeting.reference}", audience=audience.kind, code=audience.code,
    )  # fmt: skip
    record_read(session, by, now, f"minutes of {meeting.reference}, as Word", child_ids_shown(minutes, facts))
    return minutes_document(facts, template)


def child_ids_shown(minutes: Minutes, facts: word.MinutesFacts) -> list[int]:
    """Give the ids of the children whom a copy names: neither stubs nor an anonymised copy name anybody."""
    ids = {item["child"]: item["child_id"] for item in minutes.facts["items"]}
    return [ids[child.child] for child in facts.children if not child.stub and child.child in ids]


def facts_for(
    session: Session,
    now: datetime,
    office: Office,
    meeting: Meeting,
    minutes: Minutes,
    audience: Audience,
    *,
    marking: str,
) -> word.MinutesFacts:
    """Give what one reader's copy says: items that are hidden from the reader are numbered stubs."""
    kept = minutes.facts
    copy = _Copy(session, office, audience, kept)
    children = tuple(item for item in map(copy.child, kept["items"]) if item is not None)
    rows = [row for child in children for row in child.actions]
    signatures = signatures_of(session, minutes)
    signed = len(signatures) == 2
    said = " and ".join(f"{name} on {day_in_words(london_date(at))}" for name, _agency, at in signatures)
    following = kept["next_meeting"]
    return word.MinutesFacts(
        partnership=office.partnership.name, marking=marking, title=title_of(meeting, office),
        area=kept["area"], version=str(minutes.number), reader=copy.reader, produced_at=now,
        reference=meeting.reference, when=f"{date_text(meeting)}, {time_text(meeting)}", place=kept["place"],
        status=f"Signed by {said}" if signed else "DRAFT – not signed", sha256=minutes.sha256 if signed else None,
        chairs=tuple(word.Chair(chair["name"], chair["agency"]) for chair in kept["chairs"]),
        attendance=tuple(_attendance(line) for line in kept["attendance"]),
        statement_read=_statement_read(kept["statement"]), quorum=_quorum(kept),
        notes=(word.Line("Notes", copy.text(kept["notes"])),) if kept["notes"] and audience.kind != "child" else (),
        children=children, list_changes=tuple(copy.list_changes(kept["items"], kept["list_changes"])),
        actions_by_agency=_by_agency(rows),
        next_meeting=f"{following['reference']}, {_day(following['held_on'])}" if following else "Not arranged yet",
        signatures=tuple(word.Signature(name, agency, london_date(at)) for name, agency, at in signatures),
    )  # fmt: skip


class _Copy:
    """One reader's copy: which items are shown, and whether names are."""

    def __init__(self, session: Session, office: Office, audience: Audience, kept: Mapping[str, Any]) -> None:
        self.session, self.office, self.audience = session, office, audience
        self.visible = queries.children_of(session, [item["child_id"] for item in kept["items"]])
        self.reader = self._reader(kept)
        self.text = without_names(kept) if audience.kind == "anonymised" else str

    def _reader(self, kept: Mapping[str, Any]) -> str:
        if self.audience.kind == "agency":
            name = self.session.scalars(select(col(Agency.name)).where(col(Agency.code) == self.audience.code)).first()
            if name is None:
                raise DomainError(f"There is no agency {self.audience.code}.")
            return f"Copy for {name}"
        if self.audience.kind == "child":
            known = {item["child"] for item in kept["items"] if item["child_id"] in self.visible}
            if self.audience.code not in known:
                raise DomainError("This child is not in these minutes.")
            return f"Extract about {self.audience.code}"
        return "Anonymised copy" if self.audience.kind == "anonymised" else "Full copy"

    def child(self, item: Mapping[str, Any]) -> word.ChildMinutes | None:
        """Give one item as this reader gets it; another child's item is left out of an extract about one child."""
        if self.audience.kind == "child" and item["child"] != self.audience.code:
            return None
        if not self._shown(item):
            return word.ChildMinutes(number=item["number"], child="", name=None, age=None, stub=True)
        text = self.text
        return word.ChildMinutes(
            number=item["number"], child=item["child"], name=self._name(item), age=item["age"],
            reasons=tuple(text(reason) for reason in item["reasons"]), discussion=text(self._discussion(item)),
            information=self._views(item), decision=self._decision(item), rationale=text(item["rationale"]),
            actions=tuple(self._action(action) for action in item["actions"] if self._action_shown(action)),
            closure=self._closure(item), deferred=self._deferred(item), not_reached=self._not_reached(item),
        )  # fmt: skip

    def list_changes(self, items: list[dict[str, Any]], changes: list[dict[str, Any]]) -> list[word.ListChange]:
        """Give the changes to the list that concern the children of this copy."""
        by_id = {item["child_id"]: item for item in items}
        said = []
        for change in changes:
            shown = self.child(by_id[change["child_id"]])
            if shown is None or shown.stub:
                continue
            signed = shown.closure is not None and len(shown.closure.signatures) == _SIGNATURES
            kind = "signed off" if change["change"] == "off" and signed else change["change"]
            words = _CHANGES[kind].format(
                was=rating_label(change["was"], self.office), rating=rating_label(change["rating"], self.office)
            )
            said.append(word.ListChange(shown.child, shown.name, words))
        return said

    def _shown(self, item: Mapping[str, Any]) -> bool:
        if item["child_id"] not in self.visible:
            return False
        if self.audience.kind != "agency":
            return True
        code = self.audience.code
        return item["lead_agency_code"] == code or any(
            action["agency_code"] == code for action in (*item["actions"], *item.get("withdrawn", ()))
        )

    def _discussion(self, item: Mapping[str, Any]) -> str:
        """Give what was discussed, with what else the meeting did and no table of the minutes holds."""
        said = [item["discussion"]]
        if item["outcome"] == "noted" and item["lead_professional"]:
            said.append(f"Lead professional: {item['lead_professional']}")
        said += [
            f"Action {action['reference']} is withdrawn: {action['what']}\nWhy: {action['reason']}"
            for action in item.get("withdrawn", ())
            if self._action_shown(action)
        ]
        said += item.get("strategy", ())
        return "\n\n".join(part for part in said if part)

    def _views(self, item: Mapping[str, Any]) -> tuple[word.AgencyInformation, ...]:
        return tuple(
            word.AgencyInformation(view["agency"], self.text(view["text"]), dissents=view["dissents"])
            for view in item.get("views", ())
        )

    def _action_shown(self, action: Mapping[str, Any]) -> bool:
        return self.audience.kind != "agency" or action["agency_code"] == self.audience.code

    def _name(self, item: Mapping[str, Any]) -> str | None:
        return None if self.audience.kind == "anonymised" else str(item["name"])

    def _action(self, action: Mapping[str, Any]) -> word.ActionRow:
        return word.ActionRow(
            reference=action["reference"], child=action["child"], action=self.text(action["what"]),
            agency=action["agency"], person=action["person"], due=date.fromisoformat(action["due_on"]),
        )  # fmt: skip

    def _decision(self, item: Mapping[str, Any]) -> word.Decision | None:
        if item["outcome"] not in ("rated", "closed"):
            return None
        lines = [*item["further"], *(item.get("closure") or {}).get("lines", [])]
        return word.Decision(
            rating=rating_label(item["rating"], self.office),
            was=rating_label(item["was"], self.office) if item["was"] else None,
            exploitation_status=_STATUS.get(item.get("exploitation_status") or "", "Not recorded"),
            provisional=bool(item.get("provisional")), lead_agency=item["lead_agency"],
            lead_professional=item["lead_professional"],
            next_review=date.fromisoformat(item["next_review"]) if item.get("next_review") else None,
            next_meeting=item.get("next_meeting"),
            further=tuple(word.Line(line["label"], self.text(line["text"])) for line in lines),
        )  # fmt: skip

    def _closure(self, item: Mapping[str, Any]) -> word.Closure | None:
        closure = item.get("closure")
        if not closure:
            return None
        row = self.session.get(ClosureRow, closure["id"])
        made = [(row.first_chair_id, row.first_signed_at), (row.second_chair_id, row.second_signed_at)] if row else []
        return word.Closure(
            rationale=self.text(closure["rationale"]), good_practice=self.text(closure["good_practice"]),
            onward_referral=closure["onward"],
            support_package=self.text(closure["package"]) if closure["package"] else None,
            signatures=tuple(
                word.Signature(name, agency, london_date(at)) for name, agency, at in signed_by(self.session, made)
            ),
        )  # fmt: skip

    def _deferred(self, item: Mapping[str, Any]) -> str | None:
        deferred = item.get("deferred")
        if not deferred:
            return None
        return f"{self.text(deferred['reason'])}\nTo be supplied by {deferred['agency']}. Goes to the next meeting."

    def _not_reached(self, item: Mapping[str, Any]) -> str | None:
        not_reached = item.get("not_reached")
        if not_reached is None:
            return None
        return f"{self.text(not_reached['reason'])}\nGoes to the next meeting.".strip()


def _by_agency(rows: list[word.ActionRow]) -> tuple[word.AgencyActions, ...]:
    agencies = sorted({row.agency for row in rows})
    return tuple(word.AgencyActions(agency, tuple(row for row in rows if row.agency == agency)) for agency in agencies)


def _statement_read(statement: Mapping[str, Any]) -> tuple[str, ...]:
    if not statement["read_at"]:
        return ()
    return (f"Read by {statement['read_by']}, {moment(datetime.fromisoformat(statement['read_at']))}.",)


def _quorum(kept: Mapping[str, Any]) -> str:
    if kept["quorate"]:
        return "Quorate"
    return f"Not quorate: nobody present from {', '.join(kept['quorum_missing'])}"


def _attendance(line: Mapping[str, str]) -> word.Attendance:
    how = PRESENCE_WORDS[Presence(line["how"])]
    return word.Attendance(line["agency"], line["name"], f"{how} ({line['note']})" if line["note"] else how)


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))
