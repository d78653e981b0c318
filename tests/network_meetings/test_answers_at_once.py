"""While the network chair answers a correction there is a newer version: nothing of it goes unseen."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.meetings.models import Minutes
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.minutes import issuing
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.deciding import Decided
from tests.support.browsing import browser
from tests.support.network_meetings import DURING, close, decide, network_day, opened, tangled
from tests.support.rmm import OFFICE
from tests.support.sent_forms import SentForm, form_to

THEIRS, MINE = "Canarymeanwhile, a red van.", "A blue car."


class Answering:
    """A correction of an item is asked for; the chair has opened its page when the minutes are put right elsewhere."""

    def __init__(self, app: Flask, session: Session, **meanwhile: str) -> None:
        self.day = network_day(session)
        tangled(session)
        opened(self.day)
        decide(self.day, "4.1", Decided(NetworkOutcome.CONTINUES, "A red car.", rationale="Invented."))
        close(self.day)
        day, meeting = self.day, self.day.first
        kept.issue(session, day.chair(), DURING, OFFICE, meeting, 1)
        by = day.act(day.people.coordinator)
        asked = issuing.propose(session, by, DURING, meeting, "4.1", "It was blue.", frozenset({"4.1"}))
        self.at = f"/networks/meetings/{meeting.reference}/minutes/answers/{asked.key}"
        session.commit()
        self.chair: FlaskClient = browser(app, "chair-police")
        self.form = form_to(self.chair.get(self.at).text, self.at)
        session.expire_all()
        self.put_right(1, **(meanwhile or {"discussion": THEIRS}))

    def put_right(self, number: int, **texts: str) -> None:
        """Make the next version with other words."""
        kept.put_right(self.day.session, self.day.chair(), DURING, self.day.first, number, "4.1", texts, "A slip")
        self.day.session.commit()

    def send(self, form: SentForm, **typed: str) -> tuple[int, str]:
        """Send the form; gives the status and the page."""
        answer = self.chair.post(self.at, data=form.with_values(**typed))
        return answer.status_code, answer.text

    def words(self) -> dict[str, str]:
        """Give the words of the item as they stand."""
        version: Minutes | None = kept.version_of(self.day.session, self.day.chair(), self.day.first, None)
        assert version is not None
        item = version.facts["items"][0]
        return {name: item[name] for name in ("discussion", "rationale")}


@pytest.mark.parametrize(("do", "discussion"), [("both", f"{THEIRS}\n\n{MINE}"), ("mine", MINE)])
def test_the_chair_chooses_beside_the_newer_words(app: Flask, session: Session, do: str, discussion: str) -> None:
    answering = Answering(app, session)
    status, page = answering.send(answering.form, do="accept", discussion=MINE)
    assert (status, THEIRS in page, "nothing of them is saved yet" in page) == (409, True, True)
    assert answering.send(form_to(page, answering.at), do=do)[0] == 302
    assert answering.words() == {"discussion": discussion, "rationale": "Invented."}


def test_keeping_both_keeps_each_box_of_whoever_changed_it(app: Flask, session: Session) -> None:
    answering = Answering(app, session, rationale="Theirs, other reasons.")
    _status, page = answering.send(answering.form, do="accept", discussion=MINE)
    assert answering.send(form_to(page, answering.at), do="both")[0] == 302
    assert answering.words() == {"discussion": MINE, "rationale": "Theirs, other reasons."}


def test_a_refusal_without_a_reason_leaves_both_texts_there(app: Flask, session: Session) -> None:
    answering = Answering(app, session)
    _status, page = answering.send(answering.form, do="accept", discussion=MINE)
    status, page = answering.send(form_to(page, answering.at), do="refuse", reason="")
    assert (status, "Enter why the correction is refused" in page, THEIRS in page) == (400, True, True)
    form = form_to(page, answering.at)
    assert form.values["version"] == "1", "it goes on from the words that the chair began from"
    assert answering.send(form, do="accept")[0] == 409
    assert answering.words()["discussion"] == THEIRS
    answering.put_right(2, discussion="A third text.")
    status, page = answering.send(form, do="mine")
    assert (status, "A third text." in page) == (409, True), "what came since is shown, too"
    assert answering.send(form_to(page, answering.at), do="refuse", reason="Said once already.")[0] == 302
    assert answering.words()["discussion"] == "A third text."
