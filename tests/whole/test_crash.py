"""The server is killed at random points of the main journey under load: nothing acknowledged is lost, nothing is half.

A real process serves the pages; people work at them with real requests; SIGKILL comes at a random moment. After each
start every write that was acknowledged is there once, whatever was never answered is sent again and then there once,
and no change stands without its entry in the trail or its effect.
"""

import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.actions.models import ActionEvent, ActionEventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.trail import verify
from meetings_app.children.models import Child, ChildNote
from meetings_app.cse_list.checks import breaches
from meetings_app.cse_list.models import ListEntry
from meetings_app.db.session import act_for, reading
from meetings_app.meetings.checks import undone_decisions
from meetings_app.meetings.models import AgendaItem, ItemDecision, Minutes, Outcome
from meetings_app.permissions import OPERATOR, Role
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting, MeetingState
from tests.notices.mail_servers import free_port
from tests.support.actions import give_action, past_meeting
from tests.support.children import put_on_list
from tests.support.meetings import series
from tests.support.own_database import own_database
from tests.support.real_server import RealServer, Worker, under_load
from tests.support.rmm import Rmm, child_of, deferred, rated
from tests.support.sent_forms import form_to
from tests.support.world import NOW, TinyWorld, add_account

CLOSING_AREAS = ("NW", "SE", "SW")
_AGENCIES = {
    "coordinator": (Role.COORDINATOR, "childrens-services"), "chair_cs": (Role.CHAIR, "childrens-services"),
    "chair_fs": (Role.CHAIR, "family-services"), "police": (Role.REPRESENTATIVE, "police"),
    "education": (Role.REPRESENTATIVE, "education"), "health": (Role.REPRESENTATIVE, "health"),
    "coordinator_nw": (Role.COORDINATOR, "childrens-services"),
}  # fmt: skip


@dataclass
class County:
    """What the people of the journey work on, by reference."""

    meeting: str
    items: list[str]
    children: list[str]
    actions: list[str]
    to_close: list[str]


def county(session: Session) -> County:
    """Make four areas, each with an RMM that is being held; three of them wait only to be closed."""
    people = {
        name: add_account(session, name.replace("_", "-"), role, agency) for name, (role, agency) in _AGENCIES.items()
    }
    world = TinyWorld(**people)
    held: list[tuple[Rmm, list[Child]]] = []
    for area in ("NE", *CLOSING_AREAS):
        act_for(session, OPERATOR)
        meetings = series(session, area)
        day = Rmm(session, world, meetings[0], meetings[1:])
        children = [
            child_of(session, put_on_list(session, None, RiskRating.MEDIUM, review_on=date(2026, 11, 25), area=area))
            for _ in range(3)
        ]
        if not held:
            earlier = past_meeting(session)
            actions = [give_action(session, earlier, child, people["police"], date(2026, 12, 1)) for child in children]
        day.open()
        if held:
            day.decide(children[0], rated(session, RiskRating.HIGH))
            day.decide(children[1], rated(session, RiskRating.LOW))
            day.decide(children[2], deferred(session))
        day.operator()
        held.append((day, children))
    first, children = held[0]
    made = County(
        first.meeting.reference, [first.item(child).number for child in children],
        [child.reference for child in children], [action.reference for action in actions],
        [day.meeting.reference for day, _ in held[1:]],
    )  # fmt: skip
    session.commit()
    return made


class Journey:
    """The people at work, each on a part of the main journey."""

    def __init__(self, server: RealServer, county: County, seed: int) -> None:
        self.county, self.numbers = county, count(1)
        self.waiting: SimpleQueue[str] = SimpleQueue()
        self.random = random.Random(seed)
        self.to_close = list(county.to_close)
        self.workers = [
            Worker(server, "police", self.refer), Worker(server, "coordinator", self.triage_and_note),
            Worker(server, "chair-cs", self.decide), Worker(server, "chair-fs", self.close),
            Worker(server, "health", self.read_the_list), Worker(server, "coordinator-nw", self.answer_an_action),
        ]  # fmt: skip

    def words(self) -> str:
        return f"Invented words {next(self.numbers):05}."

    def refer(self, police: Worker, _turn: int) -> None:
        said = self.words()
        letters = "".join(self.random.choices("bdfgklmnprstvz", k=6))
        born = date(2009, 1, 1) + timedelta(days=self.random.randrange(2000))
        page = police.read("/referrals/new")
        step = form_to(page, "/referrals/new")
        page = police.go_on("/referrals/new", step, name=f"Testy {letters}", born=born.isoformat())
        if 'name="child"' in page and 'value="new"' in page:
            page = police.go_on("/referrals/new", form_to(page, "/referrals/new"), child="new")
        page = police.go_on("/referrals/new", form_to(page, "/referrals/new"), area="NE", reason=said)
        led = police.save("/referrals/new", form_to(page, "/referrals/new"), f"referral {said}", step="send")
        self.waiting.put(led.removesuffix("/sent"))

    def triage_and_note(self, coordinator: Worker, turn: int) -> None:
        said, address = self.words(), f"/children/{self.county.children[turn % 3]}/note"
        coordinator.save(address, form_to(coordinator.read(address), address), f"note {said}", text=said)
        try:
            referral = self.waiting.get_nowait()
        except Empty:
            return
        said, page = self.words(), coordinator.read(referral)
        coordinator.save(
            f"{referral}/decision", form_to(page, f"{referral}/decision"), f"decision {said}", outcome="returned",
            reason=said,
        )  # fmt: skip

    def decide(self, chair: Worker, turn: int) -> None:
        address = f"/meetings/{self.county.meeting}/items/{self.county.items[turn % 3]}"
        said = self.words()
        chair.save(address, form_to(chair.read(address), address), f"discussion {turn % 3} {said}", discussion=said)

    def close(self, chair: Worker, turn: int) -> None:
        if self.to_close and turn % 3 == 1:
            address = f"/meetings/{self.to_close[0]}/close"
            form = form_to(chair.read(address), address)
            chair.save(address, form, f"closed {self.to_close.pop(0)}")
        else:
            chair.read(f"/meetings/{self.county.meeting}/record")

    def read_the_list(self, health: Worker, _turn: int) -> None:
        page = health.read("/list")
        assert all(reference in page for reference in self.county.children)

    def answer_an_action(self, person: Worker, turn: int) -> None:
        said, address = self.words(), f"/actions/{self.county.actions[turn % 3]}"
        due = date(2027, 1, 1) + timedelta(days=turn % 40)
        person.save(
            address, form_to(person.read(address), address), f"answer {said}", kind="new_date", text=said,
            due_on=due.isoformat(),
        )  # fmt: skip

    @property
    def acknowledged(self) -> list[str]:
        return [promise for worker in self.workers for promise in worker.acknowledged]

    def killed_round(self, server: RealServer, moments: random.Random, *, first: bool) -> None:
        """Start, send again what was never answered, work, and kill at a random moment."""
        with server.running() as process:
            for worker in self.workers:
                if first:
                    worker.sign_in()
                worker.send_again()
            before = len(self.acknowledged)
            threads = under_load(self.workers)
            while len(self.acknowledged) < before + 3 and any(thread.is_alive() for thread in threads):
                threading.Event().wait(0.01)
            threading.Event().wait(moments.uniform(0, 0.6))
            process.kill()
            for thread in threads:
                thread.join()
        assert [trouble for worker in self.workers for trouble in worker.troubles] == []
        assert len(self.acknowledged) >= before + 3, "the server was at work when it was killed"


def assert_whole(sessions: sessionmaker[Session], journey: Journey) -> None:
    """Every acknowledged write is there once; what is there is whole; the trail is unbroken."""
    with reading(sessions, OPERATOR) as session:
        there = Counter(promises_kept(session))
        for promise in journey.acknowledged:
            if not promise.startswith("discussion"):
                assert there[promise] == 1, promise
        assert_last_words_stand(discussed(session, journey.county), journey.workers[2])
        assert max(there.values()) == 1, "nothing is there twice"
        assert_nothing_half(session)
        assert verify(session)[1] is None
        assert breaches(session, NOW.date(), folder("agendas")) == []
        assert list(undone_decisions(session)) == []
    sessions.kw["bind"].dispose()


def discussed(session: Session, made: County) -> dict[str, str]:
    """Give what stands under the discussion of each item of the meeting that is being held, by its place there."""
    written = select(col(AgendaItem.number), col(ItemDecision.discussion)).where(
        col(ItemDecision.item_id) == col(AgendaItem.id), col(AgendaItem.meeting_id) == col(Meeting.id),
        col(Meeting.reference) == made.meeting,
    )  # fmt: skip
    return {str(made.items.index(number)): text for number, text in session.execute(written)}


def assert_last_words_stand(found: dict[str, str], chair: Worker) -> None:
    """Under each item stand the last words acknowledged of it, or the next after them that were never answered.

    A discussion is written over by the next one, so of each item only the last counts; what was never answered of
    another item excuses nothing.
    """
    last = dict(promise.split(" ", 2)[1:] for promise in chair.acknowledged)
    for place, words in last.items():
        never_answered = {sent.values["discussion"] for sent in chair.in_flight if sent.promise.split()[1] == place}
        assert found.get(place) in {words, *never_answered}, f"item {place} holds the last words acknowledged of it"


def promises_kept(session: Session) -> Iterator[str]:
    yield from (f"note {text}" for text in session.scalars(select(col(ChildNote.text))))
    yield from (f"referral {text}" for text in session.scalars(select(col(Referral.reason))))
    decided = select(col(Referral.decision_reason)).where(col(Referral.decision_reason) != "")
    yield from (f"decision {text}" for text in session.scalars(decided))
    answered = select(col(ActionEvent.text)).where(col(ActionEvent.kind) == ActionEventKind.NEW_DATE)
    yield from (f"answer {text}" for text in session.scalars(answered))
    closed = select(col(Meeting.reference)).where(col(Meeting.closed_at).is_not(None))
    yield from (f"closed {reference}" for reference in session.scalars(closed))


def assert_nothing_half(session: Session) -> None:
    """No change without its entry in the trail, no closed meeting without its effects and its minutes."""
    entries = Counter(session.scalars(select(col(AuditEvent.kind))))
    rows = {
        "child_created": select(func.count(col(Child.id))),
        "referral_made": select(func.count(col(Referral.id))),
        "referral_decided": select(func.count(col(Referral.id))).where(col(Referral.state) != ReferralState.RECEIVED),
        "note_written": select(func.count(col(ChildNote.id))),
        "action_answered": select(func.count(col(ActionEvent.id))).where(
            col(ActionEvent.kind) == ActionEventKind.NEW_DATE
        ),
        "meeting_closed": select(func.count(col(Meeting.id))).where(col(Meeting.state) == MeetingState.CLOSED),
    }
    assert {kind: entries[kind] for kind in rows} == {
        kind: (session.scalar(number) or 0) - (1 if kind == "meeting_closed" else 0) for kind, number in rows.items()
    }, "each change has its entry; one meeting of the past was closed before this service"
    closed = entries["meeting_closed"]
    assert session.scalar(select(func.count(col(Minutes.id)))) == closed
    took = select(func.count(col(ItemDecision.id))).where(col(ItemDecision.took_effect_at).is_not(None))
    assert session.scalar(took) == 3 * closed
    high = select(func.count(col(ListEntry.id))).where(col(ListEntry.current_rating) == RiskRating.HIGH)
    assert session.scalar(high) == closed, "of the three children of a closed meeting one is rated high"
    late = select(func.count(col(ItemDecision.id))).where(
        col(ItemDecision.outcome) == Outcome.DEFERRED, col(ItemDecision.took_effect_at).is_not(None)
    )
    assert session.scalar(late) == closed


@pytest.mark.parametrize(("kind", "rounds"), [("sqlite", 12), ("postgresql", 8)])
def test_a_server_killed_at_random_points_loses_nothing_and_leaves_nothing_half(
    kind: str, rounds: int, tmp_path: Path
) -> None:
    moments = random.Random(rounds)  # The moments of the kills; what the server is at then is chance.
    with own_database(kind, tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            made = county(session)
        engine = sessions.kw["bind"]
        server = RealServer(engine.url.render_as_string(hide_password=False), tmp_path, free_port())
        engine.dispose()
        journey = Journey(server, made, rounds)
        for number in range(rounds):
            journey.killed_round(server, moments, first=number == 0)
            assert_whole(sessions, journey)
        with server.running():
            for worker in journey.workers:
                worker.send_again()
                # In peace now, so that every kind of work was done however slow the machine was.
                worker.work(worker, 1)
        assert_whole(sessions, journey)
        for command in (["check"], ["audit", "verify"]):
            done = server.run(*command)
            assert done.returncode == 0, (command, done.stderr)
        kinds = Counter(promise.split()[0] for promise in journey.acknowledged)
        assert set(kinds) == {"referral", "decision", "note", "discussion", "answer", "closed"}, kinds
        log = (tmp_path / "server.log").read_text()
        assert re.findall(r"unexpected|Traceback|Testy|Invented", log) == []
