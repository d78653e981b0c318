"""What the page of conflicts of interest may submit."""

from wtforms import SelectField

from meetings_app.web.forms import Form, choice, text

WALK_IN = "there-"
"""Begins the value of somebody who attends without an account."""


class ConflictForm(Form):
    """One conflict of interest: who, about which item, and what it is.

    Who attends without an account is chosen by their attendance, which begins with `WALK_IN`.
    """

    person: SelectField = choice("Who has it", missing="Choose who has the conflict of interest", coerce=str)
    item: SelectField = choice("Item", missing="Choose the item", coerce=str)
    reason = text(
        "What it is", "Enter what the conflict of interest is", longest=1000,
        hint="For example, a relative, a neighbour, or a complaint that is open.",
    )  # fmt: skip

    @property
    def walk_in(self) -> int | None:
        """The attendance of whoever was chosen, where they have no account. Call it after the form was found valid."""
        chosen = str(self.person.data)
        return int(chosen.removeprefix(WALK_IN)) if chosen.startswith(WALK_IN) else None


class EndConflictForm(Form):
    """Why a conflict of interest is over."""

    ended_reason = text("Why it is over", "Enter why the conflict of interest is over", longest=1000)
