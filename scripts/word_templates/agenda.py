"""The shipped template of the agenda, members' copy and chair's copy in one."""

from typing import Any

from .house_style import new_document
from .parts import CHAIRS, row, row_loop, row_tag, table, tag, title_block, when, wide_row

AGENDA_CELLS = (
    "{{ item.number }}",
    [
        ("Table strong", "{{ item.name if item.name else item.child }}"),
        (
            "Table note",
            "{% if item.name %}{{ item.child }}{% if item.late %}, {% endif %}{% endif %}"
            "{% if item.late %}late item{% endif %}",
        ),
    ],
    "{{ item.age }}",
    "{{ item.rating }}",
    "{{ item.reasons|join('\\n') }}",
    "{{ item.minutes }}",
)


def agenda() -> Any:
    """Give the agenda: the members' copy and, where `chairs_copy`, the chair's."""
    document = new_document("{{ reference }}", status="{% if version == 'draft' %}DRAFT – not published{% endif %}")
    title_block(
        document,
        "agenda",
        [
            ("When", "{{ when }}"),
            ("Where", "{{ place }}"),
            ("Chairs", CHAIRS),
            ("Time needed", "{{ minutes_needed }} minutes; the meeting has {{ minutes_available }} minutes"),
            ("This copy", "{{ reader }}, version {{ version }}"),
        ],
    )
    when(
        document,
        "minutes_needed > minutes_available",
        (
            "Status",
            "The agenda needs {{ minutes_needed - minutes_available }} minutes more than the meeting has.",
        ),
    )
    document.add_paragraph("Confidentiality and language", "Heading 1")
    document.add_paragraph("{{ statement }}", "Statement")
    when(document, "conflicts", ("Heading 2", "Conflicts of interest"), ("Normal", "{{ conflicts }}"))
    tag(document, "for section in sections")
    document.add_paragraph("{{ section.number }}. {{ section.title }}", "Heading 1")
    tag(document, "for line in section.lines")
    document.add_paragraph("{{ line }}")
    tag(document, "endfor")
    tag(document, "if section.items")
    agenda_items(document)
    tag(document, "endif")
    tag(document, "endfor")
    tag(document, "if chairs_copy and not_on_agenda")
    document.add_paragraph("Not on this agenda", "Heading 1")
    document.add_paragraph("For the chairs: who is not on it, and why not.")
    widths = (2.6, 4.6, 9.8)
    made = table(
        document,
        "Children who are not on this agenda",
        "Each child and why",
        widths,
        ("Reference", "Name", "Why not"),
    )
    row_loop(
        made,
        widths,
        "absent in not_on_agenda",
        ("{{ absent.child }}", "{{ absent.name }}", "{{ absent.why }}"),
    )
    tag(document, "endif")
    return document


def agenda_items(document: Any) -> None:
    """Add the table of the children of one section, with the chair's notes under each."""
    widths = (1.3, 4.6, 1.1, 2.3, 6.0, 1.7)
    made = table(
        document,
        "Children to consider",
        "Each child of this section, the reasons and the time planned",
        widths,
        ("No.", "Child", "Age", "Rating", "Why on the agenda", "Minutes"),
    )
    row_tag(made, "for item in section.items")
    row_tag(made, "if item.stub")
    row(made, widths, ("{{ item.number }}", "Restricted item", "", "", "", ""))
    row_tag(made, "else")
    row_tag(made, "if chairs_copy and (item.history or item.prompts)")
    row(made, widths, AGENDA_CELLS, with_next=True)
    wide_row(
        made,
        widths,
        [
            ("Table note", "{%p if item.history %}"),
            ("Table strong", "What happened before"),
            ("Table note", "{{ item.history|join('\\n') }}"),
            ("Table note", "{%p endif %}"),
            ("Table note", "{%p if item.prompts %}"),
            ("Table strong", "To ask"),
            ("Table note", "{{ item.prompts|join('\\n') }}"),
            ("Table note", "{%p endif %}"),
        ],
    )
    row_tag(made, "else")
    row(made, widths, AGENDA_CELLS)
    row_tag(made, "endif")
    row_tag(made, "endif")
    row_tag(made, "endfor")
