"""Safety plans for tests: plainly invented, and whole for a rating of high."""

from dataclasses import replace
from datetime import date
from typing import Any

from meetings_app.plans.rules import Aim, PlanText, SchoolCopy, ViewKind

TYPED = {
    "aim1": "Aims", "aim1_actions": "Actions", "aim1_due_on": "20/12/2026", "contingency": "Contingency",
    "missing_plan": "Who is told", "child_view_kind": "view", "child_view": "View", "parents_view_kind": "not_sought",
    "parents_view": "Unsafe to ask", "school_copy": "given",
}  # fmt: skip
"""What somebody types on the page."""


def an_aim(aim: str = "Aims", **more: Any) -> Aim:
    """Give an aim that has everything."""
    return Aim(**{"aim": aim, "actions": "Actions", "due_on": date(2026, 12, 20), **more})


def plan_text(*aims: str | Aim, **more: Any) -> PlanText:
    """Give a whole plan with these aims, or with one."""
    made = tuple(an_aim(aim) if isinstance(aim, str) else aim for aim in aims or ("Aims",))
    whole = PlanText(
        aims=made, contingency="Contingency", child_view="The child’s view", child_view_kind=ViewKind.VIEW,
        parents_view="Unsafe to ask", parents_view_kind=ViewKind.NOT_SOUGHT, missing_plan="Who is told",
        school_copy=SchoolCopy.GIVEN, police_intelligence="Intelligence",
    )  # fmt: skip
    return replace(whole, **more)
