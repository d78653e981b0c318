"""Three people type into one item at the same moment: each word stands on the item or beside it. Both databases.

The requests are real: each has its own thread, its own connection and its own transaction, and is committed.
"""

from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.db.session import act_for
from meetings_app.meetings.network_models import NetworkItem
from meetings_app.permissions import OPERATOR, Role
from tests.support.browsing import browser, text_of
from tests.support.live import Typist
from tests.support.network_meetings import network_day, opened, tangled
from tests.support.own_app import own_app, together
from tests.support.rmm import due, rmm
from tests.support.world import add_account, csrf_token

ITEMS = 8
"""How many items they meet at; at one alone, one may be after the other by chance."""


def test_everything_typed_at_once_at_an_item_of_an_rmm_is_kept(database: str, tmp_path: Path) -> None:
    with own_app(database, tmp_path) as (app, sessions):
        with sessions() as session:
            act_for(session, OPERATOR)
            day = rmm(session)
            children = [due(session) for _ in range(ITEMS)]
            day.open()
            day.operator()
            addresses = [f"/meetings/{day.meeting.reference}/items/{day.item(child).number}" for child in children]
            session.commit()
        for address in addresses:
            type_at_once(app, address, ("coordinator", "chair-cs", "chair-fs"))


def test_everything_typed_at_once_at_an_item_of_a_network_meeting_is_kept(database: str, tmp_path: Path) -> None:
    with own_app(database, tmp_path) as (app, sessions):
        for address in network_items(sessions):
            type_at_once(app, address, ("chair-police", "second-police", "third-police"))


def network_items(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        day = network_day(session)
        for more in ("second-police", "third-police"):
            add_account(session, more, Role.NETWORK_CHAIR, "police")
        tangled(session)
        opened(day)
        day.operator()
        at = f"/networks/meetings/{day.first.reference}/items"
        numbers = list(session.scalars(select(col(NetworkItem.number))))
        session.commit()
    return [f"{at}/{number}" for number in numbers]


def type_at_once(app: Flask, address: str, who: tuple[str, str, str]) -> None:
    """Two type a discussion, one the reasons: both boxes stand, and the discussion that lost is kept beside."""
    people = [typist(app, address, one) for one in who]
    words = (("discussion", "Invented: first."), ("discussion", "Invented: second."), ("rationale", "Invented: why."))
    answers = together(*(partial(send, person, *said) for person, said in zip(people, words, strict=True)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    shown = people[0].look().get_json()["fields"]
    standing = {each["name"]: each["value"] for each in shown}
    assert standing["rationale"] == "Invented: why."
    page = text_of(people[0].client, address)
    for _name, said in words:
        assert said in page, (address, said)
    numbers = [each["mark"] for each in shown]
    assert len(set(numbers)) == len(numbers), "two fields with one number: a screen would take one for the other"


def typist(app: Flask, address: str, who: str) -> Typist:
    client = browser(app, who)
    return Typist(client, address, csrf_token(text_of(client, address)))


def send(person: Typist, name: str, value: str) -> object:
    return person.send({"fields": [{"name": name, "value": value, "seen": 0, "save_id": f"{name}-{value[-6:]}"}]})
