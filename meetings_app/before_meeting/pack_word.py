"""The chair's pack as a Word document."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record, record_read
from meetings_app.before_meeting.asked import AskedChild
from meetings_app.before_meeting.replies import AgencyReply, Replies, replies_of
from meetings_app.before_meeting.standing_now import StandingNow, standing_now
from meetings_app.documents.facts import ActionRow, Line
from meetings_app.documents.pack_facts import PackAgency, PackChild, PackFacts, PackInformation
from meetings_app.documents.render import pack_document
from meetings_app.meetings.agenda_word import rating_label
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.permissions import Actor
from meetings_app.preparing.queries import AttendanceShown, SentShown
from meetings_app.preparing.rules import Answer
from meetings_app.schedule.invites import date_text, time_text, title_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.web.filters import moment


def pack_word(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, *, marking: str, template: Path
) -> bytes:
    """Give the chair's pack as Word bytes, narrowed to the session's reader, and record that it was made.

    What was sent about others names no child from whom a conflict of interest keeps the reader. Raises
    `WordTemplateError`.
    """
    found, apart = replies_of(session, office, meeting, now), apart_at(session, by, meeting)
    children = [child.child_id for child in found.children]
    replies, standing = apart.shown(found), apart.shown(standing_now(session, meeting, found.children))
    facts = PackFacts(
        partnership=office.partnership.name, marking=marking, title=title_of(meeting, office),
        area=session.scalars(select(col(Area.name)).where(col(Area.id) == meeting.area_id)).one(),
        version=f"as it stood {moment(now)}", produced_at=now, reader=f"Chair’s copy for {by.name}",
        reference=meeting.reference, when=f"{date_text(meeting)}, {time_text(meeting)}",
        quorum=replies.quorum,
        agencies=tuple(_agency(reply) for reply in replies.agencies),
        children=tuple(_child(office, child, replies, standing[child.child_id]) for child in found.children),
    )  # fmt: skip
    record(session, by, now, EventKind.DOCUMENT_MADE, document=f"chair’s pack of {meeting.reference}")
    record_read(session, by, now, f"chair’s pack of {meeting.reference}, as Word", children)
    return pack_document(facts, template)


def _agency(reply: AgencyReply) -> PackAgency:
    said = reply.attendance
    left = [f"For {each.meant_for}: {_attending(each)}\n{each.update_text}".strip() for each in reply.left]
    if said is None:
        return PackAgency(reply.agency, "Not said", "\n".join(left))
    words = f"{_attending(said)} (late)" if said.late else _attending(said)
    return PackAgency(reply.agency, words, "\n".join(text for text in (said.update_text, *left) if text))


def _attending(said: AttendanceShown) -> str:
    words = f"{said.words}: {said.deputy}" if said.deputy else said.words
    return f"{words} (answer to the invite)" if said.by_invite else words


def _child(office: Office, child: AskedChild, replies: Replies, now: StandingNow) -> PackChild:
    return PackChild(
        child.number, child.reference, child.name or None,
        tuple(_information(sent) for sent in replies.information[child.child_id]),
        tuple(replies.silent_about(child.child_id)), _standing(office, now),
        tuple(
            ActionRow(
                reference=each.reference, child=child.reference, action=each.what, agency=each.agency,
                person=each.owner, due=each.due_on,
            )
            for each in now.actions
        ),
    )  # fmt: skip


def _standing(office: Office, now: StandingNow) -> str:
    """Say how old the child is, why the meeting hears of the child, and the rating, each on a line of its own."""
    lines = [f"Aged {now.age}"] if now.age is not None else []
    lines += [f"On the agenda: {reason}" for reason in now.reasons]
    return "\n".join([*lines, _rated(office, now)])


def _rated(office: Office, now: StandingNow) -> str:
    if now.rating is None:
        return "Not on the list"
    provisional = " (provisional)" if now.provisional else ""
    return f"{rating_label(now.rating.value, office)}{provisional}. Lead agency: {now.lead_agency or 'none'}"


def _information(sent: SentShown) -> PackInformation:
    if sent.answer is Answer.NOTHING_KNOWN:
        lines = [Line("Answer", "nothing known")]
    elif sent.answer is Answer.NOT_SHARED:
        lines = [Line("Not shared, because", sent.reason)]
    else:
        marked = (("Fact", sent.facts), ("Opinion", sent.opinion), ("Source", sent.source))
        lines = [Line(label, text) for label, text in marked if text]
    if sent.meant_for:
        lines.append(Line("Sent for", sent.meant_for))
    return PackInformation(sent.agency, tuple(lines), f"{sent.by}, {moment(sent.sent_at)}", sent.late)
