"""Every version of the rules is kept: who, when, why, what it changed, what was decided under it; one can go back."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.reference import RULES, apply_defaults, change_on_page, text_in_use
from meetings_app.permissions import OPERATOR, Role
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from tests.meetings.test_rules_version import close, present_office
from tests.support.browsing import browser, fill_in, text_of
from tests.support.rmm import due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, actor_for, add_account, tiny_world

HISTORY = "/settings/rules/history"
FIRST, SECOND = f"{HISTORY}/ratings/1", f"{HISTORY}/ratings/2"
RESTORE = f"{FIRST}/restore"


def change(session: Session, now: datetime, opened_at: int = 1, days: int = 42) -> None:
    """Let a child rated medium be reviewed after other days; commits."""
    add = Role.ADMINISTRATOR
    admin = add_account(session, f"admin{opened_at}", add, "childrens-services", name=f"Testy McAdmin{opened_at}")
    text = text_in_use(session, RULES).replace("review_days = 56", f"review_days = {days}")
    change_on_page(session, actor_for(session, admin), now, RULES, text, f"Board decision {opened_at}.", opened_at)
    session.commit()
    session.close()


def test_the_history_says_who_changed_what_when_and_why(app: Flask, session: Session, now: datetime) -> None:
    tiny_world(session)
    change(session, now)
    client = browser(app, "coordinator")
    page = text_of(client, HISTORY)
    rows = page.split("<tr>")
    second = next(row for row in rows if SECOND in row)
    for said in ("<bdi>Testy McAdmin1</bdi>, on the page", "23 November 2026", "Board decision 1."):
        assert said in second
    assert "Operator of the machine, from the folder" in next(row for row in rows if f'{FIRST}"' in row)
    assert page.index(SECOND) < page.index(f'{FIRST}"')
    changed = text_of(client, SECOND)
    assert 'data-label="Version 1">56 days' in changed
    assert 'data-label="Version 2"><strong>42 days' in changed
    assert "This version rules now." in changed
    assert "first version" in text_of(client, FIRST)
    text_of(client, f"{HISTORY}/ratings/3", 404)
    text_of(client, f"{HISTORY}/network/1", 404)


def test_the_rules_of_then_are_shown_as_they_were(app: Flask, session: Session, now: datetime) -> None:
    tiny_world(session)
    change(session, now)
    row = next(row for row in text_of(browser(app, "coordinator"), FIRST).split("<tr>") if "medium is reviewed" in row)
    assert "56 days" in row


def test_decisions_are_counted_under_the_version_they_were_made_under(
    app: Flask, session: Session, now: datetime
) -> None:
    day = rmm(session)
    child = due(session, RiskRating.MEDIUM)
    day.open()
    day.decide(child, rated(session, RiskRating.MEDIUM))
    close(day, present_office(session))
    reference = child.reference
    change(session, now)
    client = browser(app, "coordinator")
    assert "1 rating and 0 closures in your areas" in text_of(client, FIRST)
    assert "0 ratings and 0 closures in your areas" in text_of(client, SECOND)
    assert "0 ratings and 0 closures in your areas" in text_of(browser(app, "coordinator-nw"), FIRST)
    assert "Decided under it" not in text_of(browser(app, "admin1"), FIRST)
    # The old decision still names its version, and leads whoever may see the rules to it.
    assert f'href="{FIRST}">version 1 of the rules</a>' in text_of(client, f"/children/{reference}")
    assert FIRST not in text_of(browser(app, "police"), f"/children/{reference}")


def test_going_back_is_a_new_version_that_says_which_one_it_brings_back(
    app: Flask, session: Session, now: datetime
) -> None:
    change(session, now)
    admin = browser(app, "admin1")
    page = text_of(admin, RESTORE)
    assert 'data-label="Now">42 days' in page
    assert 'data-label="From now on"><strong>56 days' in page
    refused = fill_in(admin, RESTORE, {"reason": " "})
    assert refused.status_code == 400
    assert "Enter why the rules go back" in refused.get_data(as_text=True)

    answer = fill_in(admin, RESTORE, {"reason": "Too many meetings."})

    assert answer.location == f"{HISTORY}/ratings/3"
    assert "review_days = 56" in text_in_use(session, RULES)
    session.close()
    shown = text_of(admin, answer.location)
    assert "Version 1</dd>" in shown
    assert "Too many meetings." in shown
    assert "back to version 1" in text_of(admin, HISTORY)
    # What rules already is not gone back to.
    text_of(admin, f"{HISTORY}/ratings/3/restore", 404)


def test_whoever_goes_back_while_another_changes_is_told_and_keeps_the_reason(
    app: Flask, session: Session, now: datetime
) -> None:
    change(session, now)
    admin = browser(app, "admin1")
    opened = form_to(text_of(admin, RESTORE), RESTORE).values
    change(session, now, 2, 49)
    text = text_in_use(session, RULES).replace("review_days = 42", "review_days = 49")
    change_on_page(session, OPERATOR, now, RULES, text, "And on.", 3)
    session.commit()
    session.close()

    told = admin.post(RESTORE, data={**opened, "reason": "Too many meetings."})

    assert told.status_code == 409
    page = told.get_data(as_text=True)
    assert "Somebody else changed the rules first" in page
    assert 'data-label="Now">49 days' in page
    again = form_to(page, RESTORE).values
    assert again["reason"].strip() == "Too many meetings."
    assert admin.post(RESTORE, data=again).status_code == 302
    assert "review_days = 56" in text_in_use(session, RULES)


def test_after_going_back_the_untouched_folder_and_the_rules_are_one_again(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    change(session, now)
    first = (folder("agendas") / RULES).read_text("utf-8")
    change_on_page(session, OPERATOR, now, RULES, first, "Back.", 2, restores=1)
    assert apply_defaults(session, OPERATOR, NOW, folder("agendas"), "Nothing.") == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_does_not_change_the_rules_does_not_go_back(app: Flask, session: Session, now: datetime) -> None:
    tiny_world(session)
    change(session, now)
    client = browser(app, "coordinator")
    assert RESTORE not in text_of(client, FIRST)
    text_of(client, RESTORE, 404)
    assert RESTORE in text_of(browser(app, "admin1"), FIRST)
