"""Links on a child's page: found, recorded and ended there; whoever may not see both finds no trace of one."""

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, RoleGrant
from meetings_app.audit.models import AuditEvent
from meetings_app.children.links import Said, add_link
from meetings_app.children.models import Child, ChildLink, LinkKind
from meetings_app.permissions import OPERATOR, Role
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.world import add_school, send, tiny_world

SAYS = "The grandmother says so, as invented."


@pytest.fixture
def pair(session: Session) -> tuple[str, str]:
    """Two children on the list of the North East: Testy Feather and Testy Anorak."""
    tiny_world(session)
    one = child_of(session, put_on_list(session, name="Testy Feather"))
    other = child_of(session, put_on_list(session, name="Testy Anorak"))
    session.commit()
    session.close()
    return one.reference, other.reference


def test_the_other_child_is_looked_for_and_the_link_stands_on_both_pages(
    app: Flask, session: Session, pair: tuple[str, str]
) -> None:
    one, other = pair
    police, form = browser(app, "police"), f"/children/{one}/links/new"
    typed = {"sought": "anorak", "kind": "sibling", "since": "3/5/2026", "source": SAYS}
    found = fill_in(police, form, {**typed, "sought": "nobody at all"})
    assert found.status_code == 400
    assert "No other child whom you may see was found" in found.text
    assert SAYS in found.text
    assert fill_in(police, form, {**typed, "other": other}).status_code == 302
    assert f'Sibling of <a class="govuk-link" href="/children/{other}"><bdi>Testy Anorak</bdi></a>' in text_of(
        police, f"/children/{one}"
    )
    assert "<bdi>Testy Feather</bdi></a>" in text_of(police, f"/children/{other}")


def test_where_several_are_found_a_person_chooses(app: Flask, session: Session, pair: tuple[str, str]) -> None:
    third = put_on_list(session, name="Testy Anorak")
    session.commit()
    session.close()
    answer = fill_in(
        browser(app, "police"), f"/children/{pair[0]}/links/new",
        {"sought": "anorak", "kind": "peer", "source": SAYS},
    )  # fmt: skip
    assert answer.status_code == 400
    assert "Choose which child it is" in answer.text
    assert answer.text.count("Testy Anorak, C-") == 2
    assert session.scalars(select(ChildLink)).all() == []
    assert third.child_id


@pytest.mark.parametrize("missing", ["kind", "source"])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(app: Flask, pair: tuple[str, str], missing: str) -> None:
    typed = {"sought": pair[1], "other": pair[1], "kind": "peer", "source": SAYS, "since": "3/5/2026"}
    answer = fill_in(browser(app, "coordinator"), f"/children/{pair[0]}/links/new", {**typed, missing: ""})
    assert answer.status_code == 400
    assert f'href="#{missing}"' in answer.text
    assert 'value="3/5/2026"' in answer.text


def test_a_child_whom_the_person_may_not_see_is_not_found(app: Flask, session: Session, pair: tuple[str, str]) -> None:
    far = add_child(session, "Testy Faraway", "NW").reference
    session.commit()
    session.close()
    answers = [
        fill_in(
            browser(app, "coordinator"), f"/children/{pair[0]}/links/new",
            {"sought": sought, "other": far, "kind": "peer", "source": SAYS},
        ).text.replace(sought, "")
        for sought in (far, "C-NONE")
    ]  # fmt: skip
    plain = [re.sub(r'name="(csrf_token|form_id)"[^>]*value="[^"]*"|nonce="[^"]*"', "", answer) for answer in answers]
    assert plain[0] == plain[1]
    assert "Testy Faraway" not in answers[0]
    assert session.scalars(select(ChildLink)).all() == []


def test_a_link_is_ended_on_the_page(app: Flask, session: Session, now: datetime, pair: tuple[str, str]) -> None:
    one, other = (session.scalars(select(Child).where(col(Child.reference) == each)).one() for each in pair)
    number = add_link(session, OPERATOR, now, one, other, Said(LinkKind.SAME_NETWORK, SAYS)).key
    session.commit()
    session.close()
    police, form = browser(app, "police"), f"/children/{pair[0]}/links/{number}/end"
    assert fill_in(police, form, {"ended_on": "", "ended_because": ""}).status_code == 400
    values = {"ended_on": "23/11/2026", "ended_because": "They live far apart now, as invented."}
    assert fill_in(police, form, values).status_code == 302
    html = text_of(police, f"/children/{pair[1]}")
    assert "Ended links (1)" in html
    assert "They live far apart now, as invented." in html
    assert police.get(form).status_code == 404


def test_who_may_not_see_both_finds_no_trace_of_the_link(
    app: Flask, session: Session, now: datetime, pair: tuple[str, str]
) -> None:
    """The page and the trail of a child read the same with a link to an unseen child as without one."""
    one = session.scalars(select(Child).where(col(Child.reference) == pair[0])).one()
    far = add_child(session, "Testy Faraway", "NW")
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    plain = [_plain(text_of(coordinator, f"/children/{pair[0]}{page}")) for page in ("", "/trail")]
    number = add_link(session, OPERATOR, now, one, far, Said(LinkKind.ALLEGED_HARM, SAYS)).key
    session.commit()
    session.close()
    assert _plain(text_of(coordinator, f"/children/{pair[0]}")) == plain[0]
    assert "link" not in re.sub(r"<[^>]*>", "", text_of(coordinator, f"/children/{pair[0]}/trail")).lower()
    assert coordinator.get(f"/children/{pair[0]}/links/{number}/end").status_code == 404
    told = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "link_recorded")).one()
    assert (told.child_id, told.facts) == (None, {"link": number})


def test_the_entry_of_the_page_says_which_other_children_it_named(
    app: Flask, session: Session, now: datetime, pair: tuple[str, str]
) -> None:
    one, other = (session.scalars(select(Child).where(col(Child.reference) == each)).one() for each in pair)
    add_link(session, OPERATOR, now, one, other, Said(LinkKind.PEER, SAYS))
    ids = one.key, other.key
    session.commit()
    session.close()
    text_of(browser(app, "police"), f"/children/{pair[0]}")
    last = session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    assert (last.child_id, last.facts) == (ids[0], {"children": [ids[1]]})


def _plain(html: str) -> str:
    return re.sub(r'nonce="[^"]*"|name="(csrf_token|form_id)"[^>]*value="[^"]*"', "", html)


def test_who_was_second_to_end_a_link_is_told_and_keeps_what_was_typed(
    app: Flask, session: Session, now: datetime, pair: tuple[str, str]
) -> None:
    one, other = (session.scalars(select(Child).where(col(Child.reference) == each)).one() for each in pair)
    link = add_link(session, OPERATOR, now, one, other, Said(LinkKind.PEER, SAYS))
    form, opened_at = f"/children/{pair[0]}/links/{link.key}/end", str(link.version)
    session.commit()
    session.close()
    police, second = browser(app, "police"), browser(app, "coordinator")
    values = {"ended_on": "23/11/2026", "ended_because": "Said first, as invented."}
    other_form = f"/children/{pair[1]}/links/new"
    assert fill_in(police, form, values).status_code == 302
    typed = {"version": opened_at, "ended_on": "22/11/2026", "ended_because": "Typed second, as invented."}
    answer = send(second, form, typed, page=other_form)
    assert answer.status_code == 400
    assert "Somebody else has ended this link." in answer.text
    assert "Typed second, as invented." in answer.text


def test_a_child_of_whom_one_reads_only_the_plan_is_not_linked_and_nothing_typed_is_lost(
    app: Flask, session: Session, now: datetime, pair: tuple[str, str]
) -> None:
    coordinator = session.scalars(select(Account).where(col(Account.email).like("coordinator@%"))).one()
    coordinator.school_id = add_school(session, "invented", "Invented School").key
    session.add(RoleGrant(account_id=coordinator.key, role=Role.SCHOOL, granted_at=now))
    pupil = child_of(session, put_on_list(session, name="Testy Faraway", area="NW"))
    pupil.school_id, far = coordinator.school_id, pupil.reference
    session.commit()
    session.close()
    typed = {"sought": far, "other": far, "kind": "peer", "source": SAYS}
    answer = fill_in(browser(app, "coordinator"), f"/children/{pair[0]}/links/new", typed)
    assert answer.status_code == 400
    assert "You do not read the whole record of this child" in answer.text
    assert SAYS in answer.text
    assert session.scalars(select(ChildLink)).all() == []
