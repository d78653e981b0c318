"""Filling an assessment in, section by section, as the pages do."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.assessments import queries, service
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.sections import Draft, keys_of, mark_of, part_of
from meetings_app.permissions import Actor


def fill_in(
    session: Session,
    by: Actor,
    moment: datetime,
    assessment: Assessment,
    answers: Mapping[str, Any],
    assessed_on: date,
    sections: int | None = None,
) -> None:
    """Save the sections of a draft one after another, as the pages do; what is ticked no longer is said to be gone."""
    # The definition of this session: it is read once more for each assessment, as on a page.
    tool = queries.tool_of(session, assessment)
    ticked = {tick["code"] for tick in answers["indicators"]}
    gone = [code for code in assessment.before if code not in ticked]
    wanted = Draft(assessment.born, assessed_on, answers, gone, assessment.before)
    for key in keys_of(tool)[:sections]:
        mark = mark_of(part_of(tool, queries.draft_of(assessment), key))
        service.save_section(session, by, moment, assessment, tool, key, mark, part_of(tool, wanted, key))
