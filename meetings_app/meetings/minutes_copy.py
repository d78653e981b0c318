"""One reader’s copy of the minutes: which items it shows, in which words, and whether with names."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure as ClosureRow
from meetings_app.documents import facts as word
from meetings_app.errors import DomainError
from meetings_app.meetings import queries
from meetings_app.meetings.agenda_word import rating_label
from meetings_app.meetings.copy_words import words_of_copy
from meetings_app.meetings.minutes import signed_by
from meetings_app.meetings.minutes_asked import asked_lines
from meetings_app.meetings.minutes_audience import Audience, less_hidden
from meetings_app.meetings.minutes_earlier import earlier_in_words
from meetings_app.meetings.minutes_information import told_before, told_in_the_room
from meetings_app.meetings.minutes_room import is_reader, room_lines
from meetings_app.meetings.minutes_texts import NOTES, recorded_texts, texts_of
from meetings_app.meetings.minutes_updates import is_in_copy, update_title
from meetings_app.meetings.without_names import Text
from meetings_app.permissions import Actor
from meetings_app.schedule.office import Office

_CHANGES = {
    "on": "Added to the list: {rating}",
    "up": "Raised from {was} to {rating}",
    "down": "Lowered from {was} to {rating}",
    "off": "Leaves the list once both chairs have signed the closure",
    "signed off": "Leaves the list; both chairs have signed the closure",
}
_SIGNATURES = 2
_STATUS = {"indicators": "Indicators only", "suspected": "Suspected", "known": "Known"}


class Copy:
    """One reader's copy: which items are shown, and whether names are.

    `heard` says that the reader was at the meeting or records it, and heard what the agencies had sent before it;
    `missed` are the numbers of items that are hidden besides those that the reader may not see.
    """

    def __init__(
        self,
        session: Session,
        office: Office,
        audience: Audience,
        kept: Mapping[str, Any],
        by: Actor,
        *,
        heard: bool,
        missed: Collection[str] = (),
    ) -> None:
        self.heard, self.own = heard, session.scalar(select(col(Agency.code)).where(col(Agency.id) == by.agency_id))
        self.session, self.office, self.audience, self.kept, self.by = session, office, audience, kept, by
        self.recorded, self.texts = recorded_texts(kept), texts_of(kept)
        children = [item["child_id"] for item in kept["items"] if item["number"] not in missed]
        self.visible = queries.children_of(session, children)
        self.reader = self._reader(kept)
        self.text = self._text_of_copy()

    def _text_of_copy(self) -> Text:
        shown, hidden = list[Any](), list[Any]()
        for item in self.kept["items"]:
            (shown if self._in_copy(item) else hidden).append(item)
        return words_of_copy(self.session, shown, hidden, self.by.kept_from, self.audience)

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
        said = {"anonymised": "Anonymised copy", "chair": "Chair’s copy"}.get(self.audience.kind, "Full copy")
        return less_hidden(said, sum(not self._shown(item) for item in kept["items"]))

    def notes(self) -> tuple[word.Line, ...]:
        """Give what concerns no single child, and what an amendment changes as far as the copy shows the items."""
        if self.audience.kind == "child":
            return self._changes()
        notes = self._text(NOTES)
        earlier = earlier_in_words(self.kept.get("earlier_minutes", ()))
        lines = [word.Line("Minutes of the meetings before", earlier)] if earlier else []
        lines += [word.Line("Items in this copy", self._how_much())] if self.audience.kind == "agency" else []
        lines += [word.Line("Notes", self.text(notes))] if notes else []
        lines += [
            word.Line(update_title(each, self.kept["attendance"]), self.text(each["text"]))
            for each in self.kept.get("updates", ())
            if self._update_shown(each)
        ]
        return (*lines, *self._changes())

    def attendance_note(self, note: str) -> str:
        """Give what a copy says of how somebody attended: in a child’s file it is about somebody else.

        Without names it could tie one professional to one child, as “head of year, for 6.7” does.
        """
        return "" if self.audience.kind in ("child", "anonymised") else self.text(note)

    def _update_shown(self, update: Mapping[str, Any]) -> bool:
        """Say whether the copy has an agency’s update: who was not there reads that of their own agency.

        So does who has a conflict of interest about a child, without that child; what it says of others is theirs.
        """
        items, own = [item["child_id"] for item in self.kept["items"]], update["agency_code"] == self.own
        without = self.by.kept_from if own and self.audience.kind != "anonymised" else ()
        return (self.heard or own) and is_in_copy(
            self.session, update, self.audience.kind, self.audience.code, items, {*self.visible, *without}
        )

    def _how_much(self) -> str:
        held = sum(1 for item in self.kept["items"] if self._in_copy(item))
        return (
            f"{held} of the {len(self.kept['items'])} items: those in which this agency leads, has an action, "
            "owes information or disagrees with the decision."
        )

    def _changes(self) -> tuple[word.Line, ...]:
        shown = {item["number"] for item in self.kept["items"] if self._in_copy(item)}
        if self.audience.kind != "child":
            shown.add(NOTES)
        return tuple(
            word.Line(
                f"Amended: {'item ' + change['item'] if change['item'] else 'notes'}",
                self.text(f"Before: {change['before'] or 'nothing'}\n\nNow: {change['after'] or 'nothing'}"),
            )
            for change in self.kept.get("changes", ())
            if change["item"] in shown
        )

    def _text(self, number: str) -> str:
        """Give the text as edited; the chair’s copy also says what was recorded, where that differs."""
        text, recorded = self.texts[number], self.recorded[number]
        if self.audience.kind == "chair" and text != recorded:
            return f"{text}\n\nAs it was recorded in the meeting: {recorded or 'nothing'}".strip()
        return text

    def _in_copy(self, item: Mapping[str, Any]) -> bool:
        return self._shown(item) and (self.audience.kind != "child" or item["child"] == self.audience.code)

    def child(self, item: Mapping[str, Any]) -> word.ChildMinutes | None:
        """Give one item as this reader gets it: a stub of one that is hidden from the reader.

        A copy for one agency or about one child leaves out what does not concern it, and says how much it holds.
        """
        if self.audience.kind in ("agency", "child") and not self._in_copy(item):
            return None
        if not self._shown(item):
            return word.ChildMinutes(number=item["number"], child="", name=None, age=None, stub=True)
        text = self.text
        if self.audience.kind == "agency" and not self._concerns(item):
            return self._in_part(item)
        return word.ChildMinutes(
            number=item["number"], child=item["child"], name=self._name(item), age=item["age"],
            reasons=tuple(text(reason) for reason in item["reasons"]), attendance_notes=self._room(item),
            discussion=text(self._text(item["number"])), beside=tuple(map(text, self._beside(item))),
            information=self._views(item), decision=self._decision(item), rationale=text(item["rationale"]),
            actions=tuple(self._action(action) for action in item["actions"] if self._action_shown(action)),
            closure=self._closure(item), deferred=self._deferred(item), not_reached=self._not_reached(item),
        )  # fmt: skip

    def _in_part(self, item: Mapping[str, Any]) -> word.ChildMinutes:
        """Give what an agency gets that neither leads nor has an action: what it owes, or what it disagreed with."""
        disagrees, decision = self._disagrees(item), self._decision(item)
        return word.ChildMinutes(
            number=item["number"], child=item["child"], name=self._name(item), age=item["age"],
            information=self._views(item) if disagrees else (),
            decision=replace(decision, further=()) if disagrees and decision else None,
            deferred=self._deferred(item), not_reached=self._not_reached(item),
        )  # fmt: skip

    def _room(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(room_lines(item, self.by.account_id, named=self.audience.kind != "anonymised"))

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
            if by_id[change["child_id"]].get("provisional"):
                words += ", provisional"
            said.append(word.ListChange(shown.child, shown.name or "Not named in this copy", words))
        return said

    def _shown(self, item: Mapping[str, Any]) -> bool:
        if item["child_id"] not in self.visible:
            return False
        return self.audience.kind != "agency" or any(
            asks(item) for asks in (self._concerns, self._owes, self._disagrees)
        )

    def _owes(self, item: Mapping[str, Any]) -> bool:
        """Whether the agency of the copy is to supply what the item was deferred for: it gets that request alone."""
        return (item.get("deferred") or {}).get("agency_code") == self.audience.code

    def _disagrees(self, item: Mapping[str, Any]) -> bool:
        """Whether the agency of the copy disagreed: its own words stay on record there, beside what was decided."""
        return any(view["agency_code"] == self.audience.code and view["dissents"] for view in item.get("views", ()))

    def _concerns(self, item: Mapping[str, Any]) -> bool:
        """Whether the agency of the copy leads or has an action."""
        code = self.audience.code
        return item["lead_agency_code"] == code or any(
            action["agency_code"] == code for action in (*item["actions"], *item.get("withdrawn", ()))
        )

    def _beside(self, item: Mapping[str, Any]) -> Iterator[str]:
        """Give what else the meeting did at an item: what no table of the minutes holds, and no text of the talk."""
        if item["outcome"] == "noted" and item["lead_professional"]:
            yield f"Lead professional: {item['lead_professional']}"
        for action in item.get("withdrawn", ()):
            if self._action_shown(action):
                yield f"Action {action['reference']} is withdrawn: {action['what']}\nWhy: {action['reason']}"
        yield from item.get("strategy", ())

    def _views(self, item: Mapping[str, Any]) -> tuple[word.AgencyInformation, ...]:
        # What was not reached was not told to the room either.
        told = item.get("not_reached") is None or self.audience.kind == "chair"
        out = any(is_reader(each, self.by.account_id) for each in item.get("out_of_room", ()))
        heard = self.heard and told and not out
        kind, copy_for = self.audience.kind, self.audience.code if self.audience.kind == "agency" else ""
        own = copy_for or ("" if heard else self.own or "nobody")
        sent = (word.AgencyInformation(*said) for said in told_before(item, kind, own, self.text))
        return *sent, *(word.AgencyInformation(*view) for view in told_in_the_room(item, kind, copy_for, self.text))

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
        asked = asked_lines(item, self.audience.kind, self.audience.code if self.audience.kind == "agency" else "")
        lines = [*item["further"], *(item.get("closure") or {}).get("lines", []), *asked]
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
