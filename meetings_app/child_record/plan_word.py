"""A version of the safety plan as a Word document: the whole of it, or the school's copy."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from meetings_app.documents.facts import Line
from meetings_app.documents.plan_facts import PlanAimFacts, PlanFacts
from meetings_app.permissions import Actor
from meetings_app.plans.queries import PlanNow
from meetings_app.plans.rules import EFFECTS, SchoolCopy, ViewKind
from meetings_app.web.filters import moment

TITLE = "CSE Safety Plan"


def facts_of(
    by: Actor, now: datetime, child: Any, plan: Any, aims: Sequence[Any], newest: int, names: Mapping[int, str],
    stands: PlanNow, *, school_copy: bool, partnership: str, marking: str,
) -> PlanFacts:  # fmt: skip
    """Give what the document says of one version of the plan.

    `stands` says how the present version works and goes; it is left out of an earlier one, and of a school’s copy.
    """
    present = plan.number == newest and not school_copy
    update = stands.update if present else None
    progress = {one["aim"]: one["text"] for one in update.progress} if update else {}
    return PlanFacts(
        partnership=partnership, marking=marking, title=f"{TITLE}: the school’s copy" if school_copy else TITLE,
        area="" if school_copy else child.area_name, version=str(plan.number),
        reader=f"Copy made by {by.name}, {moment(now)}", produced_at=now, reference=child.reference, name=child.name,
        status="" if plan.number == newest else f"Not in force: version {newest} has taken its place",
        about=tuple(_about(child, plan, names, school_copy)),
        aims=tuple(_aim(aim, stands if present else None, progress, school_copy) for aim in aims),
        texts=tuple(_texts(plan, school_copy)),
        police_intelligence="" if school_copy else plan.police_intelligence,
        update=_update(update, names) if update else "", school_copy=school_copy,
    )  # fmt: skip


def _about(child: Any, plan: Any, names: Mapping[int, str], school_copy: bool) -> list[Line]:
    author = names.get(plan.written_by_id, "") if plan.written_by_id is not None else ""
    lines = [Line("Written", f"{moment(plan.written_at)} by {author}" if author else moment(plan.written_at))]
    if child.lead_professional and not school_copy:
        lines.append(Line("Lead professional", child.lead_professional))
    return lines


def _aim(aim: Any, stands: PlanNow | None, progress: Mapping[int, str], school_copy: bool) -> PlanAimFacts:
    found = next((row for row in stands.aims if row.number == aim.number), None) if stands else None
    return PlanAimFacts(
        number=aim.number, aim=aim.aim, actions=aim.actions, due=aim.due_on,
        references=() if school_copy else tuple(aim.action_references),
        found=f"{EFFECTS[found.effect]} (RMM closed {moment(found.took_effect_at)}): {found.seen}"
        if found is not None and found.effect
        else "",
        progress=progress.get(aim.number, ""),
    )  # fmt: skip


def _texts(plan: Any, school_copy: bool) -> list[Line]:
    lines = [Line("Contingency: if the plan does not work", plan.contingency)]
    if plan.missing_plan:
        lines.append(Line("If the child goes missing", plan.missing_plan))
    lines += [
        Line(_view("The child’s view", plan.child_view_kind), plan.child_view),
        Line(_view("The parents’ or carers’ view", plan.parents_view_kind), plan.parents_view),
    ]
    if plan.school_copy and not school_copy:
        given = "Through the education representative." if plan.school_copy is SchoolCopy.GIVEN else "None."
        lines.append(Line("Copy for the school", f"{given} {plan.school_copy_note}".strip()))
    return lines


def _view(label: str, kind: ViewKind | None) -> str:
    return f"{label} (not sought)" if kind is ViewKind.NOT_SOUGHT else label


def _update(update: Any, names: Mapping[int, str]) -> str:
    author = names.get(update.written_by_id, "") if update.written_by_id is not None else ""
    return f"{update.happened}\n{f'{author}, ' if author else ''}{moment(update.written_at)}"
