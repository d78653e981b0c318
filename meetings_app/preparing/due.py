"""Until when an agency's information is asked for before a meeting."""

from datetime import date, datetime

from meetings_app.clock import at_london
from meetings_app.partnership import MeetingDefinition
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import cut_off
from meetings_app.schedule.working_days import WorkingCalendar


def information_due(meeting: Meeting, office: Office) -> datetime:
    """Give the moment, UTC, by which agencies send their information for a meeting."""
    return due_on(meeting.held_on, office.definition(meeting.type), office.calendar)


def due_on(held_on: date, rules: MeetingDefinition, calendar: WorkingCalendar) -> datetime:
    """Give the moment, UTC, so many working days before, by the time of the cut-off.

    Our default; what comes later is still taken until the meeting begins.
    """
    day, wall_clock = cut_off(held_on, calendar, rules.information_working_days, rules.cut_off.time)
    return at_london(day, wall_clock)
