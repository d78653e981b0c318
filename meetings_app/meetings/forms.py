"""What the pages of an agenda may submit."""

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired

from meetings_app.web.forms import Form, VersionedForm, text, text_for_later


class ReasonForm(Form):
    """Why an agenda is changed by hand."""

    reason = text("Why", "Enter why", longest=1000)


class AddChildForm(Form):
    """A child put on an agenda by hand; the choices are those that the search found."""

    child: RadioField = RadioField("Child", [InputRequired("Choose a child")], validate_choice=False, choices=[])
    reason = text("Why is the child added?", "Enter why the child is added", longest=1000)


class MoveForm(Form):
    """One place up or down."""

    child = HiddenField()
    direction = HiddenField()


class PublishForm(VersionedForm):
    """Publishing, confirmed at the version of the meeting that was shown, and why although something is pointed out."""

    early = BooleanField("Publish it before the cut-off")
    despite = text_for_later("Why is it published all the same?", longest=2000)


def listed_as(numbers: Iterable[str]) -> str:
    """Give the items that somebody confirms, as the form carries them."""
    return " ".join(numbers)
