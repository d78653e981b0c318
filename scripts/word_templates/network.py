"""The shipped templates of the network meeting: its agenda and its minutes."""

from typing import Any

from .house_style import border, new_document
from .minutes import ACTION_CELLS, RULE, minutes_opening
from .parts import CHAIRS, labelled, row, row_loop, row_tag, table, tag, title_block, when

_CELLS = (
    "{{ item.number }}",
    [
        ("Table strong", "{{ item.name or item.subject }}"),
        (
            "Table note",
            "{{ item.kind }} {{ item.subject }}{% if item.late %}, late item{% endif %}"
            "{% for part in item.parts %}\n{{ part }}{% endfor %}",
        ),
    ],
    "{{ item.reasons|join('\\n') }}",
    "{{ item.minutes }}",
)


def network_agenda() -> Any:
    """Give the agenda of a network meeting."""
    document = new_document("{{ reference }}", status="{% if version == 'draft' %}DRAFT – not published{% endif %}")
    title_block(
        document,
        "agenda",
        [
            ("When", "{{ when }}"),
            ("Where", "{{ place }}"),
            ("Time needed", "{{ minutes_needed }} minutes; the meeting has {{ minutes_available }} minutes"),
            ("This copy", "{{ reader }}, version {{ version }}"),
        ],
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
    widths = (1.3, 5.7, 8.3, 1.7)
    made = table(
        document, "Items", "Each item of this section, the reasons and the time planned", widths,
        ("No.", "About", "Why on the agenda", "Minutes"),
    )  # fmt: skip
    row_tag(made, "for item in section.items")
    row_tag(made, "if item.stub")
    row(made, widths, ("{{ item.number }}", "Restricted item", "", ""))
    row_tag(made, "else")
    row(made, widths, _CELLS)
    row_tag(made, "endif")
    row_tag(made, "endfor")
    tag(document, "endif")
    tag(document, "endfor")
    return document


def network_minutes() -> Any:
    """Give the minutes of a network meeting: who was there, a section for each item, the actions by agency."""
    document = new_document("{{ reference }}", status="{{ status }}")
    title_block(
        document,
        "minutes",
        [
            ("When", "{{ when }}"),
            ("Where", "{{ place }}"),
            ("Chair", CHAIRS),
            ("This copy", "{{ reader }}, version {{ version }}"),
            ("Status", "{{ status }}"),
        ],
    )
    minutes_opening(document)
    document.add_paragraph("Items", "Heading 1")
    when(document, "not items", ("Normal", "This copy shows no item."))
    tag(document, "for item in items")
    tag(document, "if item.stub")
    border(document.add_paragraph("{{ item.number }} Restricted item", "Heading 2")._p, RULE)
    document.add_paragraph("This item is not part of this copy.")
    tag(document, "else")
    _item(document)
    tag(document, "endif")
    tag(document, "endfor")
    _ending(document)
    return document


def _item(document: Any) -> None:
    name = (
        "{{ item.number }} {% if item.name %}{{ item.name }} ({{ item.subject }})"
        "{% else %}{{ item.subject }}{% endif %}"
    )
    border(document.add_paragraph(name, "Heading 2")._p, RULE)
    when(document, "item.kind", ("Normal", "{{ item.kind }}"))
    for field, heading in (
        ("reasons", "Why it was considered"), ("parts", "What belongs to it"),
        ("away", "Not in the room for this item"),
    ):  # fmt: skip
        joined = "{{ item." + field + "|join('\\n') }}"
        when(document, f"item.{field}", ("Heading 3", heading), ("Normal", joined))
    for field, heading in (
        ("discussion", "Discussion"), ("about_suspects", "About suspects (restricted)"), ("decision", "Decision"),
        ("rationale", "Reasons for the decision"), ("put_off", "Put off"), ("next_review", "Next review"),
    ):  # fmt: skip
        when(document, f"item.{field}", ("Heading 3", heading), ("Normal", "{{ item." + field + " }}"))
    tag(document, "for line in item.lines")
    labelled(document, "{{ line.label }}:", "{{ line.text }}")
    tag(document, "endfor")
    when(document, "item.actions", ("Heading 3", "Actions"), ("Normal", "{{ item.actions|join('\\n') }}"))


def _ending(document: Any) -> None:
    document.add_paragraph("Actions by agency", "Heading 1")
    when(document, "not actions_by_agency", ("Normal", "This copy shows no action."))
    tag(document, "for group in actions_by_agency")
    document.add_paragraph("{{ group.agency }}", "Heading 2")
    widths = (2.3, 2.5, 6.6, 3.3, 2.3)
    made = table(
        document, "Actions of one agency", "What the agency is to do, about what, who does it and by when", widths,
        ("Reference", "About", "What is to be done", "Who", "By when"),
    )  # fmt: skip
    row_loop(
        made,
        widths,
        "action in group.actions",
        (ACTION_CELLS[0], "{{ action.child }}", ACTION_CELLS[1], ACTION_CELLS[3], ACTION_CELLS[4]),
    )
    tag(document, "endfor")
    document.add_paragraph("Next meeting", "Heading 1")
    document.add_paragraph("{{ next_meeting }}")
    tag(document, "if signatures")
    document.add_paragraph("Signature", "Heading 1")
    signed = (6.0, 6.0, 5.0)
    made = table(document, "Signature", "Who signed these minutes and when", signed, ("Agency", "Name", "Signed"))
    row_loop(
        made,
        signed,
        "signature in signatures",
        ("{{ signature.agency }}", "{{ signature.name }}", "{{ signature.signed_on }}"),
    )
    tag(document, "endif")
    when(document, "sha256", ("Small print", "Fingerprint of the signed record (SHA-256): {{ sha256 }}"))
