"""The closure gate: what blocks a child from leaving the list, and what warns and asks for a reason. Pure.

The facts are read anew whenever a page is shown, a decision is recorded and the meeting closes (`domain.md`, "The
closure gate"). What only the meeting knows is asked in the form.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial

from meetings_app.assessments.due import closure_is_late
from meetings_app.children.models import YesNoUnknown
from meetings_app.cse_list.models import WarningCode
from meetings_app.errors import RuleBroken
from meetings_app.meetings.needed import check_all, need
from meetings_app.partnership.definitions import Ratings
from meetings_app.referrals.rules import is_repeat
from meetings_app.text import day_in_words

_NAMED = 5


@dataclass(frozen=True)
class ClosureAnswers:
    """What closing asks for (SUR): views may say why they were not sought. `reasons` answer the warnings."""

    good_practice: str = ""
    onward_agency_id: int | None = None
    no_onward_need: bool = False
    child_view: str = ""
    parents_view: str = ""
    still_at_risk: YesNoUnknown = YesNoUnknown.UNKNOWN
    package_service: str = ""
    package_contact: str = ""
    package_starts_on: date | None = None
    package_agreed_by: str = ""
    no_package_needed: bool = False
    adult_at_risk: YesNoUnknown = YesNoUnknown.UNKNOWN
    adult_at_risk_reason: str = ""
    section_47: YesNoUnknown = YesNoUnknown.UNKNOWN
    seen_since_review: YesNoUnknown = YesNoUnknown.UNKNOWN
    non_engagement_only: YesNoUnknown = YesNoUnknown.UNKNOWN
    live_investigation: YesNoUnknown = YesNoUnknown.UNKNOWN
    agency_dissents: YesNoUnknown = YesNoUnknown.UNKNOWN
    reasons: Mapping[WarningCode, str] = field(default_factory=dict)

    def as_typed(self) -> "ClosureAnswers":
        """Give the answers with every reason that was typed, whether or not its warning holds."""
        typed = {code: reason.strip() for code, reason in self.reasons.items() if reason.strip()}
        return replace(self, reasons=typed)


@dataclass(frozen=True)
class GateFacts:
    """What the record says of a child: read, never typed. The default is a child of whom nothing is known.

    `open_actions` holds their references. `missing_on` is the day of the last missing episode, `left_list_on` holds
    the days on which earlier stays ended, and `high_on` is the last day on which the rating was high. `linked_high`
    counts every link, also to children whom the reader may not see: it names none.
    """

    open_actions: tuple[str, ...] = ()
    assessed_on: date | None = None
    missing_on: date | None = None
    left_list_on: tuple[date, ...] = ()
    high_on: date | None = None
    linked_high: bool = False


@dataclass(frozen=True)
class GateWarning:
    """Something that does not forbid a closure but asks for a reason, which stays beside the decision."""

    code: WarningCode
    text: str

    @property
    def field(self) -> str:
        """The field of the form that holds the reason."""
        return reason_field(self.code)


def reason_field(code: WarningCode) -> str:
    """Give the name of the field of the form that holds the reason for one warning."""
    return f"{code.value}_reason"


def check_facts(facts: GateFacts, held_on: date, configuration: Ratings) -> None:
    """Refuse to close while an action is open, or without an assessment in time (42 days, our default).

    Raises `RuleBroken` for `outcome`.
    """
    check_all(partial(_check_actions, facts), partial(_check_assessed, facts, held_on, configuration))


def check_asked(answers: ClosureAnswers) -> None:
    """Refuse to close while a section 47 enquiry is open or nobody knows, or while a question has no answer.

    Raises `RuleBroken` for the field of the question.
    """
    check_all(
        partial(_check_section_47, answers),
        *(partial(_check_answered, getattr(answers, name), name) for name in QUESTIONS),
    )


def check_warnings(answers: ClosureAnswers, facts: GateFacts, held_on: date, configuration: Ratings) -> None:
    """Ask for the reason of each warning that holds. Raises `RuleBroken` for its field."""
    check_all(
        *(
            partial(need, answers.reasons.get(warning.code, ""), warning.field, _ENTER.format(_lower(warning.text)))
            for warning in warnings_of(answers, facts, held_on, configuration)
        )
    )


def warnings_of(answers: ClosureAnswers, facts: GateFacts, held_on: date, configuration: Ratings) -> list[GateWarning]:
    """Give every warning that holds, those of the record first, then those that the meeting answered."""
    return [*warnings_of_record(facts, held_on, configuration), *_asked_warnings(answers)]


def warnings_of_record(facts: GateFacts, held_on: date, configuration: Ratings) -> list[GateWarning]:
    """Give the warnings that the record itself raises, whatever the meeting answers (our defaults)."""
    rules, found = configuration.closure, []
    if facts.missing_on is not None and _within(facts.missing_on, held_on, rules.missing_days):
        text = f"The child was missing in the last {rules.missing_days} days, on {day_in_words(facts.missing_on)}"
        found.append(GateWarning(WarningCode.MISSING, text))
    months = configuration.referrals.repeat_months
    if is_repeat(held_on, facts.left_list_on, months):
        left_on = day_in_words(max(facts.left_list_on))
        text = f"An earlier stay on the list ended within the last {months} months, on {left_on}"
        found.append(GateWarning(WarningCode.CLOSED_BEFORE, text))
    if facts.high_on is not None and _within(facts.high_on, held_on, rules.recently_high_days):
        text = f"The rating was high in the last {rules.recently_high_days} days, until {day_in_words(facts.high_on)}"
        found.append(GateWarning(WarningCode.RECENTLY_HIGH, text))
    if facts.linked_high:
        found.append(GateWarning(WarningCode.LINKED_HIGH, "A child linked to this one is rated high"))
    return found


def counted_reasons(
    answers: ClosureAnswers, facts: GateFacts, held_on: date, configuration: Ratings
) -> dict[WarningCode, str]:
    """Give the reasons that count: those of the warnings that hold. One typed for another is left out."""
    holding = [warning.code for warning in warnings_of(answers, facts, held_on, configuration)]
    return {code: answers.reasons[code].strip() for code in holding if answers.reasons.get(code, "").strip()}


QUESTIONS: Mapping[str, tuple[str, YesNoUnknown, WarningCode, str]] = {
    "seen_since_review": (
        "Answer whether the child was seen since the last review", YesNoUnknown.NO, WarningCode.NOT_SEEN,
        "The child was not seen since the last review",
    ),
    "non_engagement_only": (
        "Answer whether the closure follows non-engagement alone", YesNoUnknown.YES, WarningCode.NON_ENGAGEMENT,
        "The closure follows non-engagement alone",
    ),
    "live_investigation": (
        "Answer whether an investigation or a trial is live", YesNoUnknown.YES, WarningCode.INVESTIGATION,
        "An investigation or a trial is live",
    ),
    "agency_dissents": (
        "Answer whether an agency dissents", YesNoUnknown.YES, WarningCode.DISSENT, "An agency dissents",
    ),
}  # fmt: skip
"""What the meeting is asked: the words where it is not answered, the answer that warns, and the warning."""

_ENTER = "Enter why the child leaves the list although {}"


def _asked_warnings(answers: ClosureAnswers) -> Iterator[GateWarning]:
    for name, (_missing, warns, code, text) in QUESTIONS.items():
        if getattr(answers, name) is warns:
            yield GateWarning(code, text)


def _check_actions(facts: GateFacts) -> None:
    count = len(facts.open_actions)
    if not count:
        return
    named = ", ".join(facts.open_actions[:_NAMED]) + (" and others" if count > _NAMED else "")
    said = "1 action is open" if count == 1 else f"{count} actions are open"
    raise RuleBroken("outcome", f"{said}: {named}. Each is answered, or withdrawn by the meeting with a reason")


def _check_assessed(facts: GateFacts, held_on: date, configuration: Ratings) -> None:
    within = configuration.closure.reassessed_within_days
    if not closure_is_late(facts.assessed_on, held_on, within):
        return
    last = f"the last was on {day_in_words(facts.assessed_on)}" if facts.assessed_on else "there is none here"
    raise RuleBroken("outcome", f"A closure asks for an assessment within {within} days before: {last}")


def _check_section_47(answers: ClosureAnswers) -> None:
    if answers.section_47 is YesNoUnknown.YES:
        raise RuleBroken("section_47", "The child stays on the list while a section 47 enquiry is open")
    if answers.section_47 is YesNoUnknown.UNKNOWN:
        raise RuleBroken("section_47", "Find out whether a section 47 enquiry is open, and answer")


def _check_answered(answer: YesNoUnknown, name: str) -> None:
    if answer is YesNoUnknown.UNKNOWN:
        raise RuleBroken(name, QUESTIONS[name][0])


def _within(day: date, held_on: date, days: int) -> bool:
    """Say whether a day is not more than so many days before the meeting."""
    return held_on - day <= timedelta(days=days)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


GateCheck = Callable[[], object]


def gate_checks(
    answers: ClosureAnswers, facts: GateFacts, held_on: date, configuration: Ratings
) -> tuple[GateCheck, ...]:
    """Give the checks that a closure adds to those of the rating and of the answers."""
    return (
        partial(check_facts, facts, held_on, configuration),
        partial(check_asked, answers),
        partial(check_warnings, answers, facts, held_on, configuration),
    )
