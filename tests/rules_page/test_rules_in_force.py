"""The page Rules says what rules now in plain words, from whom it comes, and since when, by whom and why."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.accounts.reference import RULES, change_on_page, text_in_use
from meetings_app.permissions import Role
from tests.support.browsing import browser, text_of
from tests.support.world import actor_for, add_account, tiny_world

PAGE = "/settings/rules"


def changed_by(session: Session, account: Account, now: datetime) -> None:
    text = text_in_use(session, RULES).replace("review_days = 56", "review_days = 42")
    change_on_page(session, actor_for(session, account), now, RULES, text, "The board decided so.", 1)


def test_each_rule_says_its_figure_its_source_and_since_when(app: Flask, session: Session, now: datetime) -> None:
    tiny_world(session)
    admin = add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services", name="Testy McAdmin")
    changed_by(session, admin, now)
    session.commit()
    session.close()
    rows = text_of(browser(app, "coordinator"), PAGE).split("<tr>")
    medium = next(row for row in rows if "A child rated medium is reviewed after" in row)
    assert "42 days" in medium
    assert "23 November 2026, 9am, <bdi>Testy McAdmin</bdi>: The board decided so." in medium
    high = next(row for row in rows if "A child rated high is reviewed after" in row)
    assert "28 days" in high
    assert "operator of the machine: read at meetings init" in high
    quorum = next(row for row in rows if "needs these agencies in the room" in row)
    assert "Children’s Services; Police; Health" in quorum
    floor = next(row for row in rows if "involvement, under" in row)
    assert 'data-label="Source">KM<' in floor


@pytest.mark.parametrize(
    ("role", "areas", "sees"),
    [
        (Role.COORDINATOR, ["NE"], 200), (Role.CHAIR, ["NE"], 200), (Role.ADMINISTRATOR, [], 200),
        (Role.AUDITOR, [], 200), (Role.REPRESENTATIVE, ["NE"], 404), (Role.ANALYST, [], 404),
        (Role.LEAD_PROFESSIONAL, ["NE"], 404),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_those_who_work_by_the_rules_see_them_and_others_do_not(
    app: Flask, session: Session, role: Role, areas: list[str], sees: int
) -> None:
    add_account(session, "somebody", role, "childrens-services", areas)
    session.commit()
    session.close()
    client = browser(app, "somebody")
    text_of(client, PAGE, sees)
    assert (f'href="{PAGE}"' in text_of(client, "/")) is (sees == 200)
