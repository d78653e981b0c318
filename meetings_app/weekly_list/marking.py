"""The mark of a list as it is stored: made when it is taken, and made again by `meetings check`."""

from collections.abc import Sequence

from meetings_app.weekly_list.models import WeeklyChange, WeeklyList, WeeklyRow
from meetings_app.weekly_list.rules import digest_of


def digest(taken: WeeklyList, rows: Sequence[WeeklyRow], said: Sequence[WeeklyChange]) -> str:
    """Give the mark of a list: every fact of it, its rows and what changed, and the mark of the list before."""
    head = [
        taken.number, taken.week, taken.taken_on, taken.children, taken.last_entry_id, taken.trail_mark,
        taken.previous_digest,
    ]  # fmt: skip
    return digest_of(head, [_row(row) for row in rows], [_change(change) for change in said])


def _row(row: WeeklyRow) -> list[object]:
    return [
        row.place, row.child_id, row.entry_id, row.area_id, row.area, row.reference, row.name, row.born, row.age,
        row.rating.value, row.provisional, row.listed_on, row.lead_agency, row.lead_professional, row.next_review_on,
        row.overdue_days, row.meeting, row.notes,
    ]  # fmt: skip


def _change(change: WeeklyChange) -> list[object]:
    return [
        change.place, change.child_id, change.area_id, change.kind.value, change.reference, change.name, change.said,
    ]  # fmt: skip
