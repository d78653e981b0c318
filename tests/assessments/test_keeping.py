"""An assessment is saved as a draft at every step, finished once, and then kept for ever with its tool's version."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.assessments import answering, queries, service
from meetings_app.assessments.answering import FlagSaid
from meetings_app.assessments.answers import AnswersRefused
from meetings_app.assessments.models import (
    Assessment,
    AssessmentFlag,
    AssessmentState,
    DecisionKind,
    FlagAnswer,
    FlagAnswerKind,
)
from meetings_app.assessments.sections import mark_of, part_of
from meetings_app.audit.models import AuditEvent
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.partnership import load
from meetings_app.permissions import Actor, Role
from meetings_app.resources import folder
from tests.support.assessments import SERAF, codes_of, fill_in, finished, ticked
from tests.support.children import add_child
from tests.support.world import NOW, actor_for, add_account, tiny_world

SIGNIFICANT = codes_of(SERAF, "significant")
MODERATE = codes_of(SERAF, "moderate")
LATER = NOW + timedelta(days=84)


@pytest.fixture
def by(session: Session) -> Actor:
    """The coordinator of the North East."""
    return actor_for(session, tiny_world(session).coordinator)


def test_a_finished_assessment_keeps_outcome_due_date_and_what_its_flags_ask_for(session: Session, by: Actor) -> None:
    assessment = finished(session, by, add_child(session), ticks=ticked(SIGNIFICANT[:3], "current", "recent"))
    assert (assessment.score, assessment.category, assessment.level) == (18, 4, "high")
    assert assessment.reassess_by == assessment.assessed_on + timedelta(days=84)
    assert [flag.code for flag in queries.flags_of(session, assessment.key)] == [
        "strategy_discussion_or_reason", "consider_for_list",
    ]  # fmt: skip


def test_each_step_is_kept_though_it_is_not_right_yet(session: Session, by: Actor) -> None:
    child = add_child(session)
    assessment = service.start(session, by, NOW, load(folder("agendas")), child, "seraf")
    part = {"indicators": [{"code": MODERATE[0], "when": [], "evidence": ""}], "gone": []}
    mark = mark_of(part_of(SERAF, queries.draft_of(assessment), "moderate"))
    service.save_section(session, by, NOW, assessment, SERAF, "moderate", mark, part)
    session.expire_all()
    kept = queries.find_assessment(session, assessment.reference)
    assert kept is not None
    assert kept.answers["indicators"] == part["indicators"]
    with pytest.raises(AnswersRefused) as refused:
        service.finish(session, by, NOW, load(folder("agendas")), kept, SERAF, kept.version)
    fields = {problem.field for problem in refused.value.problems}
    assert {f"indicators.{MODERATE[0]}.when", f"indicators.{MODERATE[0]}.evidence"} <= fields
    assert kept.state is AssessmentState.DRAFT


def test_two_people_on_one_section_lose_nothing(session: Session, by: Actor) -> None:
    assessment = fill_in(session, by, add_child(session), ticks=ticked(MODERATE[:1]))
    opened = mark_of(part_of(SERAF, queries.draft_of(assessment), "moderate"))
    empty: dict[str, list[str]] = {"indicators": [], "gone": []}
    service.save_section(session, by, NOW, assessment, SERAF, "moderate", opened, empty)
    mine = {"indicators": [{"code": MODERATE[1], "when": ["current"], "evidence": "Mine."}], "gone": []}
    with pytest.raises(Conflict):
        service.save_section(session, by, NOW, assessment, SERAF, "moderate", opened, mine)
    assert part_of(SERAF, queries.draft_of(assessment), "moderate") == empty
    other = mark_of(part_of(SERAF, queries.draft_of(assessment), "vulnerability"))
    service.save_section(session, by, NOW, assessment, SERAF, "vulnerability", other, empty)


def test_what_was_ticked_last_time_is_asked_again(session: Session, by: Actor) -> None:
    child = add_child(session)
    finished(session, by, child, ticks=ticked(SIGNIFICANT[:2]))
    again = service.start(session, by, LATER, load(folder("agendas")), child, "seraf")
    assert again.before == SIGNIFICANT[:2]
    part = {"indicators": [], "gone": [SIGNIFICANT[0]]}
    mark = mark_of(part_of(SERAF, queries.draft_of(again), "significant"))
    service.save_section(session, by, LATER, again, SERAF, "significant", mark, part)
    with pytest.raises(AnswersRefused) as refused:
        service.finish(session, by, LATER, load(folder("agendas")), again, SERAF, again.version)
    asked = [problem for problem in refused.value.problems if problem.field.startswith("indicators.")]
    assert [str(problem) for problem in asked] == [f"indicators.{SIGNIFICANT[1]}.when: say whether this is still so"]


def test_a_tick_cannot_also_be_gone(session: Session, by: Actor) -> None:
    child = add_child(session)
    finished(session, by, child, ticks=ticked(SIGNIFICANT[:1]))
    again = fill_in(session, by, child, ticks=ticked(SIGNIFICANT[:1]), now=LATER)
    part = {**part_of(SERAF, queries.draft_of(again), "significant"), "gone": SIGNIFICANT[:1]}
    mark = mark_of(part_of(SERAF, queries.draft_of(again), "significant"))
    service.save_section(session, by, LATER, again, SERAF, "significant", mark, part)
    with pytest.raises(AnswersRefused, match="so no longer: clear the reason"):
        service.finish(session, by, LATER, load(folder("agendas")), again, SERAF, again.version)


def test_nothing_is_finished_with_a_date_of_birth_that_the_record_no_longer_has(session: Session, by: Actor) -> None:
    child = add_child(session)
    tool, partnership = SERAF, load(folder("agendas"))
    assessment = fill_in(session, by, child, ticks=ticked(codes_of(tool, "significant")[:1]))
    child.born = date(2015, 5, 1)
    session.flush()
    with pytest.raises(DomainError, match="The date of birth was corrected"):
        service.finish(session, by, NOW, partnership, assessment, tool, assessment.version)
    about = part_of(tool, queries.draft_of(assessment), "about")
    service.save_section(session, by, NOW, assessment, tool, "about", mark_of(about), about)
    assert service.finish(session, by, NOW, partnership, assessment, tool, assessment.version).score == 10


def test_nothing_is_finished_in_the_future_or_unseen(session: Session, by: Actor) -> None:
    assessment = fill_in(session, by, add_child(session), assessed_on=date(2026, 12, 1))
    with pytest.raises(AnswersRefused, match="in the future"):
        service.finish(session, by, NOW, load(folder("agendas")), assessment, SERAF, assessment.version)
    with pytest.raises(Conflict):
        service.finish(session, by, LATER, load(folder("agendas")), assessment, SERAF, assessment.version - 1)
    service.finish(session, by, LATER, load(folder("agendas")), assessment, SERAF, assessment.version)
    with pytest.raises(DomainError, match="no longer a draft"):
        service.finish(session, by, LATER, load(folder("agendas")), assessment, SERAF, assessment.version)


CHANGES: list[Callable[[Assessment], None]] = [
    lambda kept: setattr(kept, "answers", {"indicators": []}),
    lambda kept: setattr(kept, "score", 1),
    lambda kept: setattr(kept, "state", AssessmentState.DISCARDED),
    lambda kept: setattr(kept, "born", date(2010, 1, 1)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_a_finished_assessment(
    session: Session, by: Actor, change: Callable[[Assessment], None]
) -> None:
    assessment = finished(session, by, add_child(session), ticks=ticked(SIGNIFICANT[:1]))
    change(assessment)
    with pytest.raises(DBAPIError, match="kept as it was"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("table", ["assessment", "assessment_flag"])
def test_the_database_refuses_to_delete_an_assessment_or_a_flag(session: Session, by: Actor, table: str) -> None:
    finished(session, by, add_child(session), ticks=ticked(SIGNIFICANT[:1]))
    with pytest.raises(DBAPIError, match=r"never deleted|kept as it was"):
        session.execute(sa.text(f"DELETE FROM {table}"))
    session.rollback()


def test_two_records_that_are_one_child_bring_the_assessment_together(session: Session, by: Actor) -> None:
    assessment = finished(session, by, add_child(session))
    assessment.child_id = add_child(session).key
    session.flush()


def test_a_discarded_draft_is_kept_with_its_reason(session: Session, by: Actor) -> None:
    assessment = fill_in(session, by, add_child(session))
    with pytest.raises(RuleBroken, match="Enter why"):
        service.discard(session, by, NOW, assessment, " ")
    service.discard(session, by, NOW, assessment, "Started for the wrong child.")
    assert assessment.discarded_reason == "Started for the wrong child."
    assert queries.assessments_of(session, assessment.child_id) == []


def test_a_flag_stays_open_until_somebody_answers_and_every_answer_is_kept(session: Session, by: Actor) -> None:
    assessment = finished(session, by, add_child(session), ticks=ticked(SIGNIFICANT[:1]))
    [flag] = queries.flags_of(session, assessment.key)
    said = FlagSaid(FlagAnswerKind.DONE, NOW.date(), "A. Manager", "No reasonable cause at present.")
    for field, wrong in (("who", replace(said, who=" ")), ("text", replace(said, text=" "))):
        with pytest.raises(RuleBroken) as broken:
            answering.answer_flag(session, by, NOW, assessment, flag, wrong)
        assert broken.value.field == field
    assert flag.answered_at is None
    answering.answer_flag(session, by, NOW, assessment, flag, said)
    answering.answer_flag(session, by, LATER, assessment, flag, said)
    assert flag.answered_at == NOW
    assert len(session.scalars(select(FlagAnswer)).all()) == 2


def test_no_referral_needs_its_reason_and_is_decided_once(session: Session, by: Actor) -> None:
    assessment = finished(session, by, add_child(session))
    with pytest.raises(RuleBroken, match="why no referral"):
        answering.decide(session, by, NOW, assessment, DecisionKind.NO_REFERRAL)
    answering.decide(session, by, NOW, assessment, DecisionKind.NO_REFERRAL, "No indicator is ticked.")
    with pytest.raises(DomainError, match="decided already"):
        answering.decide(session, by, NOW, assessment, DecisionKind.REFERRED)


def test_a_recommended_action_is_declined_with_a_reason(session: Session, by: Actor) -> None:
    assessment = finished(session, by, add_child(session), ticks=ticked(SIGNIFICANT[:3]))
    offered = queries.recommended(session, assessment)
    assert offered[0].number == 1
    assert offered[0].due_on > assessment.assessed_on
    with pytest.raises(RuleBroken):
        answering.decline(session, by, NOW, assessment, 1, "")
    with pytest.raises(NotFound):
        answering.decline(session, by, NOW, assessment, len(offered) + 1, "Not needed.")
    answering.decline(session, by, NOW, assessment, 1, "The plan covers it.")
    assert set(queries.declined_numbers(session, assessment.key)) == {1}


def test_who_sees_and_fills_in_an_assessment(session: Session, by: Actor) -> None:
    child = add_child(session)
    assessment = finished(session, by, child, ticks=ticked(SIGNIFICANT[:1]))
    accounts = {account.email.split("@")[0]: account for account in session.scalars(select(Account))}
    for name, sees in (("chair-cs", True), ("coordinator-nw", False), ("police", False)):
        actor = actor_for(session, accounts[name])
        act_for(session, actor)
        assert (queries.find_assessment(session, assessment.reference) is not None) is sees, name
        assert bool(session.scalars(select(AssessmentFlag)).all()) is sees, name
        if not sees:
            with pytest.raises(NotFound):
                service.start(session, actor, NOW, load(folder("agendas")), child, "seraf")


def test_every_change_is_in_the_childs_trail(session: Session, by: Actor) -> None:
    assessment = finished(session, by, add_child(session))
    answering.decide(session, by, NOW, assessment, DecisionKind.NO_REFERRAL, "No indicator is ticked.")
    session.commit()
    kinds = set(session.scalars(select(col(AuditEvent.kind)).where(col(AuditEvent.child_id) == assessment.child_id)))
    assert {"assessment_started", "assessment_saved", "assessment_finished", "assessment_decided"} <= kinds


def test_who_no_longer_follows_the_child_refers_with_their_assessment_and_no_more(session: Session, by: Actor) -> None:
    lead = add_account(session, "was-lead", Role.LEAD_PROFESSIONAL, "childrens-services")
    child = add_child(session, lead_professional_id=lead.key)
    assessment = finished(session, actor_for(session, lead), child, ticks=ticked(SIGNIFICANT[:1]))
    [flag] = queries.flags_of(session, assessment.key)
    child.lead_professional_id = None
    session.flush()
    former = actor_for(session, lead)
    act_for(session, former)
    said = FlagSaid(FlagAnswerKind.DONE, NOW.date(), "A. Manager", "Invented.")
    with pytest.raises(NotFound):
        answering.answer_flag(session, former, NOW, assessment, flag, said)
    with pytest.raises(NotFound):
        answering.decide(session, former, NOW, assessment, DecisionKind.NO_REFERRAL, "Invented.")
    answering.decide(session, former, NOW, assessment, DecisionKind.REFERRED)
