"""What the pages of actions print: parts of the list, tabs, filters and history, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from meetings_app.accounts.queries import Reference
from meetings_app.actions.filters import ActionView, When, Whose, last_day_of_week, when_due
from meetings_app.actions.models import ActionEventKind
from meetings_app.actions.pages import MOST_COUNTED
from meetings_app.permissions import AREA_ROLES, Actor, Role
from meetings_app.web.filters import moment, plain_date

_TABS = {
    When.OPEN: "All open", When.OVERDUE: "Overdue", When.WEEK: "Due this week", When.LATER: "Later",
    When.ANSWERED: "Answered",
}  # fmt: skip
_ANSWERS = {
    "": "Any", "done": "Done", "not_done": "Not done", "could_not_be_done": "Could not be done",
    "withdrawn": "Withdrawn by a meeting",
}  # fmt: skip
_HAPPENED = {
    ActionEventKind.GIVEN: "Given",
    ActionEventKind.NEW_DATE: "New date",
    ActionEventKind.DONE: "Done",
    ActionEventKind.NOT_DONE: "Not done",
    ActionEventKind.COULD_NOT_BE_DONE: "Could not be done",
    ActionEventKind.WITHDRAWN: "Withdrawn by a meeting",
    ActionEventKind.REASSIGNED: "Given to somebody else",
}


def usual(by: Actor) -> Whose:
    """Say whose actions a person means who does not say: their areas', their agency's, or their own."""
    if any(by.has(role) for role in AREA_ROLES):
        return Whose.ALL
    return Whose.AGENCY if by.has(Role.REPRESENTATIVE) else Whose.MINE


def every_part(view: ActionView) -> list[ActionView]:
    """Give the views of the tabs, in the order of `When`, for their numbers."""
    return [ActionView(view.whose, when, view.area) for when in When]


def link(view: ActionView, **more: Any) -> str:
    """Give the address of a view."""
    return url_for("actions.index", **view.address(), **more)


def number(count: int) -> str:
    """Write a number; what was not counted further is said so."""
    return f"more than {MOST_COUNTED:,}" if count > MOST_COUNTED else f"{count:,}"


def tabs(view: ActionView, numbers: Mapping[When, int]) -> list[dict[str, Any]]:
    """Give the parts of the list to choose between, each with how many it holds."""
    return [
        {
            "text": text,
            "count": number(numbers[when]),
            "late": when is When.OVERDUE and bool(numbers[when]),
            "href": url_for("actions.index", **view.address(when=when, answer="")),
            "current": view.when is when,
        }
        for when, text in _TABS.items()
    ]


def parts(rows: Sequence[Any], view: ActionView, numbers: Mapping[When, int], today: date) -> list[dict[str, Any]]:
    """Give the rows of a page as parts: overdue, due this week, later; or the answered ones as one part."""
    if view.answered:
        return [{"title": "Answered", "count": "", "rows": rows, "when": When.ANSWERED}] if rows else []
    titles = {
        When.OVERDUE: "Overdue",
        When.WEEK: f"Due this week, by {plain_date(last_day_of_week(today))}",
        When.LATER: "Later",
    }
    found = []
    for when, title in titles.items():
        members = [row for row in rows if when_due(row.due_on, today) is when]
        if members:
            late = {row.id: (today - row.due_on).days for row in members}
            found.append({"title": title, "count": number(numbers[when]), "rows": members, "when": when, "late": late})
    return found


def choices(by: Actor, own_areas: Sequence[Reference]) -> dict[str, list[tuple[str, str]]]:
    """Give what the filters offer; an area only to people of more than one."""
    areas = [("", "All"), *((area.code, area.name) for area in own_areas)] if len(own_areas) > 1 else []
    everything = "All of your areas" if any(by.has(role) for role in AREA_ROLES) else "All you may see"
    return {
        "whose": [("mine", "My own"), ("agency", "My agency’s"), ("all", everything)],
        "area": areas,
        "answer": list(_ANSWERS.items()),
    }


def applied(view: ActionView, own_areas: Sequence[Reference], usual_whose: Whose) -> list[dict[str, str]]:
    """Give the filters that are on, each with the address of the list without it."""
    found = []
    if view.whose is not usual_whose:
        words = {Whose.MINE: "My own", Whose.AGENCY: "My agency’s", Whose.ALL: "All you may see"}[view.whose]
        found.append({"text": words, "href": url_for("actions.index", **view.address(whose=usual_whose))})
    if view.area:
        name = next((area.name for area in own_areas if area.code == view.area), view.area)
        found.append({"text": name, "href": url_for("actions.index", **view.address(area=""))})
    if view.answer:
        found.append({"text": _ANSWERS[view.answer], "href": url_for("actions.index", **view.address(answer=""))})
    return found


def nothing(view: ActionView) -> str:
    """Say in plain words that a view is empty."""
    if view.area or view.answer:
        return "No action matches these filters."
    whose = {Whose.MINE: "You have", Whose.AGENCY: "Your agency has", Whose.ALL: "There is"}[view.whose]
    return {
        When.OPEN: f"{whose} no open action.",
        When.OVERDUE: "Nothing is overdue.",
        When.WEEK: "Nothing is due this week.",
        When.LATER: "Nothing is due later.",
        When.ANSWERED: "No action has been answered yet.",
    }[view.when]


def history(events: Sequence[Any]) -> list[dict[str, Any]]:
    """Give what happened to an action for the timeline, newest first."""
    return [
        {
            "title": _HAPPENED[event.kind]
            + (f": {plain_date(event.due_on)}" if event.due_on and event.kind is ActionEventKind.NEW_DATE else ""),
            "when": moment(event.at),
            "datetime": event.at.isoformat(),
            "by": event.by,
            "text": event.text,
        }
        for event in reversed(events)
    ]
