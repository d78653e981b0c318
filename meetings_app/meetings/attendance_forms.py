"""What the page of the attendance may submit besides how each member attended."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField

from meetings_app.meetings.queries import Attendant
from meetings_app.meetings.running_forms import PRESENCE_WORDS
from meetings_app.schedule.queries import Person
from meetings_app.web.forms import Form, choice, line

NO_ACCOUNT, _THERE = "none", "there "


class PersonForm(Form):
    """One more person at the meeting; `account` is asked where somebody with an account, or there, is called nearly so.

    `asked` is the name for which it was asked: another name is asked about anew.
    """

    asked = HiddenField(default="")
    account = RadioField("Is it one of these people?", validate_choice=False, choices={})

    agency: SelectField = choice("Agency", missing="Choose the agency", coerce=str)
    name = line("Name", "Enter the person’s name")
    presence: SelectField = choice(
        "Attendance", [(code.value, words) for code, words in PRESENCE_WORDS.items()], "Choose how the person attended"
    )
    note = line("Note")

    def is_to_ask(self, people: Sequence[Person], there: Sequence[Attendant] = ()) -> bool:
        """Offer the people it may be, and say whether the person who fills this in has still to say who it is.

        `people` have an account, those who are `there` are recorded without one.
        """
        offered = {str(each.id): f"{each.name}, {each.agency}, with an account" for each in people}
        offered |= {
            f"{_THERE}{each.name}": f"{each.name}, {each.agency}, recorded without an account" for each in there
        }
        self.account.choices = {**offered, NO_ACCOUNT: "None of them"} if offered else {}
        asked, self.asked.data = self.asked.data, self.name.data
        if not offered or (asked == self.name.data and self.account.data in self.account.choices):
            return False
        # Nobody is recorded yet, so it is said at the top of the page as well.
        self.account.errors = ["Choose who it is, or none of them"]
        self.account.data = None
        return True

    @property
    def is_begun(self) -> bool:
        """Whether somebody is typed to be added."""
        return bool((self.name.data or "").strip() or (self.note.data or "").strip())

    @property
    def chosen(self) -> int | None:
        """The account that was chosen; None for somebody without one."""
        return int(self.account.data) if self.account.choices and str(self.account.data).isdecimal() else None

    @property
    def named(self) -> str:
        """The name of the person: as it is typed, or that of whoever is there and was chosen."""
        chosen = str(self.account.data or "") if self.account.choices else ""
        return chosen.removeprefix(_THERE) if chosen.startswith(_THERE) else str(self.name.data)
