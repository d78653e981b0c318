"""What the pages of a child and of a meeting's item share: which form a step has, and what sending it does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask import abort

from meetings_app.children.models import Child
from meetings_app.schedule.office import Office
from meetings_app.strategy import service
from meetings_app.strategy.forms import HeldForm, NewNotHeldForm, NotHeldForm, WhyForm, held_form
from meetings_app.strategy.models import StrategyDiscussion
from meetings_app.strategy.words import labels_of
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import Form


class Step(StrEnum):
    """What is recorded: that one is asked for, what came of it, or why it is not held."""

    ASK = "ask"
    HELD = "held"
    NOT_HELD = "not-held"


HEADINGS = {
    Step.ASK: "Ask for a strategy discussion",
    Step.HELD: "Record a strategy discussion",
    Step.NOT_HELD: "Record why no strategy discussion is held",
}
BUTTONS = {
    Step.ASK: "Ask for the discussion",
    Step.HELD: "Record the discussion",
    Step.NOT_HELD: "Record the reason",
}


@dataclass(frozen=True)
class Target:
    """The child, the discussion where there is one already, what is suggested, and the meeting that is being held."""

    child: Child
    office: Office
    discussion: StrategyDiscussion | None = None
    suggested: Collection[str] = ()
    meeting_id: int | None = None

    @property
    def reasons(self) -> list[str]:
        """Why the discussion was asked for, in words; nothing for a new one."""
        rules = self.office.partnership.ratings.strategy
        return labels_of(self.discussion.triggers, rules) if self.discussion else []


def form_of(step: Step, target: Target) -> Form:
    """Give the form of a step; a discussion that exists is not asked for again: that answers 404."""
    rules, new = target.office.partnership.ratings.strategy, target.discussion is None
    form: Form
    if step is Step.ASK:
        form = WhyForm() if new else abort(404)
    elif step is Step.HELD:
        form = held_form(rules, new=new)()
    else:
        form = NewNotHeldForm() if new else NotHeldForm()
    if isinstance(form, WhyForm):
        form.offer(rules, target.suggested)
    return form


def save(form: Form, target: Target) -> str:
    """Do what a valid form says; gives the words for the next page. Raises as the service does."""
    discussion, by, at = target.discussion, actor(), now()
    if isinstance(form, WhyForm):
        discussion = service.request(
            db(), by, at, target.office, target.child, form.asked, meeting_id=target.meeting_id
        )
    if discussion is None:
        abort(404)
    if isinstance(form, HeldForm):
        held = form.held(_day(form))
        service.record_held(db(), by, at, target.office, discussion, held, meeting_id=target.meeting_id)
        return f"Strategy discussion {discussion.reference} is recorded. The next meeting hears its outcome."
    if isinstance(form, NotHeldForm):
        said = service.NotHeld(_day(form), form.manager.data, form.reason.data)
        service.record_not_held(db(), by, at, target.office, discussion, said, meeting_id=target.meeting_id)
        return f"Why strategy discussion {discussion.reference} is not held is recorded. The next meeting hears it."
    return f"Strategy discussion {discussion.reference} is asked for. It comes back until its outcome is recorded."


def _day(form: Form) -> date:
    """Give the day of a valid form, which always has one."""
    found: date = form["happened_on"].data
    return found
