"""Answering an invite: by a link of the mail without signing in, or on one's own page of the meeting.

A GET changes nothing, as the programs that check mail follow every link. The page behind a link shows the meeting's
reference, date and time and which answer is recorded, and nothing else: no name, of a deputy neither.
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.models import Account
from meetings_app.errors import RuleBroken
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.forms_answers import AnswerForm, DeputyNameForm, LinkAnswerForm
from meetings_app.meetings.routes_arranging import found_meeting, office
from meetings_app.permissions import Actor
from meetings_app.preparing.who_comes import who_comes_to
from meetings_app.schedule import answering, invites, membership
from meetings_app.schedule.answer_links import member_of_token
from meetings_app.schedule.answering import Answer
from meetings_app.schedule.deputies import deputies_for
from meetings_app.schedule.models import Meeting, MeetingMember, Reply, ReplySource
from meetings_app.web.context import actor, db, found, now, settings
from meetings_app.web.guard import public, signed_in

TITLES = {
    Reply.ACCEPTED: "Accept the invite",
    Reply.DECLINED: "Decline the invite",
    Reply.DEPUTY: "Send a deputy",
}
_WHAT = "any(accepted,declined,deputy):what"
BY_LINK = Actor(account_id=None, name="the holder of a link")


@blueprint.get(f"/answer/<token>/<{_WHAT}>")
@public
def answer(token: str, what: str) -> ResponseReturnValue:
    """Ask once more, with one button."""
    member, meeting = _place(token)
    if not answering.is_open(meeting, now()):
        return render_template("meetings/answers/over.html"), 404
    return _link_page(token, member, meeting, Reply(what), _link_form(Reply(what)))


@blueprint.post(f"/answer/<token>/<{_WHAT}>", endpoint="answer_sent")
@public
def answer_sent(token: str, what: str) -> ResponseReturnValue:
    """Keep the answer of whoever holds the link."""
    member, meeting = _place(token)
    if not answering.is_open(meeting, now()):
        return render_template("meetings/answers/over.html"), 404
    reply, form = Reply(what), _link_form(Reply(what))
    if not form.validate_on_submit():
        return _link_page(token, member, meeting, reply, form), 400
    name = form.deputy_name.data if isinstance(form, DeputyNameForm) else ""
    given = Answer(reply, ReplySource.LINK, now(), meeting.calendar_sequence, deputy_name=name or "")
    answering.give_answer(db(), BY_LINK, now(), meeting, member, given)
    return _link_page(token, member, meeting, reply, form, kept=True)


@blueprint.get("/meetings/<reference>/answer")
@signed_in
def own_answer(reference: str) -> ResponseReturnValue:
    """Ask an invited person for their own answer."""
    meeting = found_meeting(reference)
    place = found(answering.own_place(db(), actor(), meeting))
    return _own_page(meeting, place, _own_form(meeting, place))


@blueprint.post("/meetings/<reference>/answer")
@signed_in
def own_answer_sent(reference: str) -> ResponseReturnValue:
    """Keep a person's own answer; a deputy of the agency is invited by it."""
    meeting = found_meeting(reference)
    place = found(answering.own_place(db(), actor(), meeting))
    form = _own_form(meeting, place)
    if not form.validate_on_submit():
        return _own_page(meeting, place, form), 400
    reply = Reply(form.reply.data)
    deputy = db().get(Account, int(form.deputy.data)) if reply is Reply.DEPUTY and form.deputy.data else None
    given = Answer(
        reply, ReplySource.PAGE, now(), meeting.calendar_sequence,
        deputy_id=deputy.key if deputy else None, deputy_name="" if deputy else form.deputy_name.data or "",
    )  # fmt: skip
    try:
        answering.give_answer(db(), actor(), now(), meeting, place, given)
    except RuleBroken as problem:
        form.refuse(problem)
        return _own_page(meeting, place, form), 400
    if deputy is not None:
        membership.invite_deputy(db(), actor(), now(), office(), meeting, deputy)
    flash("Your answer is saved.", "success")
    return redirect(url_for("meetings.show", reference=reference))


def _place(token: str) -> tuple[MeetingMember, Meeting]:
    member_id = member_of_token(settings().secret_key, token)
    place = answering.member_and_meeting(db(), member_id) if member_id is not None else None
    if place is None:
        abort(404)
    return place


def _link_form(reply: Reply) -> LinkAnswerForm | DeputyNameForm:
    return DeputyNameForm() if reply is Reply.DEPUTY else LinkAnswerForm()


def _link_page(
    token: str, member: MeetingMember, meeting: Meeting, reply: Reply, form: LinkAnswerForm | DeputyNameForm, *,
    kept: bool = False,
) -> str:  # fmt: skip
    others = [(title, url_for("meetings.answer", token=token, what=each.value)) for each, title in TITLES.items()]
    return render_template(
        "meetings/answers/link.html", reference=meeting.reference, date_text=invites.date_text(meeting),
        time_text=invites.time_text(meeting), title=TITLES[reply], form=form, kept=kept, has_errors=bool(form.errors),
        place=member, same=member.reply is reply, others=[other for other in others if other[0] != TITLES[reply]],
    )  # fmt: skip


def _own_form(meeting: Meeting, place: MeetingMember) -> AnswerForm:
    form = AnswerForm(
        reply=place.reply.value, deputy=str(place.deputy_id or ""), deputy_name=place.deputy_name
    )  # fmt: skip
    sent = deputies_for(db(), actor().agency_id, meeting.area_id)
    form.deputy.choices = [("", "Choose"), *((str(one.key), one.name) for one in sent if one.key != actor().account_id)]
    return form


def _own_page(meeting: Meeting, place: MeetingMember, form: AnswerForm) -> str:
    return render_template(
        "meetings/answers/own.html", meeting=meeting, form=form, has_errors=bool(form.errors), place=place,
        is_open=answering.is_open(meeting, now()),
        said=who_comes_to(db(), meeting.key).said.get(actor().agency_id or 0),
    )  # fmt: skip
