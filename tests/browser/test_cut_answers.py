"""An answer that is cut off on its way ends nothing: what is typed is saved, and what others type is still shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from meetings_app.permissions import Role
from tests.browser.held_meeting import box, state, type_at_the_end
from tests.browser.real_rmm import real_rmm
from tests.notices.mail_servers import free_port
from tests.support.cutting_proxy import CuttingProxy, cutting
from tests.support.network_meetings import DURING
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.tangled_case import from_three_rmms, opened
from tests.support.world import SECRET, add_account

pytestmark = pytest.mark.browser


@dataclass
class Pair:
    """Two people at the same item: the first behind a proxy that cuts what it is told to, the second beside it."""

    proxy: CuttingProxy
    behind: Person
    beside: Person


@pytest.fixture
def at_an_rmm(chromium: Browser, tmp_path: Path) -> Iterator[Pair]:
    """The chair and the note-taker of an RMM."""
    with real_rmm(tmp_path) as rmm, cutting(rmm.server.port) as proxy:
        chair, notes = rmm.person(chromium, "chair-cs", base=proxy.base), rmm.person(chromium, "coordinator")
        for person in (chair, notes):
            person.visit(rmm.item)
        yield Pair(proxy, chair, notes)


@pytest.fixture
def at_a_network_meeting(chromium: Browser, tmp_path: Path) -> Iterator[Pair]:
    """The two chairs of a network meeting."""
    with own_database("sqlite", tmp_path) as sessions, sessions() as session:
        case = from_three_rmms(session)
        add_account(session, "second-police", Role.NETWORK_CHAIR, "police")
        meeting = case.day.first
        item = opened(case.day, meeting, DURING)[case.network.reference]
        address = f"/networks/meetings/{meeting.reference}/items/{item.number}"
        session.commit()
        session.close()
        server = RealServer(str(session.get_bind().url), tmp_path, free_port(), DURING)  # type: ignore[union-attr]
        with server.running(), cutting(server.port) as proxy:
            people = [
                Person(chromium, base, f"{who}@exampleshire.example")
                for base, who in ((proxy.base, "chair-police"), (server.base, "second-police"))
            ]
            for person in people:
                person.key = SECRET
                person.sign_in(DURING)
                person.visit(address)
            yield Pair(proxy, people[0], people[1])


@pytest.mark.parametrize("meeting", ["at_an_rmm", "at_a_network_meeting"])
def test_one_answer_that_is_cut_stops_neither_saving_nor_seeing_others(
    meeting: str, request: pytest.FixtureRequest
) -> None:
    pair: Pair = request.getfixturevalue(meeting)
    pair.proxy.cut.add(("GET", "/live"))
    type_at_the_end(pair.beside, "rationale", "Half of this was lost on the way. ")
    expect(state(pair.behind)).to_contain_text("no connection")
    assert pair.proxy.was_cut == [("GET", "/live")]
    expect(box(pair.behind, "rationale")).to_have_value("Half of this was lost on the way. ")
    pair.proxy.cut.add(("POST", "/live"))
    type_at_the_end(pair.behind, "discussion", "Saved, and its answer was lost. ")
    expect(box(pair.beside, "discussion")).to_have_value("Saved, and its answer was lost. ")
    expect(state(pair.behind)).to_contain_text("Saved ")
    assert pair.proxy.was_cut[1:] == [("POST", "/live")]
    type_at_the_end(pair.behind, "discussion", "Once more. ")
    expect(box(pair.beside, "discussion")).to_have_value("Saved, and its answer was lost. Once more. ")
    type_at_the_end(pair.beside, "rationale", "And on. ")
    expect(box(pair.behind, "rationale")).to_have_value("Half of this was lost on the way. And on. ")
    assert [words for words in pair.behind.trouble if "ERR_" not in words] == []
