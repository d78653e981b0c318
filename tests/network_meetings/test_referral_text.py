"""The text of a referral tells of the children it names: nobody reads it who may not see each of them."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account, ConflictOfInterest
from meetings_app.db.session import act_for
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.network_meetings.agenda_word import agenda_word
from meetings_app.network_meetings.deciding import Decided
from meetings_app.network_meetings.page import view_of
from meetings_app.networks import queries
from meetings_app.networks.models import NetworkReferral
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from tests.network_meetings.test_minutes import copy_of, words_of
from tests.support.browsing import browser
from tests.support.children import add_child, area_id, put_on_list
from tests.support.network_meetings import NetworkDay, close, decide, network_day, opened
from tests.support.networks import refer
from tests.support.rmm import OFFICE
from tests.support.world import NOW, actor_for

TAKEN_UP = Decided(NetworkOutcome.TAKEN_UP, "Canarytalk", rationale="Canarywhy", network_name="Invented Amber")


def referred(session: Session, areas: tuple[str, ...] = ("NE", "NW")) -> tuple[NetworkDay, NetworkReferral, list[int]]:
    """Let Health refer a child of each of some areas to the network meeting."""
    day = network_day(session)
    children = [add_child(session, f"Testy Mc{code}", code) for code in areas]
    for child in children:
        put_on_list(session, child)
    row = refer(
        session, actor_for(session, day.people.health), areas, tuple(children), known="Canarytold",
        source="Canarysource", suspects="Canaryhint",
    )  # fmt: skip
    return day, row, [child.key for child in children]


def keep_from(day: NetworkDay, who: Account, child: int) -> None:
    """Record that somebody has a conflict of interest about a child."""
    act_for(day.session, OPERATOR)
    day.session.add(
        ConflictOfInterest(
            account_id=who.key, child_id=child, area_id=area_id(day.session, "NE"), meeting_id=day.first.key,
            reason="A neighbour.", declared_at=NOW,
        )
    )  # fmt: skip
    day.session.flush()


def readers(day: NetworkDay, row: NetworkReferral) -> set[str]:
    """Give who may read the referral; the lists, the counts and what it says of suspects must say the same."""
    people, found = day.people, set()
    everybody = (people.police, people.coordinator, people.coordinator_nw, people.chair_cs, people.health)
    for account in (day.chair_account, *everybody):
        day.act(account)
        reads = queries.find_referral(day.session, row.reference) is not None
        listed = [each.reference for each in queries.referrals(day.session, waiting=True)]
        assert listed == ([row.reference] if reads else []), account.email
        assert day.session.scalar(select(queries.waiting_referrals())) == len(listed), account.email
        assert reads or not queries.referral_suspects(day.session, row.key), account.email
        found |= {account.email.partition("@")[0]} if reads else set()
    day.operator()
    return found


def agenda_for(day: NetworkDay, account: Account) -> str:
    """Give the agenda in Word as somebody gets it, after the page said the same."""
    by, template = day.act(account), folder("agendas") / "word" / "network-agenda.docx"
    (row,) = (row for part in view_of(day.session, OFFICE, day.first, NOW).parts for row in part.rows)
    word = agenda_word(day.session, by, NOW, OFFICE, day.first, marking="MARKED", template=template)
    assert row.stub is ("Restricted item" in words_of(word))
    return words_of(word)


def test_a_referral_is_read_by_who_may_see_every_child_it_names(session: Session) -> None:
    day, row, _children = referred(session)
    # The police and the North East see one of the two children; whoever made it wrote it, the network chair decides.
    assert readers(day, row) == {"chair-police", "health"}


def test_of_children_whom_they_may_see_the_area_and_the_police_read(session: Session) -> None:
    day, row, _children = referred(session, ("NE",))
    assert readers(day, row) == {"chair-police", "health", "police", "coordinator", "chair-cs"}


def test_whoever_has_a_conflict_about_one_of_its_children_reads_nothing_of_it(session: Session) -> None:
    day, row, (near, far) = referred(session)
    keep_from(day, day.people.health, near)
    keep_from(day, day.chair_account, far)
    assert readers(day, row) == set()


def test_at_the_meeting_it_is_a_numbered_stub_for_whoever_is_kept_from_a_child(session: Session) -> None:
    day, row, (near,) = referred(session, ("NE",))
    keep_from(day, day.people.chair_cs, near)
    opened(day)
    for account, sees in ((day.people.coordinator, True), (day.people.chair_cs, False)):
        assert (row.reference in agenda_for(day, account)) is sees, account.email
    day.chair()
    decide(day, "4.1", TAKEN_UP)
    minutes = close(day)
    for account, sees in ((day.chair_account, True), (day.people.coordinator, True), (day.people.chair_cs, False)):
        copy = copy_of(day, account, minutes)
        for words in ("Canarytalk", "Canarywhy", row.reference, "Invented Amber"):
            assert (words in copy) is sees, (account.email, words)
        assert ("Restricted item" in copy) is not sees


def test_the_network_it_became_repeats_nothing_of_its_text(app: Flask, session: Session) -> None:
    day, row, (near,) = referred(session, ("NE",))
    keep_from(day, day.people.chair_cs, near)
    opened(day)
    decide(day, "4.1", TAKEN_UP)
    close(day)
    day.operator()
    session.refresh(row)
    reference = row.reference
    network = f"/networks/{queries.subject_reference(session, row.subject_id)}"
    session.commit()
    session.close()
    referral = f"/networks/referrals/{reference}"
    for who, sees in (("coordinator", True), ("chair-cs", False)):
        client = browser(app, who)
        page = client.get(network)
        assert page.status_code == 200
        assert "Canary" not in page.text
        assert (referral in page.text) is sees
        assert ("Canarytold" in client.get(referral).text) is sees
        assert client.get(referral).status_code == (200 if sees else 404)
