"""One reader’s copy of the minutes of a network meeting: what is hidden from them is a numbered stub, or left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.accounts.queries import actors_of
from meetings_app.db.session import together_with
from meetings_app.documents import facts as word
from meetings_app.documents.network_facts import NetworkItemMinutes
from meetings_app.errors import DomainError
from meetings_app.meetings.kept_apart import NOBODY, apart_at
from meetings_app.meetings.minutes_audience import Audience, less_hidden
from meetings_app.meetings.minutes_readers import missed_by
from meetings_app.meetings.models import Attendance, Minutes, Presence
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.network_meetings.items import Seen, read_reason, seen_of
from meetings_app.network_meetings.minutes_words import narrowed_words
from meetings_app.network_meetings.page import OUTCOME_WORDS
from meetings_app.networks.checks import is_member
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting
from meetings_app.text import capital_first, day_in_words

_POLICE = "police"
_NOTHING = Seen({}, {}, frozenset(), frozenset())


class NetworkCopy:
    """What one reader reads of a version of the minutes: by what they may see now, and by the audience they asked for.

    A draft leaves out what is said of an item for which they were out of the room, as an RMM’s does.

    A copy for an agency shows what everybody of it who attended may see now, as far as the reader may see it too, and
    suspects to the police alone. Where nobody of it attended, it is all numbered stubs (our default). Raises
    `DomainError` for an agency there is none of, or a child whom these minutes do not tell the reader of.
    """

    def __init__(self, session: Session, by: Actor, audience: Audience, meeting: Meeting, minutes: Minutes) -> None:
        kept: Mapping[str, Any] = minutes.facts
        self.by, self.audience, self.kept = by, audience, kept
        self.missed = missed_by(by, meeting, minutes)
        self.agency, self.seen = "", _NOTHING
        if audience.kind == "agency":
            self.agency, self.seen = self._of_agency(session)
        else:
            self.seen = _seen(session, kept)
        self.reads_all = is_member(session, by)
        # Whoever records the meeting reads what they wrote, but for a child they are kept from; for everybody else a
        # text tells no more than the items do.
        writes = by.may(Permission.DECIDE_NETWORKS) and not by.kept_from
        hides = audience.kind in ("agency", "anonymised", "child") or not writes
        told = self._but_missed() if self.missed else self.seen
        told = self._of_one_child(told) if audience.kind == "child" else told
        words = narrowed_words(session, kept, told, named=audience.kind != "anonymised") if hides else str
        # A text may name a child whom no record of the meeting names.
        apart = apart_at(session, by, meeting)
        self.text = words if apart is NOBODY else lambda text: apart.text(words(text))

    @property
    def reader(self) -> str:
        """Whose copy it is, in words."""
        kind = self.audience.kind
        if kind in ("agency", "child"):
            return f"Copy for {self.agency}" if kind == "agency" else f"Extract about {self.audience.code}"
        said = {"anonymised": "Copy without names", "chair": "Chair’s copy"}.get(kind, "Full copy")
        return less_hidden(said, sum(not self._shows(item) for item in self.kept["items"]))

    def items(self) -> tuple[NetworkItemMinutes, ...]:
        """Give the items of the copy; an extract about a child holds what went on to that child’s RMM and no more."""
        if self.audience.kind == "child":
            return self._of_child()
        return tuple(self._item(item) for item in self.kept["items"])

    def actions(self) -> list[word.ActionRow]:
        """Give the actions that the copy shows."""
        return [
            word.ActionRow(
                reference=each["reference"], child=item["reference"], action=self.text(each["what"]),
                agency=each["agency"], person=each["owner"], due=date.fromisoformat(each["due"]),
            )
            for item in self.kept["items"]
            if self._shows(item)
            for each in item["actions"]
            if self._reads_action(each) and self.audience.kind != "child"
        ]  # fmt: skip

    def subjects(self) -> list[str]:
        """Give the references of what the copy tells of, for the trail."""
        return [item["reference"] for item in self.kept["items"] if self._shows(item)]

    def children(self) -> list[int]:
        """Give the ids of the children whom the copy tells of."""
        told = [each for item in self.kept["items"] if self._shows(item) for each in item["matters"]]
        linked = [
            child
            for item in self.kept["items"]
            if self._shows(item)
            for each in item.get("settled", ())
            for child in each["children"]
        ]
        return sorted({*(each["child_id"] for each in told), *linked} & self.seen.children)

    def _item(self, item: Mapping[str, Any]) -> NetworkItemMinutes:
        if not self._shows(item):
            return NetworkItemMinutes(number=item["number"], stub=True)
        named = self.audience.kind != "anonymised"
        parts = [part for part in item["parts"] if part["id"] in self.seen.subjects]
        reasons = self.seen.reasons([read_reason(each) for each in item["reasons"]])
        outcome = NetworkOutcome(item["outcome"])
        return NetworkItemMinutes(
            number=item["number"], subject=item["reference"], name=item["name"] if named else "",
            kind=self.seen.kind_of(item["subject_id"], SubjectKind(item["kind"])) if item["kind"] else "Referral",
            parts=tuple(f"{part['name']} ({part['reference']})" if named else part["reference"] for part in parts),
            reasons=tuple(capital_first(each.text) for each in reasons), away=tuple(item["away"]),
            discussion=self.text(item["discussion"]), about_suspects=self._about_suspects(item),
            decision=self._decision(item, outcome), rationale=self.text(item["rationale"]),
            put_off=self.text(item["put_off_reason"]),
            next_review=day_in_words(date.fromisoformat(item["next_review"])) if item["next_review"] else "",
            lines=self._lines(item),
            actions=tuple(
                f"{each['reference']}: {self.text(each['what']).rstrip('.')}. {each['owner']}, {each['agency']}, "
                f"by {day_in_words(date.fromisoformat(each['due']))}"
                for each in item["actions"]
                if self._reads_action(each)
            ),
        )  # fmt: skip

    def _decision(self, item: Mapping[str, Any], outcome: NetworkOutcome) -> str:
        became = item["became"]
        if became and became["id"] in self.seen.subjects:
            name = became["reference"] if self.audience.kind == "anonymised" else became["name"]
            return f"{OUTCOME_WORDS[outcome]}, as {name} ({became['reference']})"
        return OUTCOME_WORDS[outcome]

    def _lines(self, item: Mapping[str, Any]) -> tuple[word.Line, ...]:
        subjects, children = self.seen.subjects, self.seen.children
        orders = [each for each in item["disruption"] if each["subject_id"] in subjects]
        taken = [each for each in item["charmm"] if each["subject_id"] in subjects]
        passed = [each for each in item["matters"] if each["child_id"] in children]
        told = [
            each
            for each in item.get("settled", ())
            if set(each["subjects"]) <= subjects.keys() and set(each["children"]) <= children
        ]
        return (
            *(
                word.Line(f"{'Ends' if each['ends'] else 'Goes on'}: {each['words']}", self.text(each["why"]))
                for each in told
            ),
            *(word.Line(f"Disruption {each['reference']}", self._order(each)) for each in orders),
            *(
                word.Line(f"To CHaRMM {each['reference']}", self.text(f"{each['district']}: {each['why']}"))
                for each in taken
            ),
            *(
                word.Line(
                    f"{each['child']}, {each['how'][:1].lower()}{each['how'][1:]} {each['to']}", self.text(each["text"])
                )
                for each in passed
            ),
        )

    def _order(self, order: Mapping[str, Any]) -> str:
        return f"{order['tactic']}: {order['state'].lower()}. {self.text(order['text'])}"

    def _of_child(self) -> tuple[NetworkItemMinutes, ...]:
        found = []
        for item in self.kept["items"]:
            passed = [
                word.Line(f"{each['how']} {each['to']}", self.text(each["text"]))
                for each in item["matters"]
                if each["child"] == self.audience.code and each["child_id"] in self.seen.children
            ]
            if passed and self._shows(item):
                found.append(NetworkItemMinutes(number=item["number"], subject=self.audience.code, lines=tuple(passed)))
        if not found:
            raise DomainError("This child is not in these minutes.")
        return tuple(found)

    def _about_suspects(self, item: Mapping[str, Any]) -> str:
        if self.audience.kind == "anonymised" or (self.audience.kind == "agency" and self.audience.code != _POLICE):
            return ""
        all_seen = set(item["suspects"]) <= self.seen.subjects.keys()
        reads_all = self.reads_all and (all_seen or self.audience.kind != "agency")
        return self.text(item["about_suspects"]) if reads_all or (all_seen and item["suspects"]) else ""

    def _reads_action(self, action: Mapping[str, Any]) -> bool:
        if self.agency and action["agency"] != self.agency:
            return False
        about, own = action["subject_id"], action["owner_id"] == self.by.account_id and not self.agency
        return about is None or about in self.seen.subjects or own

    def attendance_note(self, note: str) -> str:
        """Give what a copy says of how somebody attended: in a child’s file, or without names, nothing."""
        return "" if self.audience.kind in ("child", "anonymised") else self.text(note)

    def _of_one_child(self, told: Seen) -> Seen:
        """Give what a child’s file may name: neither suspects, whoever makes the extract, nor any other child."""
        suspects = {each for item in self.kept["items"] for each in item["suspects"]}
        matters = [each for item in self.kept["items"] for each in item["matters"]]
        own = {each["child_id"] for each in matters if each["child"] == self.audience.code}
        subjects = {key: value for key, value in told.subjects.items() if key not in suspects}
        return replace(told, subjects=subjects, children=told.children & own)

    def _but_missed(self) -> Seen:
        """Give what is seen without what the copy tells of in no item: texts name none of it."""
        items = self.kept["items"]
        told, out = ([item for item in items if self._shows(item) is shows] for shows in (True, False))
        subjects = {each for item in out for each in _subjects_of(item)}
        subjects -= {each for item in told for each in _subjects_of(item)}
        children = {each for item in out for each in _children_of(item)}
        children -= {each for item in told for each in _children_of(item)}
        left = {key: row for key, row in self.seen.subjects.items() if key not in subjects}
        return replace(self.seen, subjects=left, children=self.seen.children - children)

    def _shows(self, item: Mapping[str, Any]) -> bool:
        return item["number"] not in self.missed and self.seen.shows(item["subject_id"], item["referral_id"])

    def _of_agency(self, session: Session) -> tuple[str, Seen]:
        agency = session.scalars(select(Agency).where(col(Agency.code) == self.audience.code)).first()
        if agency is None:
            raise DomainError(f"There is no agency {self.audience.code}.")
        there = _attended_of(session, self.kept["reference"], agency.key)
        if not there:
            return agency.name, _NOTHING
        with together_with(session, there):
            seen = _seen(session, self.kept)
        if self.audience.code == _POLICE:
            return agency.name, seen
        subjects = {key: row for key, row in seen.subjects.items() if row.kind is not SubjectKind.SUSPECT}
        return agency.name, replace(seen, subjects=subjects)


def _subjects_of(item: Mapping[str, Any]) -> set[int]:
    own = {item["subject_id"], (item["became"] or {}).get("id")} - {None}
    return own | {part["id"] for part in item["parts"]} | set(item["suspects"])


def _children_of(item: Mapping[str, Any]) -> set[int]:
    return {child for reason in item["reasons"] for child in reason["children"]} | {
        each["child_id"] for each in item["matters"]
    }


def _attended_of(session: Session, reference: str, agency_id: int) -> Sequence[Actor]:
    """Give those of an agency who attended, as they may read now."""
    statement = (
        select(col(Attendance.account_id))
        .join(Meeting, col(Meeting.id) == col(Attendance.meeting_id))
        .where(
            col(Meeting.reference) == reference, col(Attendance.agency_id) == agency_id,
            col(Attendance.presence) == Presence.PRESENT, col(Attendance.account_id).is_not(None),
        )
    )  # fmt: skip
    return actors_of(session, {each for each in session.scalars(statement) if each is not None})


def _seen(session: Session, kept: Mapping[str, Any]) -> Seen:
    subjects: set[int] = set()
    referrals: set[int] = set()
    children: set[int] = set()
    for item in kept["items"]:
        subjects |= {each for each in (item["subject_id"], (item["became"] or {}).get("id")) if each}
        subjects |= {part["id"] for part in item["parts"]}
        subjects |= {each["subject_id"] for key in ("actions", "disruption", "charmm") for each in item[key]} - {None}
        subjects |= {each for reason in item["reasons"] for each in reason["subjects"]}
        children |= {each for reason in item["reasons"] for each in reason["children"]}
        children |= {each["child_id"] for each in item["matters"]}
        for each in item.get("settled", ()):
            subjects |= set(each["subjects"])
            children |= set(each["children"])
        referrals |= {item["referral_id"]} - {None}
    return seen_of(session, date.fromisoformat(kept["held_on"]), subjects, referrals, children)
