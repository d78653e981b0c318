"""The forms in which a safety plan is written, an update on it is given, and an RMM says how it works."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from meetings_app.plans.rules import EFFECTS, MOST_AIMS, Aim, Effect, PlanText, SchoolCopy, ViewKind
from meetings_app.web.forms import Form, VersionedForm, day, text
from meetings_app.web.numbers import row_number

PARTS = ("", "_actions", "_references", "_due_on")
_SOUGHT = {ViewKind.VIEW.value: "It is the view below", ViewKind.NOT_SOUGHT.value: "It was not sought, as said below"}
_COPY = {
    SchoolCopy.GIVEN.value: "Yes, through the education representative",
    SchoolCopy.NOT_GIVEN.value: "No, as said below",
}


def _radios(label: str, choices: Mapping[str, str], hint: str = "") -> RadioField:
    return RadioField(label, [Optional()], validate_choice=False, choices=dict(choices), description=hint)


class PlanForm(VersionedForm):
    """One version of a safety plan; `version` carries the number of the version it began from.

    Which field is needed depends on the rating, so the rules say what is missing. The aims stand in the fields
    `aim1`, `aim1_actions`, `aim1_references`, `aim1_due_on`, `aim1_number`, and so on.
    """

    contingency = text("Contingency", hint="What happens if the plan does not work.")
    missing_plan = text(
        "If the child goes missing", hint="Who does what, and who is told. A high rating asks for it once it happened."
    )
    child_view_kind = _radios("The child’s view", _SOUGHT)
    child_view = text("What the child thinks, or why it was not sought")
    parents_view_kind = _radios("The parents’ or carers’ view", _SOUGHT)
    parents_view = text("What the parents or carers think, or why it was not sought")
    school_copy = _radios(
        "Does the school get a copy?",
        _COPY,
        "Without police intelligence. With “No” the school’s own account shows no plan either.",
    )
    school_copy_note = text("Who passes it on, or why the school gets no copy", longest=2000)
    police_intelligence = text("Police intelligence", hint="Kept apart from the plan: schools do not see it.")

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        for field in self:
            field.flags.optional = False

    @property
    def plan(self) -> PlanText:
        """What was written; aims of which nothing is filled in are left out."""
        values = {name: self[name].data or "" for name in _TEXTS}
        return PlanText(
            aims=tuple(self._aim(place) for place in self.filled),
            child_view_kind=_member(ViewKind, self.child_view_kind.data),
            parents_view_kind=_member(ViewKind, self.parents_view_kind.data),
            school_copy=_member(SchoolCopy, self.school_copy.data), **values,
        )  # fmt: skip

    @property
    def filled(self) -> list[int]:
        """The places of the aims of which something is filled in."""
        return [place for place in _PLACES if any(self[f"aim{place}{part}"].data for part in PARTS)]

    def shown_places(self, more: bool = False) -> list[int]:
        """Give the places to show: those filled in, and an empty one where there is none, or for one `more`."""
        last = max(self.filled, default=0)
        wrong = max((place for place in _PLACES if self[f"aim{place}"].errors), default=0)
        return list(range(1, min(MOST_AIMS, max(last + (1 if more else 0), wrong, 1)) + 1))

    @property
    def references(self) -> set[str]:
        """The actions on record that are chosen for any aim."""
        return references_in({name: field.data for name, field in self._fields.items()})

    def offer_actions(self, choices: Sequence[tuple[str, str]]) -> None:
        """Give each aim the actions that it may be served by; a choice that is none of them is left out."""
        for place in _PLACES:
            field = self[f"aim{place}_references"]
            field.choices = list(choices)
            if field.data:
                known = {reference for reference, _what in choices}
                field.data = [reference for reference in field.data if reference in known]

    def put_errors_at_places(self) -> None:
        """Move what the rules said of the first, second, … filled aim to the place in which it was typed."""
        for place, filled in reversed(list(enumerate(self.filled, start=1))):
            if place == filled:
                continue
            for part in PARTS:
                here, there = self[f"aim{place}{part}"], self[f"aim{filled}{part}"]
                here.errors, there.errors = [], [*there.errors, *here.errors]

    def _aim(self, place: int) -> Aim:
        return Aim(
            aim=self[f"aim{place}"].data or "", actions=self[f"aim{place}_actions"].data or "",
            references=tuple(self[f"aim{place}_references"].data or ()), due_on=self[f"aim{place}_due_on"].data,
            number=row_number(self[f"aim{place}_number"].data),
        )  # fmt: skip


_PLACES = range(1, MOST_AIMS + 1)
_TEXTS = ("contingency", "missing_plan", "child_view", "parents_view", "school_copy_note", "police_intelligence")


def _aim_fields(place: int) -> dict[str, Any]:
    return {
        f"aim{place}": text(f"Aim {place}: what should be different"),
        f"aim{place}_actions": text(f"Actions that serve aim {place}"),
        f"aim{place}_references": SelectMultipleField(
            f"Actions on record that serve aim {place}", [Optional()], validate_choice=False,
            widget=ListWidget(), option_widget=CheckboxInput(),
        ),
        f"aim{place}_due_on": day(f"Aim {place}: by when"),
        f"aim{place}_number": HiddenField(),
    }  # fmt: skip


# WTForms takes fields in the order in which they are made, so the aims are asked for by name on the page.
for _place in _PLACES:
    for _name, _field in _aim_fields(_place).items():
        setattr(PlanForm, _name, _field)


def saved_aims(aims: Sequence[Any]) -> dict[str, Any]:
    """Give the fields of the aims as a version has them."""
    saved: dict[str, Any] = {}
    for place, aim in enumerate(aims, start=1):
        saved |= {
            f"aim{place}": aim.aim, f"aim{place}_actions": aim.actions,
            f"aim{place}_references": list(aim.action_references), f"aim{place}_due_on": aim.due_on,
            f"aim{place}_number": str(aim.number),
        }  # fmt: skip
    return saved


def references_in(values: Mapping[str, Any]) -> set[str]:
    """Give the actions on record that serve any aim, from the fields of a plan."""
    chosen = (values.get(f"aim{place}_references") or () for place in _PLACES)
    return {str(reference) for references in chosen for reference in references}


class UpdateForm(Form):
    """What happened with the plan between two meetings; the progress of each aim is asked for in fields of its own."""

    happened = text("What happened since the last meeting?", "Enter what happened since the last meeting")

    @property
    def progress(self) -> dict[int, str]:
        """What was written about each aim, by its number."""
        fields = {name.removeprefix("progress_"): field for name, field in self._fields.items()}
        return {int(number): field.data or "" for number, field in fields.items() if number.isdigit()}


def update_form(aims: Sequence[Any]) -> UpdateForm:
    """Give the form for an update on a plan with these aims."""
    fields = {f"progress_{aim.number}": text(f"How does aim {aim.number} go?", hint=aim.aim) for aim in aims}
    made: UpdateForm = type("UpdateFormOfPlan", (UpdateForm,), fields)()
    return made


class ReviewForm(Form):
    """How each aim of the plan works, as the RMM sees it: fields `effect_1` and `seen_1` by the number of the aim."""

    def found(self) -> dict[int, tuple[Effect | None, str]]:
        """Give what was chosen and what was seen, by the number of the aim."""
        numbers = [name.removeprefix("effect_") for name in self._fields if name.startswith("effect_")]
        return {
            int(number): (
                _member(Effect, self[f"effect_{number}"].data),
                str(self[f"seen_{number}"].data or "").strip(),
            )
            for number in numbers
        }

    def show(self, reviews: Sequence[Any]) -> None:
        """Fill the form in with what is recorded."""
        for review in reviews:
            if f"effect_{review.aim_number}" in self._fields:
                self[f"effect_{review.aim_number}"].data = review.effect.value
                self[f"seen_{review.aim_number}"].data = review.seen


def review_form(aims: Sequence[Any], *, empty: bool = False) -> ReviewForm:
    """Give the form in which an RMM says how a plan with these aims works; `empty` reads nothing that was sent."""
    choices = {effect.value: words for effect, words in EFFECTS.items()}
    fields: dict[str, Any] = {}
    for aim in aims:
        fields[f"effect_{aim.number}"] = _radios("Does it work?", choices)
        fields[f"seen_{aim.number}"] = text("What was seen", longest=5000)
    kind = type("ReviewFormOfPlan", (ReviewForm,), fields)
    made: ReviewForm = kind(formdata=None) if empty else kind()
    for field in made:
        field.flags.optional = False
    return made


def _member(kind: Any, value: Any) -> Any:
    return next((member for member in kind if member.value == str(getattr(value, "value", value) or "")), None)
