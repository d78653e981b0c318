"""Assessments on a child's page: in the chronology with what they came to, and a link to each."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy.orm import Session

from meetings_app.cse_list.models import ListEntry
from meetings_app.permissions import OPERATOR
from tests.support.assessments import TOOLS, codes_of, fill_in, finished, ticked
from tests.support.browsing import browser, text_of
from tests.support.children import add_meeting, child_of, put_on_list
from tests.support.world import tiny_world


@pytest.fixture
def entry(session: Session) -> ListEntry:
    tiny_world(session)
    add_meeting(session, date(2026, 11, 26))
    return put_on_list(session, lead="childrens-services")


def test_finished_assessments_stand_in_the_chronology_in_words_and_drafts_do_not(
    app: Flask, session: Session, entry: ListEntry, now: datetime
) -> None:
    child = child_of(session, entry)
    significant, tool = codes_of(TOOLS["seraf"], "significant"), TOOLS["kent-medway"]
    seraf = finished(session, OPERATOR, child, ticks=ticked(significant[:3]), now=now).reference
    kent = finished(
        session, OPERATOR, child, "kent-medway", ticked(codes_of(tool, "low")[:1]), now=now + timedelta(hours=1)
    ).reference
    unticked = finished(session, OPERATOR, child, "kent-medway", now=now - timedelta(days=9)).reference
    draft = fill_in(session, OPERATOR, child, "cse1", now=now).reference
    child_reference = child.reference
    session.commit()
    session.close()
    page = text_of(browser(app, "police"), f"/children/{child_reference}")
    assert f'href="/assessments/{draft}"' in page[: page.index('id="chronology"')]
    told = page[page.index('id="chronology"') :]
    places = [
        told.index(title)
        for title in (
            f"Assessment with {escape(tool.name)} on 23 November 2026: At risk<",
            "Assessment with SERAF on 23 November 2026: Category 3, moderate risk, score 15, reads as medium<",
            f"Assessment with {escape(tool.name)} on 14 November 2026: Nothing is ticked, so there is no level<",
        )
    ]
    assert places == sorted(places)
    for reference in (seraf, kent, unticked):
        assert f'<a class="govuk-link" href="/assessments/{reference}">Read assessment {reference}</a>' in told
    assert draft not in told
