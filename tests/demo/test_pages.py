"""Every account of the demonstration: all its pages open, are whole, and no address says a name."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import col

from meetings_app.app import Service
from meetings_app.children.matching import name_key
from meetings_app.children.models import Child
from meetings_app.db.session import reading
from meetings_app.permissions import OPERATOR
from tests.demo.conftest import PASSWORD, keep_key
from tests.demo.walking import Walk, walk
from tests.support.world import sign_in

ACCOUNTS = (
    "coordinator", "chair-cs", "chair-fs", "police", "education", "health", "school", "lead", "analyst", "admin",
    "auditor", "chair-police", "specialist", "list-police",
)  # fmt: skip

EXPECTED = {
    "coordinator": {"cse_list.index", "child_record.show", "referrals.index", "meetings.show", "meetings.agenda"},
    "chair-cs": {"cse_list.index", "child_record.show", "referrals.index", "meetings.show"},
    "police": {"actions.index", "actions.show", "cse_list.index"},
    "lead": {"child_record.show", "actions.index"},
    "admin": {"accounts.index"},
    "school": {"child_record.show"},
    "list-police": {"weekly_list.index", "weekly_list.show"},
}
"""Views that an account must come by on its way."""


@pytest.fixture(scope="session")
def words_of_names(service: Service) -> set[str]:
    """The words of every child's name that are no words of the service."""
    with reading(service.sessions, OPERATOR) as session:
        names = session.scalars(select(col(Child.name))).all()
    return {word for name in names for word in name_key(name).split() if len(word) > 3}


@pytest.fixture(scope="session", params=ACCOUNTS)
def walked(request: pytest.FixtureRequest, demo_app: Flask) -> tuple[str, Walk]:
    """An account and its walk from the home page, after a real sign-in without a second factor."""
    keep_key()
    client = demo_app.test_client()
    sign_in(client, request.param, PASSWORD)
    return request.param, walk(demo_app, client)


def test_every_page_opens_and_is_whole(walked: tuple[str, Walk]) -> None:
    _account, found = walked
    assert found.problems == []


def test_the_walk_comes_by_the_pages_of_the_role(walked: tuple[str, Walk]) -> None:
    account, found = walked
    assert set(found.views) >= {"home.home"} | EXPECTED.get(account, set())


def test_no_address_says_a_name(walked: tuple[str, Walk], words_of_names: set[str]) -> None:
    _account, found = walked
    for link in found.links:
        assert not words_of_names & set(re.split(r"\W+", name_key(link))), link
