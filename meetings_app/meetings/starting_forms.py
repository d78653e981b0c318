"""Opening a meeting: who read the statement, and that it is opened before its day."""

from datetime import date

from wtforms import BooleanField

from meetings_app.errors import RuleBroken
from meetings_app.schedule.models import Meeting
from meetings_app.text import day_in_words
from meetings_app.web.forms import VersionedForm, line


class StartForm(VersionedForm):
    """Opening the meeting: who read the statement."""

    read_by = line("Who read the statement?", "Enter who read the statement")
    early = BooleanField()

    def __init__(self, meeting: Meeting, today: date) -> None:
        """Ask whether `meeting` is opened before its day, where `today` comes before it (our default)."""
        super().__init__()
        if today >= meeting.held_on:
            del self.early
            return
        planned = day_in_words(meeting.held_on)
        self.early.description = f"This meeting is planned for {planned}. Start it today?"
        self.early.label.text = f"Yes, start it today, {day_in_words(today)}"
        self._not_said = f"This meeting is planned for {planned}. Choose to start it today, or wait"

    def is_to_start(self) -> bool:
        """Whether the form is whole; a meeting before its day starts only where that is said."""
        if not self.validate_on_submit():
            return False
        if "early" in self and not self.early.data:
            self.refuse(RuleBroken("early", self._not_said))
            return False
        return True
