"""A meeting at which every text there is was said once, each in a word of its own, for tests of who reads which."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.actions.service import propose as propose_action
from meetings_app.children.models import YesNoUnknown
from meetings_app.cse_list.models import ListEntry
from meetings_app.meetings import live_fields
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.live_fields import Typed
from meetings_app.meetings.live_rows import settle
from meetings_app.meetings.models import Outcome, Presence
from meetings_app.meetings.notes import write_notes
from meetings_app.meetings.plan_reviews import record_reviews
from meetings_app.meetings.queries import decision_of
from meetings_app.meetings.raising import raised_on_item, set_aside_raised
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.minutes.approving import approve
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.files import add_file
from meetings_app.minutes.issuing import issue, propose, refuse
from meetings_app.minutes.signing import reopen, sign_minutes
from meetings_app.permissions import Role
from meetings_app.plans.rules import Effect
from meetings_app.plans.service import write_version
from meetings_app.preparing.rules import Answer, Information
from meetings_app.preparing.service import send
from meetings_app.ratings.models import RiskRating
from meetings_app.strategy.service import Asked, record_held, request
from meetings_app.strategy.service import Held as DiscussionHeld
from tests.support.children import agency_id
from tests.support.minutes_addresses import word_file
from tests.support.plans import plan_text
from tests.support.rmm import ANSWERS, OFFICE, PRESENT, Rmm, closed, due, rated, rmm
from tests.support.world import NOW, add_account

NAMES = {"stays": "Namestays McExample", "defers": "Namedefers McExample", "leaves": "Nameleaves McExample",
         "missed": "Namemissed McExample"}  # fmt: skip
"""Four children: one is rated and stays on the list, one is put off, one leaves, and one was not reached."""


class Everything:
    """The meeting, held and closed, its draft issued and answered; education was there, and kept from `missed`."""

    def __init__(self, session: Session) -> None:
        self.session, self.day = session, rmm(session)
        add_account(session, "police-nw", Role.REPRESENTATIVE, "police", ["NW"])
        self.stays = due(session, name=NAMES["stays"])
        self.defers = due(session, name=NAMES["defers"])
        self.leaves = due(session, leaving=True, name=NAMES["leaves"])
        self.missed = due(session, name=NAMES["missed"])
        write_version(session, self.day.act("coordinator"), NOW, self.stays.key, plan_text("Planaim"))
        self._say_before()
        self.day.operator()
        self.day.open((*PRESENT, "education"))
        self._keep_education_apart()
        self._hear_stays()
        self._hear_the_others()
        self._close()
        self._ask_and_answer()
        self.at, self.number = f"/meetings/{self.day.meeting.reference}", self.day.item(self.stays).number

    def _say_before(self) -> None:
        for who, said in (
            ("police", Information(Answer.NOT_SHARED, reason="Whynotshared.")),
            ("health", Information(Answer.RELEVANT, "Healthfacts.", "Healthopinion.", "Healthsource.")),
        ):
            send(self.session, self.day.act(who), NOW, self.day.meeting, self.stays.key, said)

    def _keep_education_apart(self) -> None:
        self.day.operator()
        self.session.add(
            ConflictOfInterest(
                account_id=self.day.world.education.key, child_id=self.missed.key, area_id=self.missed.area_id,
                meeting_id=self.day.meeting.key, reason="Conflictreason.", declared_at=NOW,
            )
        )  # fmt: skip
        self.session.flush()

    def _hear_stays(self) -> None:
        session, day, child = self.session, self.day, self.stays
        item, chair = day.item(child), day.act("chair_cs")
        asked = request(
            session, chair, NOW, OFFICE, child, Asked(["incident"], "Strategywhy."), meeting_id=day.meeting.key
        )
        came = DiscussionHeld(
            date(2026, 11, 23), {}, "Strategyothers", "Strategywithout.", "Strategyoutcome.", "Strategyactions."
        )
        record_held(session, chair, NOW, OFFICE, asked, came, meeting_id=day.meeting.key)
        day.decide(child, rated(session, RiskRating.HIGH, discussion="Staysdiscussion.", rationale="Staysrationale."))
        self._set_aside_what_high_asks_for()
        record_reviews(session, chair, NOW, day.meeting, item, {1: (Effect.WORKING, "Plansaw.")})
        record_view(session, chair, NOW, day.meeting, item, agency_id(session, "health"), "Healthview.", dissents=True)
        for who in ("police", "health"):
            owner = getattr(day.world, who)
            propose_action(
                session, chair, NOW, day.meeting, child, f"Action{who}.", owner.agency_id, owner.key,
                date(2026, 12, 4),
            )  # fmt: skip
        typed = Typed(f"what@{chair.account_id}", "Notadded."), Typed("discussion", "Staysdiscussion.")
        for by, fields in ((chair, typed), (day.act("coordinator"), [Typed("discussion", "Setaside.")])):
            live_fields.save_fields(session, by, NOW, day.meeting, item, fields)
        settle(session, day.act("chair_cs"), NOW, item, {}, {"discussion": "Staysdiscussion."})

    def _set_aside_what_high_asks_for(self) -> None:
        session, day, item, rules = self.session, self.day, self.day.item(self.stays), OFFICE.partnership
        for who in ("police", "health"):
            asked = raised_on_item(session, rules, day.meeting, item, decision_of(session, item.key))
            row = next(row for row in asked if row.agency_id == agency_id(session, who))
            set_aside_raised(session, day.act("chair_cs"), NOW, rules, day.meeting, item, row, f"Whynotfor{who}.")

    def _hear_the_others(self) -> None:
        session, day = self.session, self.day
        owed = agency_id(session, "police")
        day.decide(self.defers, Decided(Outcome.DEFERRED, deferred_reason="Whydeferred.", information_agency_id=owed))
        answers = replace(
            ANSWERS, good_practice="Goodpractice.", child_view="Childsview.", parents_view="Parentsview.",
            agency_dissents=YesNoUnknown.YES, reasons=dict.fromkeys(ANSWERS.reasons, "Whyallthesame."),
        )  # fmt: skip
        day.decide(self.leaves, closed(discussion="Leavesdiscussion.", rationale="Whyleaves."), answers)
        day.decide(self.missed, Decided(Outcome.NOT_REACHED, not_reached_reason="Whynotreached."))
        visitor = AttendanceLine(owed, "Testy McVisitor", Presence.APOLOGIES, note="Attendancenote")
        set_attendance(session, day.act("chair_cs"), NOW, day.meeting, [visitor])
        write_notes(session, day.act("chair_cs"), NOW, day.meeting, day.meeting.version, "Notesofall.")

    def _close(self) -> None:
        """Close with a child whose lead agency nobody knows: that is pointed out, and gone past with a reason."""
        session, day = self.session, self.day
        self._let_lead(None)
        close_meeting(
            session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version, although="Whyclosed."
        )

    def _let_lead(self, agency: int | None) -> None:
        self.day.operator()
        of_child = select(ListEntry).where(col(ListEntry.child_id) == self.defers.key)
        self.session.scalars(of_child).one().lead_agency_id = agency
        self.session.flush()

    def _ask_and_answer(self) -> None:
        session, day = self.session, self.day
        issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Whyissued.")
        day.operator()
        number = day.item(self.stays).number
        for who in ("police", "education"):
            asked = propose(session, day.act(who), NOW, day.meeting, number, f"Correctionof{who}.", frozenset({number}))
            refuse(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, asked, f"Refusalof{who}.")
        add_file(session, day.act("coordinator"), NOW, day.meeting, word_file("Filetext."), "Filenote")
        day.operator()

    def sign(self) -> None:
        """Let both chairs sign early, the next meeting approve, and a chair reopen what was signed for an amendment."""
        session, day = self.session, self.day
        for chair in ("chair_cs", "chair_fs"):
            sign_minutes(session, day.act(chair), NOW, OFFICE, day.meeting, 1, "Whyearly.")
        self._let_lead(agency_id(session, "police"))
        following = Rmm(session, day.world, day.later[0], day.later[1:])
        following.open()
        approve(session, day.act("coordinator"), NOW, day.meeting, 1, "Approvalremark.")
        reopen(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, "Whyreopened.")
        save_text(session, day.act("coordinator"), NOW, day.meeting, day.item(self.stays).number, 0, "Amendedtext.")
        make_version(session, day.act("coordinator"), NOW, day.meeting)
        day.operator()


EVERY_WORD = frozenset({
    *(name.split()[0] for name in NAMES.values()),
    "Planaim", "Whynotshared", "Healthfacts", "Healthopinion", "Healthsource", "Conflictreason", "Strategywhy",
    "Strategyothers", "Strategywithout", "Strategyoutcome", "Strategyactions", "Staysdiscussion", "Staysrationale",
    "Plansaw", "Healthview", "Actionpolice", "Actionhealth", "Notadded", "Setaside", "Whydeferred",
    "Goodpractice", "Childsview", "Parentsview", "Whyallthesame", "Leavesdiscussion", "Whyleaves", "Whynotreached",
    "Attendancenote", "Notesofall", "Whyclosed", "Whyissued", "Correctionofpolice", "Refusalofpolice",
    "Correctionofeducation", "Refusalofeducation", "Filetext", "Filenote", "Whyearly", "Approvalremark",
    "Whyreopened", "Amendedtext", "Whynotforpolice", "Whynotforhealth",
})  # fmt: skip
"""Every word there is to be found, and to be missed."""
