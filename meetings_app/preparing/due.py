"""Until when an agency's information is asked for before a meeting."""

from datetime import datetime

from meetings_app.clock import at_london
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import cut_off


def information_due(meeting: Meeting, office: Office) -> datetime:
    """Give the moment, UTC, by which agencies send their information: working days before, by the time of the cut-off.

    Our default; what comes later is still taken until the meeting begins.
    """
    rules = office.definition(meeting.type)
    day, wall_clock = cut_off(meeting.held_on, office.calendar, rules.information_working_days, rules.cut_off.time)
    return at_london(day, wall_clock)
