"""A weekly list as a file: each copy says its number, whose it is, when it was made, and whether it is superseded."""

from collections.abc import Sequence
from datetime import datetime

from meetings_app.clock import LONDON
from meetings_app.cse_list.exports import RATING_WORDS
from meetings_app.documents.facts import Line, ListFacts
from meetings_app.documents.facts import ListRow as DocumentRow
from meetings_app.text import day_in_words
from meetings_app.web.filters import clock_time
from meetings_app.weekly_list.models import WeeklyChange, WeeklyList, WeeklyRow

HEADINGS = (
    "Reference", "Name", "Date of birth", "Age", "Area", "Rating", "Provisional", "Listed on", "Lead agency",
    "Lead professional", "Next review", "Overdue by days", "Next meeting", "Notes", "Since the list before",
)  # fmt: skip


def status_of(taken: WeeklyList, newest: WeeklyList) -> str:
    """Say whether a list is the newest, or which has taken its place."""
    if newest.number == taken.number:
        return "the newest when this copy was made"
    return f"SUPERSEDED by list number {newest.number} of {day_in_words(newest.taken_on)}: delete this copy"


def copy_of(reader: str, now: datetime) -> str:
    """Say whose copy it is and when it was made."""
    made = now.astimezone(LONDON)
    return f"{reader}, {day_in_words(made.date())} at {clock_time(made.time())}"


def excel(
    taken: WeeklyList, newest: WeeklyList, rows: Sequence[WeeklyRow], said: Sequence[WeeklyChange], marking: str,
    reader: str, now: datetime,
) -> bytes:  # fmt: skip
    """Give a list as an .xlsx workbook, every cell as text; whoever went off stands beneath those who are on."""
    from meetings_app.spreadsheets.writing import write_table

    since = _since(said)
    cells = [
        (
            row.reference, row.name, row.born, row.age, row.area, RATING_WORDS[row.rating.value],
            "yes" if row.provisional else "no", row.listed_on, row.lead_agency, row.lead_professional,
            row.next_review_on, row.overdue_days or None, row.meeting, row.notes,
            "; ".join(since.pop(row.reference, ())),
        )
        for row in rows
    ]  # fmt: skip
    names = {change.reference: change.name for change in said}
    gone = [
        (reference, names[reference], *(None,) * (len(HEADINGS) - 3), "; ".join(words))
        for reference, words in since.items()
    ]
    above = (
        f"{marking}. CSE list number {taken.number} of {day_in_words(taken.taken_on)}: {status_of(taken, newest)}",
        f"Copy of {copy_of(reader, now)}",
    )
    return write_table(f"CSE list {taken.number}", HEADINGS, [*cells, *gone], above, marking)


def _since(said: Sequence[WeeklyChange]) -> dict[str, list[str]]:
    """Give what changed by the child's reference; what two areas are told is said once."""
    since: dict[str, list[str]] = {}
    for change in said:
        words = since.setdefault(change.reference, [])
        if change.said not in words:
            words.append(change.said)
    return since


def word_facts(
    taken: WeeklyList, newest: WeeklyList, rows: Sequence[WeeklyRow], said: Sequence[WeeklyChange],
    *, partnership: str, marking: str, reader: str, now: datetime,
) -> ListFacts:  # fmt: skip
    """Give what the Word list is told; number, reader and time stand in the header and footer of every page."""
    since = _since(said)
    superseded = newest.number != taken.number
    number = f"Number {taken.number}" + (f", SUPERSEDED by number {newest.number}" if superseded else "")
    by_rating = [
        Line(words, str(sum(row.rating.value == code for row in rows))) for code, words in RATING_WORDS.items()
    ]
    changes = Line("Changed since the list before", str(len(since)))
    return ListFacts(
        partnership=partnership, marking=marking, title=f"CSE list number {taken.number}", area=number,
        version=f"{taken.number} of {day_in_words(taken.taken_on)}", reader=copy_of(reader, now), produced_at=now,
        as_at=f"on {day_in_words(taken.taken_on)}: {status_of(taken, newest)}",
        totals=(Line("Children", str(len(rows))), *by_rating, changes),
        entries=tuple(_document_row(row, since.get(row.reference, ())) for row in rows),
    )  # fmt: skip


def _document_row(row: WeeklyRow, since: Sequence[str]) -> DocumentRow:
    notes = [*since, *(["Provisional rating"] if row.provisional else []), *([row.notes] if row.notes else [])]
    return DocumentRow(
        child=row.reference, name=row.name, born=row.born, age=row.age, area=row.area,
        rating=RATING_WORDS[row.rating.value], listed_on=row.listed_on, lead_agency=row.lead_agency or None,
        lead_professional=row.lead_professional or None, next_review=row.next_review_on,
        next_meeting=row.meeting or None, notes=tuple(notes),
    )  # fmt: skip
