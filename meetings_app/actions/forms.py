"""What people may say of an action."""

from wtforms import RadioField, SelectField
from wtforms.validators import AnyOf, InputRequired

from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.web.forms import DateField, VersionedForm, choice, text

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
