"""The shipped template of the CSE list."""

from typing import Any

from .house_style import new_document
from .parts import row_loop, table, tag, when


def cse_list() -> Any:
    """Give the CSE list as one table."""
    document = new_document("{{ area }}", landscape=True)
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ area }}, as it stood {{ as_at }}", "Subtitle")
    document.add_paragraph(
        "{% for total in totals %}{{ total.label }}: {{ total.text }}{% if not loop.last %} · {% endif %}{% endfor %}"
    )
    when(document, "not entries", ("Normal", "No child is on the list."))
    tag(document, "if entries")
    widths = (2.2, 4.2, 2.4, 2.2, 2.6, 2.4, 3.0, 3.0, 3.7)
    made = table(
        document,
        "Children on the list",
        "Each child, the rating, who leads and the next review",
        widths,
        (
            "Reference",
            "Name",
            "Born",
            "Area",
            "Rating",
            "On the list since",
            "Lead agency",
            "Lead professional",
            "Next review",
        ),
    )
    row_loop(
        made,
        widths,
        "entry in entries",
        (
            "{{ entry.child }}",
            [("Table strong", "{{ entry.name }}")],
            "{{ entry.born|short_date }}{% if entry.age is not none %}\n(aged {{ entry.age }}){% endif %}",
            "{{ entry.area }}",
            [
                ("Table strong", "{{ entry.rating }}"),
                ("Table note", "{{ entry.notes|join('\\n') }}"),
            ],
            "{{ entry.listed_on|short_date }}",
            "{{ entry.lead_agency }}",
            "{{ entry.lead_professional }}",
            "{{ entry.next_review|short_date }}{% if entry.next_meeting %}\n{{ entry.next_meeting }}{% endif %}",
        ),
    )
    tag(document, "endif")
    return document
