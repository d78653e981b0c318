"""The page of who attends an RMM or a network meeting: one form, of the members and of a person to add.

Two people may have it open at once: the second is shown both, and keeps what was chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.meetings import queries, running
from meetings_app.meetings.attendance_chosen import Chosen, Member, Opened, chosen_of, read_back, written
from meetings_app.meetings.attendance_forms import PersonForm
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.models import Presence
from meetings_app.meetings.running import AttendanceLine
from meetings_app.meetings.running_forms import PRESENCE_WORDS
from meetings_app.meetings.said_beforehand import own_replies, proposed
from meetings_app.meetings.walking_in import add_person, recorded_as, there_alike, who_it_may_be, with_account
from meetings_app.preparing.who_comes import who_comes_to
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.queries import invited
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import LONGEST_NUMBER, shown

_MEMBERS = "members_seen"
"""The field that says how the members were recorded when the form was opened."""
_PROPOSED = "members_proposed"
"""The field that says how they were proposed, where nobody was recorded."""


@dataclass(frozen=True)
class AttendancePage:
    """One meeting's page: its template, its own address, and where saving leads."""

    meeting: Meeting
    template: str
    here: str
    back: str

    def answer(self) -> ResponseReturnValue:
        """Show the page, or keep what was sent. The caller has asked whether the person records the meeting."""
        form = PersonForm()
        form.agency.choices = {"": "Choose", **{str(each.id): each.name for each in people.agencies(db())}}
        if request.method == "GET":
            return self._page(form, 200)
        sent = _chosen(self.meeting) if "members" in request.form else None
        if not self._is_held:
            return self._page(form, 409, sent)
        try:
            return self._answer(form, sent)
        except DomainError:
            # Somebody closed the meeting in this moment.
            return self._page(form, 409, sent)

    @property
    def _is_held(self) -> bool:
        return self.meeting.state is MeetingState.IN_PROGRESS

    def _answer(self, form: PersonForm, sent: Chosen | None) -> ResponseReturnValue:
        # Whichever button is pressed, whoever is typed below is not to be lost by it.
        if form.is_begun or "add" in request.form:
            return self._add(form, sent)
        if "remove" in request.form:
            return self._remove(form, sent)
        if sent is None:
            return self._add(form, sent)
        try:
            self._save(sent)
        except Conflict:
            return self._page(form, 409, _chosen(self.meeting))
        except RuleBroken as broken:
            form.refuse(broken)
            return self._page(form, 400, sent)
        flash(f"Attendance is saved.{_set_back(len(sent.off))}", "success")
        return redirect(self.back)

    def _save(self, sent: Chosen) -> None:
        running.set_attendance(db(), actor(), now(), self.meeting, sent.lines, _read(self.meeting, sent), sent.keys_off)

    def _remove(self, form: PersonForm, sent: Chosen | None) -> ResponseReturnValue:
        """Take somebody off, and record the members with it: what was chosen above is not lost."""
        try:
            if sent is not None and (sent.lines or sent.off):
                self._save(sent)
        except Conflict:
            return self._page(form, 409, _chosen(self.meeting))
        try:
            for agency_id, name in _taken_off():
                running.remove_attendant(db(), actor(), now(), self.meeting, agency_id, name)
        except RuleBroken as broken:
            form.refuse(broken)
            return self._page(form, 400, sent)
        flash("Attendance is saved, and the person is taken off.", "success")
        return redirect(self.here)

    def _add(self, form: PersonForm, sent: Chosen | None) -> ResponseReturnValue:
        """Record a person more, and the members with them: what was chosen above is not lost, and is the first.

        Where “Remove” was pressed, that person is taken off with it, or nothing is done and all of it is shown again.
        """
        if not form.validate():
            return self._page(form, 400, sent)
        line = AttendanceLine(
            int(form.agency.data), form.name.data, Presence(form.presence.data), note=form.note.data or ""
        )
        if form.is_to_ask(who_it_may_be(db(), line.name), there_alike(db(), self.meeting, line)):
            return self._page(form, 400, sent)
        line = replace(line, name=form.named)
        if form.chosen is not None:
            line = with_account(db(), line, form.chosen)
        try:
            seen, beside, removed = request.form.get("seen", ""), sent or Chosen(), _taken_off()
            off = [*beside.keys_off, *removed]
            add_person(db(), actor(), now(), self.meeting, line, seen, beside.lines, off, _read(self.meeting, beside))
        except Conflict:
            return self._page(form, 409, sent and _chosen(self.meeting), line)
        except RuleBroken as broken:
            form.refuse(broken)
            return self._page(form, 400, sent)
        taken = ", and the other person is taken off" if removed else ""
        set_back = _set_back(len(beside.off))
        flash(f"Attendance is saved, and the person is added{taken}.{set_back}", "success")
        return redirect(self.here)

    def _page(
        self, form: PersonForm, status: int, ours: Chosen | None = None,
        person: AttendanceLine | None = None,
    ) -> ResponseReturnValue:  # fmt: skip
        apart = apart_at(db(), actor(), self.meeting)
        there, members = queries.attendance_of(db(), self.meeting.key), _members(self.meeting)
        saved = {line.account_id: line.presence for line in there if line.account_id is not None}
        comes, held = who_comes_to(db(), self.meeting.key), self._is_held
        said, own = comes.by_agency, own_replies(comes)
        # Once anything is recorded the form starts from that alone; and after the meeting nothing is proposed.
        proposing = bool(said or own) and not there and held
        plain = proposed(said, [(member[0], member[3]) for member in members], own)
        start_from = plain if proposing else saved
        chosen = start_from if ours is None else ours.beside(saved)
        too_late = status == 409 and not held
        differences = [] if ours is None else [
            (name, _words(chosen.get(account_id)), _words(saved.get(account_id)))
            for account_id, name, _agency, _agency_id in members
            if chosen.get(account_id) != saved.get(account_id) and (too_late or account_id in ours.both)
        ]  # fmt: skip
        theirs = recorded_as(there, person) if person is not None else None
        if person is not None and theirs is not None and _said(person) != _said(theirs):
            differences.append((person.name, _said(person), apart.text(_said(theirs))))
        invited_ids = {member[0] for member in members}
        recorded = {key: presence for key, presence in saved.items() if key in invited_ids}
        page = render_template(
            self.template, meeting=self.meeting, form=form, members=members, chosen=chosen if held else saved,
            words=PRESENCE_WORDS,
            others=[line for line in there if line.account_id not in invited_ids], open=held,
            **_seen(status, there, recorded, plain if proposing else {}, ours), differences=differences,
            conflicting=status == 409 and held, still_there=status == 400 and form.is_begun and bool(_taken_off()),
            too_late=too_late, said=said, own=own, proposing=proposing,
            not_kept=_not_kept(form, differences) if too_late else [], apart=apart,
            comes={account_id for account_id, how in plain.items() if how is Presence.PRESENT},
        )  # fmt: skip
        return page, status


def _taken_off() -> list[tuple[int, str]]:
    """Give the agency and the name beside which “Remove” was pressed, if it was."""
    agency, _space, name = request.form.get("remove", "").partition(" ")
    is_number = agency.isdecimal() and len(agency) <= LONGEST_NUMBER
    return [(int(agency) if is_number else 0, name)] if name else []


def _not_kept(form: PersonForm, differences: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Give what was entered in a form that came too late, each with what it is: to be copied from the page."""
    taken_off = [("Person to be taken off", name) for _agency, name in _taken_off()]
    fields = (form.name, form.agency, form.presence, form.note) if form.is_begun else ()
    typed = [(f"Person to be added: {field.label.text.lower()}", shown(field)) for field in fields]
    chosen = [(name, words) for name, words, _saved in differences]
    return [(what, words) for what, words in (*chosen, *taken_off, *typed) if words]


def _words(presence: Presence | None) -> str:
    return PRESENCE_WORDS[presence] if presence else "Not recorded"


def _said(line: AttendanceLine | queries.Attendant | None) -> str:
    """Say how one person is recorded, with the note."""
    if line is None:
        return _words(None)
    return f"{_words(line.presence)}, {line.note}" if line.note else _words(line.presence)


def _members(meeting: Meeting) -> list[Member]:
    agencies = {agency.id: agency.name for agency in people.agencies(db())}
    members = [
        (person.key, person.name, agencies[person.agency_id], person.agency_id) for person in invited(db(), meeting.key)
    ]
    return sorted(members, key=lambda member: (member[3], member[1]))


def _chosen(meeting: Meeting) -> Chosen:
    """Read what was chosen for each member, beside what stands now."""
    return chosen_of(_members(meeting), queries.attendance_of(db(), meeting.key), request.form, _opened())


def _read(meeting: Meeting, sent: Chosen) -> str:
    """Give the digest of what the person has read: what stands now, where nobody chose otherwise for the same person.

    It is that of the page where both did, and where whoever is to be taken off is gone.
    """
    there = {(line.agency_id, line.name) for line in queries.attendance_of(db(), meeting.key)}
    merged = _MEMBERS in request.form and not sent.both and there.issuperset(_taken_off())
    return sent.there if merged else request.form.get("seen", "")


def _opened() -> Opened:
    """Give what the form that was sent was opened with."""
    return Opened(read_back(request.form.get(_MEMBERS)), read_back(request.form.get(_PROPOSED)) or {})


def _seen(
    status: int, there: Sequence[queries.Attendant], saved: Mapping[int, Presence],
    plain: Mapping[Any, Presence], ours: Chosen | None,
) -> dict[str, str]:  # fmt: skip
    """Give by which a second saver is noticed, and what the form is opened with: recorded, or only proposed.

    A form that is refused was opened before: of whoever was chosen there, what somebody else saved since is not asked
    about yet.
    """
    seen = {"seen": running.attendance_digest(there), _MEMBERS: written(saved), _PROPOSED: written(plain)}
    opened = _opened()
    if status != HTTPStatus.BAD_REQUEST or "seen" not in request.form or ours is None or opened.recorded is None:
        return seen if status != HTTPStatus.BAD_REQUEST else {**seen, **_as_sent()}
    left = {str(account_id) for account_id in ours.left}
    kept = {key: value for key, value in opened.recorded.items() if key not in left}
    now_saved = {str(key): presence.value for key, presence in saved.items() if str(key) in left}
    return {**seen, **_as_sent(), _MEMBERS: " ".join(f"{key}.{how}" for key, how in {**now_saved, **kept}.items())}


def _as_sent() -> dict[str, str]:
    """Give what the form that was sent carried along."""
    return {name: request.form[name] for name in ("seen", _MEMBERS, _PROPOSED) if name in request.form}


def _set_back(count: int) -> str:
    if not count:
        return ""
    who = "One member is" if count == 1 else f"{count} members are"
    return f" {who} set back to “Not recorded”."
