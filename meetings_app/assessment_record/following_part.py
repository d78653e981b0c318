"""What follows from a finished assessment: the decision with its clock, and what its flags ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from meetings_app.accounts.queries import names_of
from meetings_app.assessment_record.clock import DecisionClock, decision_clock
from meetings_app.assessment_record.forms import NoReferralForm, ReferForm
from meetings_app.assessment_record.referring import on_its_way, referrals_of
from meetings_app.assessments import queries
from meetings_app.assessments.models import Assessment, AssessmentDecision, AssessmentFlag, DecisionKind, FlagAnswer
from meetings_app.assessments.rules import flag_texts
from meetings_app.assessments.service import may_fill_in, may_follow_up
from meetings_app.cse_list.service import live_entry
from meetings_app.partnership import ToolDefinition
from meetings_app.web.context import actor, db, now, partnership

_JUDGEMENT = "judgement"
_DECIDED = {
    DecisionKind.REFERRED: "Referred to the RMM",
    DecisionKind.AT_RMM: "No referral: the RMM hears the child already",
    DecisionKind.NO_REFERRAL: "No referral",
}


@dataclass(frozen=True)
class FlagShown:
    """One flag with what it says; open until somebody answered. Each answer stands beside who gave it."""

    flag: AssessmentFlag
    text: str
    answers: Sequence[tuple[FlagAnswer, str]]

    @property
    def open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.flag.answered_at is None


@dataclass(frozen=True)
class DecisionShown:
    """What was decided, in words, and by whom."""

    decision: AssessmentDecision
    text: str
    by: str


def clock_of(assessment: Assessment) -> DecisionClock | None:
    """Give the clock of an assessment that is not decided on. The caller has looked whether it is."""
    return decision_clock(assessment.concern_received_at, now(), partnership().ratings.referrals.decision_hours)


def following_part(assessment: Assessment, tool: ToolDefinition) -> dict[str, Any]:
    """Give what `following.html` shows: flags, the decision or its forms and clock, and the referrals."""
    decision = queries.decision_of(db(), assessment.key)
    flags, answers = queries.flags_of(db(), assessment.key), queries.answers_to_flags(db(), assessment.key)
    names = _names(decision, answers)
    referrals = referrals_of(db(), assessment.key)
    may_refer = may_fill_in(db(), actor(), assessment)
    return {
        "clock": clock_of(assessment) if decision is None else None,
        "decision": _decision(decision, names),
        "referrals": referrals,
        "on_its_way": on_its_way(referrals),
        "flags": _flags(tool, flags, answers, names),
        "may_answer": may_follow_up(db(), actor(), assessment),
        **(decision_forms(assessment) if may_refer and decision is None else {}),
    }


def decision_forms(assessment: Assessment) -> dict[str, Any]:
    """Give the two forms a decision is taken with, the concern filled in from the judgement."""
    judgement = str(assessment.answers.get("headings", {}).get(_JUDGEMENT, ""))
    no_referral = NoReferralForm(formdata=None)
    no_referral.offer(listed=live_entry(db(), assessment.child_id) is not None)
    return {"refer_form": ReferForm(formdata=None, data={"reason": judgement}), "no_referral_form": no_referral}


def _decision(decision: AssessmentDecision | None, names: dict[int, str]) -> DecisionShown | None:
    if decision is None:
        return None
    return DecisionShown(decision, _DECIDED[decision.kind], names.get(decision.by_id or 0, ""))


def _flags(
    tool: ToolDefinition,
    flags: Sequence[AssessmentFlag],
    answers: dict[int, list[FlagAnswer]],
    names: dict[int, str],
) -> list[FlagShown]:
    """Give the flags in the order of the tool, those that are open first."""
    texts = flag_texts(tool)
    shown = [
        FlagShown(
            flag,
            texts.get(flag.code, flag.code),
            [(answer, names.get(answer.by_id or 0, "")) for answer in answers.get(flag.key, [])],
        )
        for flag in flags
    ]
    return sorted(shown, key=lambda each: not each.open)


def _names(decision: AssessmentDecision | None, answers: dict[int, list[FlagAnswer]]) -> dict[int, str]:
    people = {answer.by_id for given in answers.values() for answer in given} | {decision.by_id if decision else None}
    return names_of(db(), [person for person in people if person is not None])
