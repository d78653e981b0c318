"""What an action needs, and which answers it takes (`domain.md`, "Actions"). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from meetings_app.errors import RuleBroken
from meetings_app.partnership.definitions import ActionRules
from meetings_app.permissions import Actor, Permission
from meetings_app.text import day_in_words


class AnswerKind(StrEnum):
    """What the agency says of its action. "Ongoing" is no answer: it is a new date with a reason."""

    DONE = "done"
    NOT_DONE = "not_done"
    COULD_NOT_BE_DONE = "could_not_be_done"
    NEW_DATE = "new_date"


@dataclass(frozen=True)
class ActionAnswer:
    """What was done, or why not; `due_on` is the new date, where one is asked for."""

    kind: AnswerKind
    text: str
    due_on: date | None = None


_MISSING_TEXT = {
    AnswerKind.DONE: "Enter what was achieved",
    AnswerKind.NOT_DONE: "Enter why it was not done",
    AnswerKind.COULD_NOT_BE_DONE: "Enter what changed, and how",
    AnswerKind.NEW_DATE: "Enter why a new date is needed",
}


def check_action(
    what: str, due_on: date, from_day: date, too_early: str = "The date of the action must not be before the meeting"
) -> None:
    """Refuse an action that says nothing or is due before `from_day`. Raises `RuleBroken` for `what` or `due_on`."""
    if not what.strip():
        raise RuleBroken("what", "Enter what is to be done")
    if due_on < from_day:
        raise RuleBroken("due_on", too_early)


def check_answer(answer: ActionAnswer, due_on: date, today: date, rules: ActionRules) -> None:
    """Refuse an answer without its words, or a new date that is past, too far on (own) or no new one.

    Raises `RuleBroken` for `text` or `due_on`.
    """
    if not answer.text.strip():
        raise RuleBroken("text", _MISSING_TEXT[answer.kind])
    if answer.kind is not AnswerKind.NEW_DATE:
        return
    if answer.due_on is None:
        raise RuleBroken("due_on", "Enter the new date")
    if answer.due_on < today:
        raise RuleBroken("due_on", "The new date must be today or later")
    latest = today + timedelta(days=rules.new_date_days)
    if answer.due_on > latest:
        raise RuleBroken("due_on", f"The new date must be on or before {day_in_words(latest)}")
    if answer.due_on == due_on:
        raise RuleBroken("due_on", "Enter a date other than the present one")


def needs_agreement(new_dates: int, rules: ActionRules) -> bool:
    """Say whether an action that had so many new dates gets another only from a coordinator or a chair (own)."""
    return new_dates >= rules.new_dates


def check_new_date(
    answer: ActionAnswer, new_dates: int, rules: ActionRules, *, may_agree: bool,
    ask: str = "the coordinator or a chair of the area",
) -> None:  # fmt: skip
    """Refuse a new date that needs agreement from whoever may not give it, so that nothing is put off for ever.

    Raises `RuleBroken` for `kind`, which says whom to `ask`.
    """
    if answer.kind is AnswerKind.NEW_DATE and needs_agreement(new_dates, rules) and not may_agree:
        raise RuleBroken("kind", f"The date was moved as often as it may be. Ask {ask} to set another")


class Escalation(StrEnum):
    """To whom an action goes that was missed at meetings."""

    CONTACT = "contact"
    BOARD = "board"


def missed_at(due_on: date, held: Iterable[date]) -> int:
    """Count the meetings held after the day an open action was due, among those of the days `held`."""
    return sum(day > due_on for day in held)


def escalation_of(missed: int, rules: ActionRules) -> Escalation | None:
    """Say to whom an open action goes that was missed at so many meetings; None where to nobody yet (own)."""
    if missed >= rules.board_meetings:
        return Escalation.BOARD
    return Escalation.CONTACT if missed >= rules.contact_meetings else None


def days_overdue(due_on: date, today: date) -> int:
    """Say how many days an open action is overdue; 0 on its day and before."""
    return max(0, (today - due_on).days)


def may_answer(by: Actor, agency_id: int, owner_id: int, area_id: int) -> bool:
    """Say whether the person may answer an action they see: its owner, the people of its agency who answer actions in
    its area, and whoever records meetings there.
    """
    own_agency = by.agency_id is not None and by.agency_id == agency_id
    is_owner = by.account_id is not None and by.account_id == owner_id
    return (
        is_owner
        or (own_agency and by.may(Permission.REPORT_ACTION, area_id))
        or by.may(Permission.RECORD_MEETING, area_id)
    )
