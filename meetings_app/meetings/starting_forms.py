"""Opening a meeting: who read the statement, and on which day it is held where that is not the planned one."""

from datetime import date

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from meetings_app.errors import RuleBroken
from meetings_app.schedule.models import Meeting
from meetings_app.text import day_in_words
from meetings_app.web.forms import VersionedForm, line

TODAY, AS_PLANNED = "today", "planned"


class StartForm(VersionedForm):
    """Opening the meeting: who read the statement, and when it is held."""

    read_by = line("Who read the statement?", "Enter who read the statement")
    early = BooleanField()
    held = RadioField("When is this meeting held?", [InputRequired("Choose when this meeting is held")])

    def __init__(self, meeting: Meeting, today: date) -> None:
        """Ask whether `meeting` is held `today` where that is before its planned day, or after it (our default)."""
        super().__init__()
        self._today, self._planned = today, meeting.held_on
        planned, now = day_in_words(self._planned), day_in_words(today)
        self.early.description = f"This meeting is planned for {planned}. Start it today?"
        self.early.label.text = f"Yes, start it today, {now}"
        self.held.description = f"It was planned for {planned}. Its decisions count from the day on which it is held."
        self.held.choices = [
            (TODAY, f"Today, {now}"), (AS_PLANNED, f"It was held on {planned}, and is recorded afterwards"),
        ]  # fmt: skip
        if today >= self._planned:
            del self.early
        if today <= self._planned:
            del self.held

    def is_to_start(self) -> bool:
        """Whether the form is whole; a meeting before its day starts only where that is said."""
        if not self.validate_on_submit():
            return False
        if "early" in self and not self.early.data:
            planned = day_in_words(self._planned)
            self.refuse(
                RuleBroken("early", f"This meeting is planned for {planned}. Choose to start it today, or wait")
            )
            return False
        return True

    @property
    def held_on(self) -> date:
        """The day on which the meeting is held; ask once `is_to_start`."""
        return self._planned if "held" in self and self.held.data == AS_PLANNED else self._today
