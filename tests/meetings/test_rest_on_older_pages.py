"""Passing on the rest while others have an item open: their older page keeps the outcome, the reason and the agency."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from meetings_app.meetings.live_models import LiveField, SetAside
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from tests.support.live import opened, save, typist
from tests.support.meeting_day import Day
from tests.support.sent_forms import form_to

Kept = tuple[Outcome | None, str, str, str, str]


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def pass_on(held: Day, outcome: Outcome) -> None:
    """The chair reads the list of what is undecided and confirms it."""
    chair, at = held.browser("chair-cs"), f"{held.at}/defer-the-rest"
    chosen = {"outcome": outcome.value, "reason": "No time was left"}
    agency = {"agency": held.agencies["police"]} if outcome is Outcome.DEFERRED else {}
    form = form_to(chair.get(f"{held.at}/close").get_data(as_text=True), at)
    listing = chair.post(at, data=form.with_values(**chosen, **agency))
    assert listing.status_code == 200, listing.get_data(as_text=True)
    assert chair.post(at, data=form_to(listing.get_data(as_text=True), at).values).status_code == 302


def kept(held: Day, child: int = 0) -> Kept:
    with held.open() as session:
        joined = select(ItemDecision).join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        found = session.scalars(joined.where(col(AgendaItem.child_id) == held.children[child].id)).one()
        agency = str(found.information_agency_id or "")
        return found.outcome, found.deferred_reason, found.not_reached_reason, agency, found.discussion


def expected(held: Day, outcome: Outcome, discussion: str) -> Kept:
    if outcome is Outcome.DEFERRED:
        return outcome, "No time was left", "", held.agencies["police"], discussion
    return outcome, "", "No time was left", "", discussion


BOTH = pytest.mark.parametrize("outcome", [Outcome.NOT_REACHED, Outcome.DEFERRED])


@BOTH
@pytest.mark.parametrize("who", ["coordinator", "chair-cs"])
def test_an_older_page_that_only_saves_a_discussion_keeps_what_passing_on_recorded(
    held: Day, who: str, outcome: Outcome
) -> None:
    notes = typist(held, who)
    older = opened(notes)
    pass_on(held, outcome)
    save(notes, older, discussion="Said at the very end.")
    assert kept(held) == expected(held, outcome, "Said at the very end.")


@BOTH
def test_so_does_a_page_whose_script_saves_what_is_typed(held: Day, outcome: Outcome) -> None:
    notes = typist(held, "coordinator")
    older = opened(notes)
    pass_on(held, outcome)
    notes.type("discussion", "Said at the very end.")
    texts = notes.texts()
    assert texts["outcome"] == outcome.value, "the page that is open is told"
    save(notes, older, discussion="Said at the very end.")
    assert kept(held) == expected(held, outcome, "Said at the very end.")
    assert "theirs" in notes.type("outcome", "noted")["kept"][0], "an older choice is no choice against theirs"


@BOTH
def test_whoever_chose_an_outcome_on_an_older_page_is_shown_that_the_item_was_passed_on(
    held: Day, outcome: Outcome
) -> None:
    notes = typist(held, "coordinator")
    older = opened(notes)
    pass_on(held, outcome)
    other = {Outcome.DEFERRED: Outcome.NOT_REACHED, Outcome.NOT_REACHED: Outcome.DEFERRED}[outcome]
    page = save(
        notes, older, 409, outcome=other.value, discussion="Noted.", not_reached_reason="Mine.",
        deferred_reason="Mine.", information_agency=held.agencies["childrens-services"],
    )  # fmt: skip
    assert "Saved by somebody else" in page
    assert kept(held) == expected(held, outcome, "")


def test_what_somebody_typed_there_and_had_not_saved_is_set_aside_and_not_lost(held: Day) -> None:
    notes = typist(held, "coordinator")
    notes.type("not_reached_reason", "The line was cut")
    notes.type("deferred_reason", "Typed for another day")
    pass_on(held, Outcome.NOT_REACHED)
    assert opened(notes).values["not_reached_reason"] == "No time was left"
    with held.open() as session:
        aside = session.execute(select(col(SetAside.name), col(SetAside.value))).all()
        assert [tuple(row) for row in aside] == [("not_reached_reason", "The line was cut")]
        typed = select(col(LiveField.name)).where(col(LiveField.recorded).is_(False))
        assert list(session.scalars(typed)) == ["deferred_reason"], "what was not spoken of is still to be saved"


def test_a_closure_that_was_begun_and_is_passed_on_stays_passed_on_too(held: Day) -> None:
    chair = typist(held, "chair-cs")
    save(chair, opened(chair), child_view="Invented view.", both_chairs_agree="y", step_down_reason="Invented why.")
    older = opened(chair)
    pass_on(held, Outcome.DEFERRED)
    save(chair, older, discussion="Said at the very end.")
    assert kept(held) == expected(held, Outcome.DEFERRED, "Said at the very end.")
    after = opened(chair).values
    assert (after.get("both_chairs_agree"), after["step_down_reason"]) == (None, "")


def test_every_item_that_is_passed_on_tells_its_open_pages(held: Day) -> None:
    pass_on(held, Outcome.NOT_REACHED)
    with held.open() as session:
        told = select(func.count()).select_from(LiveField).where(col(LiveField.name) == "outcome")
        assert session.scalar(told) == len(held.children)
