"""What people may say of an action, and of one that an assessment recommends."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import AnyOf, InputRequired

from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.web.forms import DateField, Form, VersionedForm, choice, text

ANSWER_WORDS = {
    AnswerKind.DONE: "Done",
    AnswerKind.NOT_DONE: "Not done",
    AnswerKind.COULD_NOT_BE_DONE: "Could not be done, because circumstances changed",
    AnswerKind.NEW_DATE: "It needs a new date",
}
_CHOOSE = "Choose what you can say about this action"


class AnswerForm(VersionedForm):
    """What the agency says of its action."""

    kind: RadioField = RadioField(
        "What can you say about this action?",
        [InputRequired(_CHOOSE), AnyOf([kind.value for kind in AnswerKind], _CHOOSE)],
        validate_choice=False,
        choices={kind.value: words for kind, words in ANSWER_WORDS.items()},
    )
    due_on = DateField("New date")
    text = text(
        "What was achieved, why it was not done, or what changed",
        "Enter what was achieved, why it was not done, or what changed",
        hint="For a new date, say why it is needed. The next meeting reads this.",
    )

    def answer(self) -> ActionAnswer:
        """Give what was said. Call it only after the form was found valid."""
        kind = AnswerKind(self.kind.data)
        return ActionAnswer(kind, self.text.data, self.due_on.data if kind is AnswerKind.NEW_DATE else None)


class ReassignForm(VersionedForm):
    """Who does the action from now on; the choices are people of the same agency who may see the child."""

    owner: SelectField = choice("Who does it from now on", missing="Choose who does it from now on", coerce=str)
    reason = text("Why", hint="For example, a change of worker.")


class DeclineForm(Form):
    """Why an action that an assessment recommends is not taken up."""

    reason = text("Why is it not taken up?", "Enter why it is not taken up", longest=2000)


def offer_owners(
    field: SelectField, owners: Iterable[Any], first: int | None = None, named: str = ""
) -> dict[int, int]:
    """Give a field those who may own an action, each with the agency; gives the agency of each.

    `owners` is what `queries.possible_owners` gives. Those of agency `first`, which is called `named`, come first, and
    where it has nobody who may see the child the hint says so.
    """
    ordered = sorted(owners, key=lambda row: row.agency_id != first)
    field.choices = {"": "Choose", **{str(row.id): f"{row.name}, {row.agency}" for row in ordered}}
    agency_of = {row.id: row.agency_id for row in ordered}
    if named and first in agency_of.values():
        field.description = f"Those who may see the child’s record. {named} comes first."
    elif named:
        field.description = f"Nobody of {named} may see the child’s record. Choose somebody who passes it on."
    return agency_of
