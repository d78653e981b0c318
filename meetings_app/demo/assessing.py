"""Assessments as they happen in the demonstration: filled in section by section, finished, and followed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.recommended_queries import offered_actions
from meetings_app.actions.taking_up import Asked, decline, take_up
from meetings_app.assessments import answering, queries, service
from meetings_app.assessments.answering import FlagSaid
from meetings_app.assessments.models import Assessment, DecisionKind, FlagAnswerKind
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.models import ListEntry
from meetings_app.demo import assessment_words as words
from meetings_app.demo import names
from meetings_app.demo.filling import fill_in
from meetings_app.demo.meeting import Answers
from meetings_app.demo.story import Story
from meetings_app.permissions import Actor
from meetings_app.referrals.models import Referral, ReferralAssessment, ReferralState

_SECTIONS_OF_A_DRAFT = 2


@dataclass(frozen=True)
class Follows:
    """What is done after an assessment: the decision, the answers to its flags, and how many actions."""

    decides: bool = False
    answers_flags: bool = False
    takes_up: int = 0
    declines: int = 0


@dataclass
class Assesses:
    """Somebody assesses a child of theirs and, mostly, does what follows from it."""

    story: Story
    child_id: int
    who: str
    tool: str
    assessed_on: date
    answers: Mapping[str, Any]
    follows: Follows
    concern_received_at: datetime | None = None

    def __call__(self, session: Session, moment: datetime) -> None:
        """Fill the assessment in, finish it, and follow it up."""
        county = self.story.county
        with county.acting(session, self.who) as person:
            child = session.scalars(select(Child).where(col(Child.id) == self.child_id)).one()
            partnership = county.office.partnership
            assessment = service.start(session, person, moment, partnership, child, self.tool, self.concern_received_at)
            fill_in(session, person, moment, assessment, self.answers, self.assessed_on)
            tool = queries.tool_of(session, assessment)
            service.finish(session, person, moment, partnership, assessment, tool, assessment.version)
            self._follow_up(session, person, moment, assessment)

    def _follow_up(self, session: Session, person: Actor, moment: datetime, assessment: Assessment) -> None:
        if self.follows.decides:
            serious = assessment.level in ("medium", "high")
            kind = DecisionKind.AT_RMM if serious else DecisionKind.NO_REFERRAL
            reason = words.AT_RMM if serious else words.NO_REFERRAL
            answering.decide(session, person, moment, assessment, kind, reason)
        if self.follows.answers_flags:
            self._answer_flags(session, person, moment, assessment)
        self._answer_recommended(session, person, moment, assessment)

    def _answer_flags(self, session: Session, person: Actor, moment: datetime, assessment: Assessment) -> None:
        done = assessment.level == "high"
        kind = FlagAnswerKind.DONE if done else FlagAnswerKind.NOT_DONE
        text = words.DISCUSSED if done else words.NO_DISCUSSION
        for flag in queries.flags_of(session, assessment.key):
            said = FlagSaid(kind, london_date(moment), words.WHO, text)
            answering.answer_flag(session, person, moment, assessment, flag, said)

    def _answer_recommended(self, session: Session, person: Actor, moment: datetime, assessment: Assessment) -> None:
        """Take the first recommended actions up, as far as the agency has somebody here, and decline the next ones."""
        county, left = self.story.county, self.follows
        codes = {agency_id: code for code, agency_id in county.agencies.items()}
        offered = [
            row
            for row in offered_actions(session, self.child_id, london_date(moment))
            if row.assessment == assessment.reference and codes.get(row.agency_id or 0) in names.OWNERS
        ]
        for row in offered[: left.takes_up]:
            owner = county.people[names.OWNERS[codes[row.agency_id or 0]][0]]
            assert row.agency_id is not None
            assert owner.account_id is not None
            asked = Asked(row.text, row.agency_id, owner.account_id, row.due_on)
            action = take_up(session, person, moment, assessment, row.number, asked)
            self.story.on(row.due_on, time(16, 40), Answers(self.story, action.key))
        for row in offered[left.takes_up : left.takes_up + left.declines]:
            decline(session, person, moment, assessment, row.number, words.DECLINED)


@dataclass(frozen=True)
class StartsDraft:
    """Somebody begins an assessment and is called away."""

    story: Story
    child_id: int
    who: str
    tool: str

    def __call__(self, session: Session, moment: datetime) -> None:
        """Save the first sections."""
        county = self.story.county
        with county.acting(session, self.who) as person:
            child = session.scalars(select(Child).where(col(Child.id) == self.child_id)).one()
            assessment = service.start(session, person, moment, county.office.partnership, child, self.tool)
            answers: dict[str, Any] = {"indicators": [], "learning_disability": False, "disability": False}
            fill_in(session, person, moment, assessment, answers, london_date(moment), _SECTIONS_OF_A_DRAFT)


@dataclass(frozen=True)
class RefersWithAssessment:
    """Whoever made one of the referrals that wait assesses the child, and the referral carries the assessment."""

    story: Story
    answers: Mapping[str, Any]

    def __call__(self, session: Session, moment: datetime) -> None:
        """Assess the child of the last referral that is of a new child, though the record is hidden from them."""
        county = self.story.county
        referral = session.scalars(
            select(Referral)
            .where(
                col(Referral.state) == ReferralState.RECEIVED,
                col(Referral.urgent).is_(False),
                col(Referral.child_id).not_in(select(col(ListEntry.child_id))),
            )
            .order_by(col(Referral.id).desc())
        ).first()
        if referral is None:
            return
        child = session.scalars(select(Child).where(col(Child.id) == referral.child_id)).one()
        about = service.About(child.key, child.name, child.born)
        who = next(name for name, person in county.people.items() if person.account_id == referral.referrer_id)
        partnership = county.office.partnership
        with county.acting(session, who) as person:
            assessment = service.start_about(session, person, moment, partnership, about, "kent-medway")
            fill_in(session, person, moment, assessment, self.answers, london_date(moment))
            tool = queries.tool_of(session, assessment)
            service.finish(session, person, moment, partnership, assessment, tool, assessment.version)
            session.add(ReferralAssessment(referral_id=referral.key, assessment_id=assessment.key))
            answering.decide(session, person, moment, assessment, DecisionKind.REFERRED)
