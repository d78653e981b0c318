"""The board's page: numbers of the county, no child, and no number under 5."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.permissions import OPERATOR, Role
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.service import ReferralDetails, make_referral
from tests.support import meetings
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, agency_id, put_on_list
from tests.support.remembered import remembered
from tests.support.world import NOW, add_account, tiny_world


@pytest.fixture
@remembered
def county(session: Session) -> None:
    tiny_world(session)
    add_account(session, "analyst", Role.ANALYST, "childrens-services")
    add_account(session, "analyst-ne", Role.ANALYST, "childrens-services", ["NE"])
    number = 0
    for area, rating, many in (
        ("NE", RiskRating.HIGH, 7), ("NE", RiskRating.MEDIUM, 6), ("NE", RiskRating.LOW, 8),
        ("NW", RiskRating.HIGH, 9), ("NW", RiskRating.MEDIUM, 2), ("NW", RiskRating.LOW, 5),
    ):  # fmt: skip
        for _ in range(many):
            number += 1
            gender, born = "female" if number % 3 else "Male", date(2011, 1, 1) + timedelta(number)
            put_on_list(session, rating=rating, area=area, name=f"Testy Mc{number:03}", born=born, gender=gender)
    for place in range(7):
        referred = add_child(session, f"Testy McReferred {place}")
        details = ReferralDetails(agency_id(session, "education"), "Pat Invented", "Invented.")
        make_referral(session, OPERATOR, NOW, meetings.office(), referred, details)
    session.commit()


def table(html: str, title: str) -> dict[str, list[str]]:
    """Give the rows of a table by their heads."""
    body = html.split(f'caption class="govuk-visually-hidden">{title}')[1].split("</table>")[0]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', body)
    return {
        re.sub("<[^>]+>", "", head): [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells)]
        for head, cells in rows
    }


def test_the_list_is_counted_by_area_and_rating_and_small_numbers_are_hidden(app: Flask, county: None) -> None:
    rows = table(text_of(browser(app, "analyst"), "/totals"), "On the list by area and rating")
    assert rows["All"] == ["16", "8", "13", "37"]
    assert rows["North East"][3] == "21"
    assert rows["North West"] == ["9", "n/s", "n/s", "16"]
    assert rows["North East"][:3] == ["7", "n/s", "n/s"], "else 2 would be the 8 of all areas less these 6"


def test_age_gender_and_referrals_are_counted(app: Flask, county: None) -> None:
    html = text_of(browser(app, "analyst"), "/totals")
    assert table(html, "On the list by age")["13 to 15"] == ["37"]
    genders = table(html, "On the list by gender")
    assert (genders["Female"], genders["Male"], genders["All"]) == (["25"], ["12"], ["37"])
    sources = table(html, "Referrals of the last 12 months by source and outcome")
    assert sources["Education"][-1] == "7"


def test_an_analyst_of_one_area_counts_that_area_alone(app: Flask, county: None) -> None:
    html = text_of(browser(app, "analyst-ne"), "/totals")
    rows = table(html, "On the list by area and rating")
    assert rows["North East"] == ["7", "6", "8", "21"]
    assert "North West" not in rows


def test_no_child_is_named_and_nobody_else_opens_it(app: Flask, county: None) -> None:
    html = text_of(browser(app, "analyst"), "/totals")
    assert "Testy Mc" not in html.replace("Testy McAnalyst", "")
    assert not re.search(r"\bC-[0-9A-Z]{5}\b", html)
    for person in ("coordinator", "chair-cs", "police"):
        text_of(browser(app, person), "/totals", status=404)


def test_a_county_with_too_few_children_shows_no_number_at_all(app: Flask, session: Session) -> None:
    tiny_world(session)
    add_account(session, "analyst", Role.ANALYST, "childrens-services")
    for _ in range(4):
        put_on_list(session)
    session.commit()
    html = text_of(browser(app, "analyst"), "/totals")
    for title in ("On the list by area and rating", "On the list by gender"):
        assert {number for numbers in table(html, title).values() for number in numbers} == {"n/s"}
