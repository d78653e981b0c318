"""The agenda as other programs read it."""

import json
from datetime import date

from meetings_app.meetings.agenda import draft
from meetings_app.meetings.agenda_json import agenda_as_json
from meetings_app.meetings.minutes_earlier import EarlierMinutes
from tests.meetings.facts import FOLLOWING, MEETING, PARTNERSHIP, listed, referred


def test_the_agenda_as_other_programs_read_it() -> None:
    agenda = draft([referred(1), listed(2)], MEETING, FOLLOWING, PARTNERSHIP)
    head = {"ref": MEETING.reference, "type": "rmm", "area": "NE"}

    earlier = [EarlierMinutes("RMM-NE-2026-W47", date(2026, 11, 17), signed=False)]

    given = json.loads(json.dumps(agenda_as_json(agenda, head, earlier)))

    assert given["meeting"] == head
    assert [section["key"] for section in given["sections"]][3:8] == [
        "new_referrals",
        "overdue_actions",
        "reviews",
        "transitions",
        "closures",
    ]
    assert given["sections"][3] == {
        "key": "new_referrals",
        "title": "New referrals",
        "items": [
            {
                "number": "4.1",
                "child": "C-00001",
                "minutes": 15,
                "rating": None,
                "provisional": False,
                "urgent": False,
                "late": False,
                "fits": True,
                "reasons": [{"code": "new_referral", "text": "New referral received 18 November 2026"}],
            }
        ],
    }
    assert given["earlier_minutes"] == [{"ref": "RMM-NE-2026-W47", "held_on": "2026-11-17", "signed": False}]
    assert (given["minutes_needed"], given["minutes_available"]) == (15, 120)
    assert given["not_on_agenda"] == [{"child": "C-00002", "why": "review due 12 January 2027, at RMM-NE-2027-W02"}]
