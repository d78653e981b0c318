"""The first page of an agency names what ratings ask of it, until that became an action or was set aside."""

from collections.abc import Collection

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.ratings.models import RiskRating
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.children import child_of, put_on_list
from tests.support.rmm import OFFICE
from tests.support.statements import statements_of
from tests.support.world import NOW, tiny_world

TODAY = NOW.date()
RULES = OFFICE.partnership.raised
ONE = "child’s rating asks something of your agency that nobody has taken up"
MANY = "children’s ratings ask something of your agency that nobody has taken up"


class Asked:
    """A county with a child rated high, one rated medium, one rated low, and one of another area."""

    def __init__(self, session: Session) -> None:
        self.session, self.world = session, tiny_world(session)
        self.meeting = past_meeting(session)
        self.high, self.medium, self.low, self.elsewhere = (
            child_of(session, put_on_list(session, name=name, rating=rating, area=area))
            for name, rating, area in (
                ("Testy McHigh", RiskRating.HIGH, "NE"), ("Testy McMedium", RiskRating.MEDIUM, "NE"),
                ("Testy McLow", RiskRating.LOW, "NE"), ("Testy McElsewhere", RiskRating.HIGH, "NW"),
            )
        )  # fmt: skip
        session.commit()

    def give(self, child: Child, text: str) -> None:
        give_action(self.session, self.meeting, child, self.world.police, TODAY, what=text)
        self.session.commit()


@pytest.fixture
def county(session: Session) -> Asked:
    return Asked(session)


def texts(agency: str, rows: Collection[object]) -> list[str]:
    return [row.text for row in rows if row.agency == agency and not row.only_if_missing]  # type: ignore[attr-defined]


def test_each_agency_is_told_what_is_asked_of_it_and_not_what_is_asked_of_others(app: Flask, county: Asked) -> None:
    for who, agency in (("police", "police"), ("health", "health"), ("education", "education")):
        client = browser(app, who)
        page = text_of(client, "/waiting/asked")
        own = [*texts(agency, RULES.high), *texts(agency, RULES.medium)]
        assert all(text in page for text in own)
        others = {row.text for row in (*RULES.high, *RULES.medium)} - set(own)
        assert not any(text in page for text in others)
        asked = 2 if texts(agency, RULES.medium) else 1
        home = text_of(client, "/").rpartition('href="/waiting/asked"')[2]
        assert f"{asked}</span>" in home[:200]
        assert (MANY if asked > 1 else ONE) in home[:400]
        assert county.high.reference in page
        assert (county.medium.reference in page) == (asked > 1)
        for hidden in (county.low, county.elsewhere):
            assert hidden.reference not in page
    assert browser(app, "coordinator").get("/waiting/asked").status_code == 404


def test_what_became_an_action_is_asked_for_no_more(app: Flask, county: Asked) -> None:
    client = browser(app, "police")
    for text in texts("police", RULES.medium):
        county.give(county.medium, text)
    first, *rest = texts("police", RULES.high)
    county.give(county.high, first)
    page = text_of(client, "/waiting/asked")
    assert county.medium.reference not in page
    assert first not in page
    assert all(text in page for text in rest)
    for text in rest:
        county.give(county.high, text)
    assert "No rating asks anything of your agency" in text_of(client, "/waiting/asked")
    assert ONE not in text_of(client, "/")


def test_the_page_reads_no_more_for_more_children(app: Flask, session: Session, county: Asked) -> None:
    client = browser(app, "police")
    text_of(client, "/waiting/asked")

    def sent() -> int:
        with statements_of(session.get_bind().engine) as seen:
            text_of(client, "/waiting/asked")
        return len(seen)

    few = sent()
    for number in range(60):
        put_on_list(session, name=f"Testy McMany {number}", rating=RiskRating.HIGH)
    session.commit()
    assert sent() == few
    assert "after=" in text_of(client, "/waiting/asked")


@pytest.mark.parametrize("after", ["²", "x", "9" * 30, ""])
def test_a_page_that_is_no_number_is_the_first(app: Flask, session: Session, after: str) -> None:
    Asked(session)
    police = browser(app, "police")
    assert police.get("/waiting/asked", query_string={"after": after}).status_code == 200
