"""What a rating of high or medium asks for: offered on the item and the child's page until it is answered."""

import html
import re
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState, RaisedSetAside
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.errors import ConfigurationError
from meetings_app.partnership.loading import RAISED, parse, texts_in
from meetings_app.ratings.levels import RiskRating
from meetings_app.ratings.raised import Raised, raised_by, raised_due, raised_since
from meetings_app.referrals.models import ChangeInCircumstances
from meetings_app.referrals.states import ChangeKind
from meetings_app.resources import folder
from tests.support.browsing import browser, text_of
from tests.support.children import child_of, put_on_list
from tests.support.meeting_day import Day
from tests.support.world import NOW, send, tiny_world

TEXTS = texts_in(folder("agendas"))
RULES = parse(TEXTS).raised
HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE
ALERTS = [number for number, row in raised_by(HIGH, RULES, went_missing=False) if "risk alert" in row.text]


def test_high_asks_for_alerts_and_a_check_and_medium_for_less_and_missing_only_where_the_child_went_missing() -> None:
    assert [RULES.high[number - 1].agency for number in ALERTS] == ["police", "health", "childrens-services"]
    high = " ".join(row.text for _number, row in raised_by(HIGH, RULES, went_missing=False))
    for asked in ("National Referral Mechanism", "police intelligence", "CHaRMM", "education representative"):
        assert asked in high
    for rating, only_missing in ((HIGH, 3), (MEDIUM, 2)):
        always, missing = (raised_by(rating, RULES, went_missing=went) for went in (False, True))
        assert len(missing) - len(always) == only_missing
        assert "missing" not in " ".join(row.text for _number, row in always)
    assert raised_by(LOW, RULES, went_missing=True) == raised_by(NONE, RULES, went_missing=True) == []


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ([], 20), ([(MEDIUM, 10)], 20), ([(HIGH, 10)], 10), ([(HIGH, 10), (HIGH, 5), (LOW, 1)], 5),
        ([(LOW, 10), (HIGH, 5)], 20),
    ],
)  # fmt: skip
def test_what_was_answered_counts_as_long_as_the_rating_stays(before: list[tuple[RiskRating, int]], since: int) -> None:
    newest_first = [(rating, date(2026, 11, day)) for rating, day in before]
    assert raised_since(HIGH, newest_first, date(2026, 11, 20)) == Raised(HIGH, date(2026, 11, since))


def test_it_is_due_so_many_days_after_the_decision() -> None:
    assert raised_due(RULES.high[0], date(2026, 11, 20)) == date(2026, 11, 25)


def with_raised(text: str) -> Mapping[str, str]:
    return {**TEXTS, RAISED: text}


def test_a_folder_without_the_file_takes_the_shipped_one_and_a_wrong_one_is_refused() -> None:
    assert parse({name: text for name, text in TEXTS.items() if name != RAISED}).raised == RULES
    row = '[[high]]\ntext = "Invented."\nagency = "{}"\ndays = 5\n'
    assert len(parse(with_raised(row.format("police"))).raised.high) == 1
    for wrong in (row.format("nobody"), row.format("police") * 2, row.format("police") + "when = 1\n"):
        with pytest.raises(ConfigurationError, match=r"raised\.toml: .*(high|Invented)"):
            parse(with_raised(wrong))


class Heard(Day):
    """A meeting that is being held, and its first child, whom it has rated medium before."""

    def __init__(self, app: Flask, sessions: sessionmaker[Session]) -> None:
        super().__init__(app, sessions)
        self.child: Child = self.children[0]
        self.coordinator, self.chair = self.browser("coordinator"), self.browser("chair-cs")
        self.publish_and_open(self.coordinator)
        self.item = f"{self.at}/items/{self.number(self.coordinator, self.child)}"

    def rate(self, rating: str) -> None:
        self.decide(
            self.chair, self.child, outcome="rated", rating=rating, exploitation_status="suspected",
            discussion="Invented.", rationale="Invented.", lead_agency=self.agencies["childrens-services"],
        )  # fmt: skip

    def offered(self) -> list[str]:
        return re.findall(r'name="recommended" value="((?:high|medium) \d+)"', text_of(self.coordinator, self.item))

    def went_missing(self) -> None:
        with self.open() as session:
            session.add(
                ChangeInCircumstances(
                    child_id=self.child.key, kind=ChangeKind.MISSING_EPISODE, text="Invented.",
                    happened_on=london_date(NOW), reported_at=NOW,
                )
            )  # fmt: skip
            session.commit()


@pytest.fixture
def heard(app: Flask, sessions: sessionmaker[Session]) -> Heard:
    return Heard(app, sessions)


def test_a_rating_of_high_offers_what_it_asks_for_until_each_is_taken_up_or_set_aside(heard: Heard) -> None:
    assert {each.split()[0] for each in heard.offered()} == {"medium"}
    heard.rate("high")
    offered = heard.offered()
    assert offered == [f"high {number}" for number, _row in raised_by(HIGH, RULES, went_missing=False)]
    assert "A rating of high asks for this" in text_of(heard.coordinator, heard.item)
    heard.went_missing()
    assert len(heard.offered()) == len(offered) + 3
    first, _second, third = (f"{heard.item}/recommended/high/{number}" for number in ALERTS)
    assert heard.browser("police").get(first).status_code == 404
    # Typed in the words of the second: the one is taken up, and the other stands on an action already.
    asked = {"what": RULES.high[ALERTS[1] - 1].text, "owner": str(heard.police), "due_on": "12/12/2026"}
    assert send(heard.coordinator, first, asked).status_code == 302
    refused = send(heard.coordinator, f"{third}/decline", {"reason": ""}, page=third)
    assert refused.status_code == 400
    assert "Enter why it is not taken up" in refused.get_data(as_text=True)
    why = {"reason": "There already, as <invented>."}
    assert send(heard.coordinator, f"{third}/decline", why, page=third).status_code == 302
    assert not {f"high {number}" for number in ALERTS} & set(heard.offered())
    assert [heard.coordinator.get(answered).status_code for answered in (first, third)] == [404, 404]
    with heard.open() as session:
        assert session.scalars(select(col(Action.asked_by_rating))).all() == [RULES.high[ALERTS[0] - 1].text]
        assert [each.reason for each in session.scalars(select(RaisedSetAside))] == [why["reason"]]
    removed = re.search(r'action="([^"]*/actions/A-[^"]*/remove)"', text_of(heard.coordinator, heard.item))
    assert removed
    assert send(heard.coordinator, removed.group(1), {}, page=heard.item).status_code == 302
    assert {f"high {number}" for number in ALERTS} & set(heard.offered()) == {f"high {each}" for each in ALERTS[:2]}
    heard.rate("low")
    assert heard.offered() == []


def still_asked(heard: Heard) -> list[str]:
    """Give what the page that closes the meeting says that ratings still ask for."""
    page = html.unescape(text_of(heard.coordinator, f"{heard.at}/close"))
    assert 'name="although"' not in page, "what is pointed out here takes no reason"
    return re.findall(r"<bdi>A rating of high still asks ([^<]+)</bdi>: item", page)


def test_before_the_meeting_is_closed_it_is_said_what_a_rating_of_high_still_asks_for(heard: Heard) -> None:
    heard.rate("medium")
    assert still_asked(heard) == []
    heard.rate("high")
    named = {"police": "Police", "health": "Health", "childrens-services": "Children’s Services"}
    asked = [row for _number, row in raised_by(HIGH, RULES, went_missing=False)]
    said = still_asked(heard)
    assert [each.partition(": ")[2] for each in said] == [row.text.rstrip(".") for row in asked]
    assert said[ALERTS[1] - 1].startswith(f"{named['health']}: ")
    address = f"{heard.item}/recommended/high/{ALERTS[1]}"
    why = {"reason": "There already, as <invented>."}
    assert send(heard.coordinator, f"{address}/decline", why, page=address).status_code == 302
    assert not any("records of health" in each for each in still_asked(heard))
    assert f'{heard.item}#raised"' in text_of(heard.coordinator, f"{heard.at}/close")


def test_a_child_rated_high_shows_what_is_unanswered_and_how_late_the_lead_professional_is(
    app: Flask, session: Session
) -> None:
    tiny_world(session)
    high, led, medium = (
        child_of(session, put_on_list(session, name=name, rating=rating, lead_professional_name=lead))
        for name, rating, lead in (
            ("Testy McHigh", HIGH, ""), ("Testy McLed", HIGH, "Wanda Workerton"), ("Testy McMedium", MEDIUM, ""),
        )
    )  # fmt: skip
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    page = text_of(coordinator, f"/children/{high.reference}")
    assert RULES.high[0].text in page
    assert page.count(" days</strong>") == len(raised_by(HIGH, RULES, went_missing=False)), "each shows how late it is"
    assert "Not answered yet" in page
    late = re.search(r"No lead professional is named\. One is due by [^<]*<strong[^>]*>(\d+ working days? late)", page)
    assert late
    waiting = text_of(coordinator, "/waiting/leads")
    assert "no lead professional is named" in waiting
    assert late.group(1) in waiting
    for other in (led, medium):
        assert other.reference not in waiting
        assert "No lead professional is named" not in text_of(coordinator, f"/children/{other.reference}")
    assert high.reference not in text_of(browser(app, "coordinator-nw"), "/waiting/leads")


def test_what_the_rating_asks_for_is_taken_up_on_the_childs_page(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    child = child_of(session, put_on_list(session, rating=HIGH))
    address, police, child_id = f"/children/{child.reference}", world.police.key, child.key
    session.commit()
    session.close()
    coordinator, first = browser(app, "coordinator"), f"{address}/raised/high/{ALERTS[0]}"
    assert f'href="{first}"' in text_of(coordinator, address)
    assert "Overdue by" in text_of(coordinator, first)
    asked = {"what": "An alert, as <invented>.", "owner": str(police), "due_on": "22/11/2026"}
    refused = send(coordinator, first, asked)
    assert refused.status_code == 400
    assert "The date must be today or later" in refused.get_data(as_text=True)
    assert send(coordinator, first, {**asked, "due_on": "12/12/2026"}).status_code == 302
    action = session.scalars(select(Action).where(col(Action.child_id) == child_id)).one()
    assert (action.what, action.asked_by_rating) == (asked["what"], RULES.high[ALERTS[0] - 1].text)
    assert action.state is ActionState.OPEN
    assert f'href="{first}"' not in text_of(coordinator, address)
    # Answered, of another rating, or nobody's to give: not there.
    for client, gone in (
        (coordinator, first), (coordinator, f"{address}/raised/medium/1"),
        (browser(app, "police"), f"{address}/raised/high/{ALERTS[1]}"),
        (browser(app, "coordinator-nw"), f"{address}/raised/high/{ALERTS[1]}"),
    ):  # fmt: skip
        assert client.get(gone).status_code == 404


def test_the_page_of_the_rules_says_what_a_rating_asks_for(app: Flask, session: Session) -> None:
    tiny_world(session)
    session.close()
    rows = text_of(browser(app, "coordinator"), "/settings/rules").split('id="raised"')[1].split("<tr>")
    for label, asked in (("High", RULES.high), ("Medium", RULES.medium)):
        for row in asked:
            (shown,) = [each for each in rows if row.text in each and f">{label}</th>" in each]
            assert f">{row.days} day" in shown
            assert ("Only where the child went missing" in shown) is row.only_if_missing
