"""Pages of one meeting's members: who is invited, one more person, one person less."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.models import Account
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.forms_arranging import MemberForm
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.routes_changing import arranged_meeting
from meetings_app.permissions import Permission
from meetings_app.preparing.who_comes import who_comes_to
from meetings_app.schedule import membership, queries
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, found, now
from meetings_app.web.guard import requires
from meetings_app.web.numbers import row_number


@blueprint.get("/meetings/<reference>/members")
@requires(Permission.ARRANGE_MEETINGS)
def members(reference: str) -> ResponseReturnValue:
    """Show who is invited, and offer to invite one more person."""
    return _members_page(arranged_meeting(reference), MemberForm())


@blueprint.post("/meetings/<reference>/members")
@requires(Permission.ARRANGE_MEETINGS)
def member_added(reference: str) -> ResponseReturnValue:
    """Invite one more person, who alone gets an invite."""
    meeting, form = arranged_meeting(reference), MemberForm()
    form.account.choices = _invitable(meeting)
    if not form.validate_on_submit():
        return _members_page(meeting, form), 400
    person = found(db().get(Account, int(form.account.data)))
    membership.add_member(db(), actor(), now(), office(), meeting, person)
    flash(f"One person more is invited to {reference}.", "success")
    return redirect(url_for("meetings.members", reference=reference))


@blueprint.post("/meetings/<reference>/members/remove")
@requires(Permission.ARRANGE_MEETINGS)
def member_removed(reference: str) -> ResponseReturnValue:
    """Take one person's invite back; they alone get a cancellation."""
    meeting = arranged_meeting(reference)
    person = found(db().get(Account, row_number(request.form.get("account")) or 0))
    membership.remove_member(db(), actor(), now(), office(), meeting, person)
    flash(f"One person is no longer invited to {reference}.", "success")
    return redirect(url_for("meetings.members", reference=reference))


def _members_page(meeting: Meeting, form: MemberForm) -> str:
    form.account.choices = [("", "Choose"), *_invitable(meeting)]
    return render_template(
        "meetings/arranging/members.html", meeting=meeting, form=form, has_errors=bool(form.errors),
        members=queries.members(db(), meeting.key), comes=who_comes_to(db(), meeting.key),
        may_change=meeting.state in (MeetingState.ANNOUNCED, MeetingState.PUBLISHED),
    )  # fmt: skip


def _invitable(meeting: Meeting) -> list[tuple[str, str]]:
    there = {member.account_id for member in queries.members(db(), meeting.key) if member.removed_at is None}
    return [
        (str(person.id), f"{person.name}, {person.agency}")
        for person in queries.everybody(db())
        if person.id not in there
    ]
