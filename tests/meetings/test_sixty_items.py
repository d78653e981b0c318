"""A meeting of sixty items is as quick as one of eight: its pages and its buttons read as often."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.cases import case_of, cases_without_gate
from meetings_app.meetings.conflicts import declare
from meetings_app.meetings.deciding import add_action, record_decision
from meetings_app.meetings.gate import GateFacts
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.presence import room_of, set_room
from meetings_app.meetings.queries import decision_of
from meetings_app.permissions import OPERATOR
from meetings_app.preparing.models import Answer, InformationSent
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.queries import find_meeting
from tests.support.assessments import TOOLS, codes_of, finished, ticked
from tests.support.browsing import text_of
from tests.support.children import rate
from tests.support.live import Typist, typist
from tests.support.meeting_day import Day
from tests.support.rmm import OFFICE, due, rated, referred, rmm
from tests.support.sent_forms import form_to
from tests.support.statements import statements_of
from tests.support.world import NOW

MORE = 52
LEFT = 4
"""So many items of each walk are not reached."""
OF_AN_ITEM = 47
"""As many questions the page of an item asks at most, with everything that stands beside the decision."""
RATINGS = (RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW)
BEFORE = ("agenda", "before", "replies", "pack", "pack.docx", "agenda.docx", "record", "agenda/publish")
HELD = ("record", "attendance", "before", "replies", "pack", "pack.docx", "agenda", "agenda.docx", "screen", "close")
CLOSED = (
    "minutes", "minutes/texts", "minutes/issue", "minutes/without-names", "actions", "actions.docx", "minutes.docx",
    *(f"minutes.docx?audience={each}" for each in ("chair", "anonymised", "agency:police")),
)  # fmt: skip


@dataclass
class Walk:
    """What each page and each button of one meeting sent to the database."""

    day: Day
    engine: sa.Engine
    chair: FlaskClient
    coordinator: FlaskClient
    police: FlaskClient
    sent: dict[str, list[str]] = field(default_factory=dict)

    def look(self, *pages: str) -> None:
        """Open pages; each was opened before, so that nothing is asked for the first time."""
        for page in pages:
            by = self.police if page == "before" else self.chair
            address = f"{self.day.at}/{page}"
            assert by.get(address).status_code == 200, page
            with self.counted(f"GET {page} {len(self.sent)}"):
                by.get(address)

    def press(self, address: str, page: str = "", **values: str) -> str:
        """Fill in the form of a page and send it; gives what is answered."""
        by = self.coordinator if address == "agenda/publish" else self.chair
        form = form_to(text_of(by, f"{self.day.at}/{page or address}"), f"{self.day.at}/{address}")
        with self.counted(f"POST {address} {len(self.sent)}"):
            answer = by.post(form.action or f"{self.day.at}/{address}", data=form.with_values(**values))
        assert answer.status_code in (200, 302), (address, answer.get_data(as_text=True))
        return str(answer.get_data(as_text=True))

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        with statements_of(self.engine) as sent:
            yield
        # The numbers of the two meetings differ.
        self.sent[re.sub(r"items/[\d.]+", "item", name)] = [statement for statement, _values in sent]


def add_children(day: Day, more: int) -> None:
    """Put so many more children on the list whose review is due, of each rating."""
    with day.open() as session:
        for number in range(more):
            due(session, RATINGS[number % 3])
        session.commit()


def send_information(day: Day) -> None:
    """Let the police send something about every child of the agenda."""
    with day.open() as session:
        meeting = meeting_of(session, day)
        agency_id = int(day.agencies["police"])
        session.add_all(
            InformationSent(
                meeting_id=meeting.key, child_id=item.child_id, area_id=item.area_id, agency_id=agency_id, number=1,
                answer=Answer.RELEVANT, facts="Invented facts.", opinion="", source="", reason="", sent_at=NOW,
                sent_by_id=day.police, late=False,
            )
            for item in items_of(session, meeting.key)
        )  # fmt: skip
        session.commit()


def decide_all_but(day: Day, number: str) -> None:
    """Rate every child but the last few and one, with an action and a view of the police each."""
    with day.open() as session:
        meeting = meeting_of(session, day)
        for place, item in enumerate(items_of(session, meeting.key)[:-LEFT]):
            if item.number != number:
                decide(session, day, meeting, item, RATINGS[place % 3])
        session.commit()


def decide(session: Session, day: Day, meeting: Meeting, item: AgendaItem, rating: RiskRating) -> None:
    decided = rated(session, rating, step_down_reason="Invented.", both_chairs_agree=True)
    record_decision(session, OPERATOR, NOW, OFFICE, meeting, item, decision_of(session, item.key).version, decided)
    agency_id = int(day.agencies["police"])
    record_view(session, OPERATOR, NOW, meeting, item, agency_id, "An invented view.", dissents=False)
    add_action(
        session, OPERATOR, NOW, meeting, item, what="An invented action.", agency_id=agency_id, owner_id=day.police,
        due_on=date(2026, 12, 10),
    )  # fmt: skip


def meeting_of(session: Session, day: Day) -> Meeting:
    found = find_meeting(session, day.reference)
    assert found is not None
    return found


def walk(walked: Walk, more: int) -> Mapping[str, list[str]]:
    """Hold a whole meeting, with so many children more, and give what each step sent."""
    day = walked.day
    add_children(day, more)
    walked.look(*BEFORE)
    walked.press("agenda/publish")
    walked.press("record/start", "record", read_by="Testy McChair", early="y")
    send_information(day)
    presence = {f"presence-{key}": "present" for key in day.people.values()}
    walked.press("attendance", members="1", **presence)
    number = day.number(walked.chair, day.children[1])
    walked.press(f"items/{number}/bring-up", f"items/{number}")
    walked.look(f"items/{number}")
    save_live(walked, typist(day, "chair-cs", 1))
    decide_all_but(day, number)
    walked.press(
        f"items/{number}", outcome="rated", rating="high", exploitation_status="suspected", rationale="Invented.",
        lead_agency=day.agencies["childrens-services"], tool_difference_reason="Invented.",
    )  # fmt: skip
    walked.look(*HELD, f"items/{number}", f"items/{number}/live")
    listed = walked.press("defer-the-rest", "close")
    form = form_to(listed, f"{day.at}/defer-the-rest")
    with walked.counted("POST defer-the-rest"):
        assert walked.chair.post(form.action, data=form.values).status_code == 302
    walked.press("close")
    walked.look(*CLOSED)
    walked.press("minutes/issue", despite="Invented.")
    return walked.sent


def save_live(walked: Walk, typing: Typist) -> None:
    typing.type("discussion", "Invented: ")
    with walked.counted("POST live"):
        typing.type("discussion", "Invented: what was said.")


def reads(statements: list[str]) -> list[str]:
    """What is decided is written item by item; what is read is not."""
    return [statement for statement in statements if statement.lstrip().upper().startswith(("SELECT", "WITH"))]


def grown(few: list[str], many: list[str]) -> str:
    """Say what was read more often, by what it asks for: what a failure is mended by."""
    asked = [Counter(" ".join(each.split("FROM")[-1].split())[:90] for each in reads(sent)) for sent in (few, many)]
    return "; ".join(f"{number} x more: {what}" for what, number in (asked[1] - asked[0]).most_common(5))


def test_a_meeting_of_sixty_items_reads_as_often_as_one_of_eight(
    day: Day, engines: dict[str, sa.Engine], database: str, sessions: sessionmaker[Session]
) -> None:
    chair, coordinator, police = (day.browser(who) for who in ("chair-cs", "coordinator", "police"))
    connection = sessions.kw["bind"]
    walks = []
    for more in (0, MORE):
        before = connection.begin_nested()
        walks.append(walk(Walk(day, engines[database], chair, coordinator, police), more))
        before.rollback()
    few, many = walks
    assert list(few) == list(many)
    more_reads = {step: grown(few[step], many[step]) for step in few if len(reads(many[step])) > len(reads(few[step]))}
    assert not more_reads
    for step in (each for each in many if each.startswith("GET item")):
        assert len(many[step]) <= OF_AN_ITEM, (step, len(many[step]))


def test_the_cases_of_all_items_at_once_are_those_of_each_item(session: Session) -> None:
    day = rmm(session)
    children = [
        due(session),
        due(session, RiskRating.HIGH),
        referred(session),
        due(session, leaving=True),
        due(session),
    ]
    tool = TOOLS["kent-medway"]
    finished(session, OPERATOR, children[0], "kent-medway", ticked(codes_of(tool, "high")[:1]))
    for rating in (RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW):
        rate(session, children[4], rating)
    day.open()
    item = day.item(children[1])
    room = room_of(session, day.meeting, item)
    chair = next(person.attendance_id for person in room.people if person.account_id == day.world.chair_fs.key)
    set_room(session, day.act("chair_cs"), NOW, day.meeting, item, {chair}, room.seen)
    declare(session, day.act("chair_cs"), NOW, day.meeting, day.item(children[2]), day.world.police.key, "Invented.")
    items = items_of(session, day.meeting.key)
    assert len(items) == len(children)
    found = cases_without_gate(session, OFFICE, day.meeting, items)
    for each in items:
        alone = case_of(session, OFFICE, day.meeting, each, at_the_end=True)
        assert found[each.key] == replace(alone, gate=GateFacts(), strategy_open=False)
    assert len({case.quorate for case in found.values()}) == 2
    assert len({case.both_chairs for case in found.values()}) == 2
