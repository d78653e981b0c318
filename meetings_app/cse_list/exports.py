"""The list as a file: exactly the rows that are on the screen, in the same order."""

from collections.abc import Sequence
from datetime import date, datetime

from meetings_app.cse_list.filters import AGE_BANDS, NO_AGENCY, ListFilter
from meetings_app.cse_list.queries import References
from meetings_app.cse_list.views import ListRow, notes
from meetings_app.documents.facts import Line, ListFacts
from meetings_app.documents.facts import ListRow as DocumentRow
from meetings_app.text import day_in_words

RATING_WORDS = {"high": "High", "medium": "Medium", "low": "Low"}
HEADINGS = (
    "Reference", "Name", "Date of birth", "Age", "Area", "Rating", "Provisional", "Listed on", "Lead agency",
    "Lead professional", "Next review", "Overdue by days", "Next meeting", "Overdue actions", "Notes",
)  # fmt: skip


def excel(rows: Sequence[ListRow], marking: str) -> bytes:
    """Give the rows as an .xlsx workbook, every cell as text; printed pages carry the marking."""
    from meetings_app.spreadsheets.writing import write_table

    return write_table("CSE list", HEADINGS, [_cells(row) for row in rows], marking=marking)


def _cells(row: ListRow) -> Sequence[str | int | date | None]:
    return (
        row.reference, row.name, row.born, row.age, row.area, RATING_WORDS[row.rating],
        "yes" if row.provisional else "no", row.listed_on, row.lead_agency, row.lead_professional, row.next_review_on,
        row.overdue_days or None, row.meeting, row.overdue_actions or None, "; ".join(notes(row)),
    )  # fmt: skip


def word_facts(
    rows: Sequence[ListRow],
    view: ListFilter,
    references: References,
    *,
    partnership: str,
    marking: str,
    reader: str,
    now: datetime,
    today: date,
) -> ListFacts:
    """Give what the Word list is told: which view of the list it is, its totals and its rows."""
    by_rating = [Line(words, str(sum(row.rating == code for row in rows))) for code, words in RATING_WORDS.items()]
    late = Line("Review overdue", str(sum(row.overdue_days > 0 for row in rows)))
    return ListFacts(
        partnership=partnership,
        marking=marking,
        title="CSE list",
        area=in_words(view, references),
        version=day_in_words(today),
        reader=reader,
        produced_at=now,
        as_at=f"on {day_in_words(today)}",
        totals=(Line("Children", str(len(rows))), *by_rating, late),
        entries=tuple(_document_row(row) for row in rows),
    )


def _document_row(row: ListRow) -> DocumentRow:
    return DocumentRow(
        child=row.reference,
        name=row.name,
        born=row.born,
        age=row.age,
        area=row.area,
        rating=RATING_WORDS[row.rating],
        listed_on=row.listed_on,
        lead_agency=row.lead_agency or None,
        lead_professional=row.lead_professional or None,
        next_review=row.next_review_on,
        next_meeting=row.meeting or None,
        notes=tuple(notes(row)),
    )


def in_words(view: ListFilter, references: References) -> str:
    """Say in words which part of the list a view shows."""
    areas = {area.code: area.name for area in references.areas}
    return ", ".join([areas.get(view.area, view.area or "All areas"), *applied(view, references).values()])


def applied(view: ListFilter, references: References) -> dict[str, str]:
    """Give the filters that are on, by the field of the view, in words."""
    agencies = {agency.code: agency.name for agency in references.agencies}
    said = {}
    if view.rating:
        said["rating"] = f"Rating: {RATING_WORDS[view.rating]}"
    if view.agency:
        agency = "none" if view.agency == NO_AGENCY else agencies.get(view.agency, view.agency)
        said["agency"] = f"Lead agency: {agency}"
    if view.age:
        said["age"] = f"Age: {AGE_BANDS[view.age].label}"
    if view.overdue:
        said["overdue"] = "Review overdue"
    return said
