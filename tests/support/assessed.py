"""Assessments for tests of pages: made, committed, and known by their references."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import tool_of
from meetings_app.assessments.service import About, finish, start_about
from meetings_app.children.models import Child
from meetings_app.partnership import load
from meetings_app.permissions import Actor
from meetings_app.resources import folder
from tests.support.assessments import SERAF, Ticks, codes_of, fill_sections, ticked
from tests.support.world import NOW

HIGH: Ticks = ticked(codes_of(SERAF, "significant")[:3], "current", "recent")
"""Three significant indicators, then and now: 18 points, category 4."""
JUDGEMENT = "Professional judgement: plainly invented words."


@dataclass(frozen=True)
class Known:
    """An assessment by its references, after the session is closed."""

    reference: str
    child_reference: str
    child_id: int

    @property
    def address(self) -> str:
        """Give where its page is."""
        return f"/assessments/{self.reference}"


def known(
    session: Session,
    by: Actor,
    child: Child,
    ticks: Ticks | None = None,
    *,
    tool: str = "seraf",
    now: datetime = NOW,
    hours_ago: float | None = None,
    hidden: bool = False,
) -> Known:
    """Make a finished assessment, by default one that SERAF finds in category 4, and commit it.

    `hours_ago` says when the concern was received; without it nobody knows. `hidden` is for whoever may not see the
    child's record, and so says another name.
    """
    about = About(child.key, "Testy McSaid" if hidden else child.name, child.born)
    partnership = load(folder("agendas"))
    assessment = start_about(session, by, now, partnership, about, tool, _received(hours_ago))
    fill_sections(session, by, assessment, HIGH if ticks is None else ticks, now=now)
    definition = tool_of(session, assessment)
    finish(session, by, now, partnership, assessment, definition, assessment.version)
    made = Known(assessment.reference, child.reference, child.key)
    session.commit()
    return made


def draft(session: Session, by: Actor, child: Child, *, hours_ago: float | None = None) -> Assessment:
    """Start a draft on a concern received so many hours ago, or at no time that is known; `by` need not see the child.

    The name is what whoever starts it says, so it is not that of the record.
    """
    about = About(child.key, "Testy McSaid", child.born)
    return start_about(session, by, NOW, load(folder("agendas")), about, "seraf", _received(hours_ago))


def _received(hours_ago: float | None) -> datetime | None:
    return NOW - timedelta(hours=hours_ago) if hours_ago is not None else None
