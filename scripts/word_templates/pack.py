"""The shipped template of the chair's pack."""

from typing import Any

from .house_style import new_document
from .minutes import ACTION_CELLS, ACTION_HEADINGS, ACTION_WIDTHS
from .parts import after_table, row_loop, table, tag, title_block, when

_WIDTHS = (4.0, 13.0)
_SAID = (
    [
        ("Table strong", "{{ said.agency }}"),
        ("Table note", "{% if said.late %}Late: {% endif %}{{ said.sent }}"),
    ],
    "{% for line in said.lines %}{{ line.label }}: {{ line.text }}{% if not loop.last %}\n{% endif %}{% endfor %}",
)


def pack() -> Any:
    """Give where each child stands, what every agency sent before a meeting, and who has not answered."""
    document = new_document("{{ reference }}")
    title_block(document, "chair’s pack", [("When", "{{ when }}"), ("This copy", "{{ reader }}, {{ version }}")])
    document.add_paragraph("Who comes", "Heading 1")
    when(document, "quorum", ("Status", "{{ quorum }}"))
    when(document, "not agencies", ("Normal", "No agency is expected."))
    tag(document, "if agencies")
    made = table(document, "Who comes", "Each agency and how it attends", _WIDTHS, ("Agency", "Attendance and update"))
    row_loop(
        made,
        _WIDTHS,
        "agency in agencies",
        (
            [("Table strong", "{{ agency.agency }}")],
            "{{ agency.attendance }}{% if agency.update %}\n{{ agency.update }}{% endif %}",
        ),
    )
    tag(document, "endif")
    document.add_paragraph("What agencies say about each child", "Heading 1")
    when(document, "not children", ("Normal", "No child is on the agenda."))
    tag(document, "for child in children")
    document.add_paragraph(
        "{% if child.number %}{{ child.number }} {% endif %}"
        "{% if child.name %}{{ child.name }} ({{ child.child }}){% else %}{{ child.child }}{% endif %}",
        "Heading 2",
    )
    when(document, "child.standing", ("Normal", "{{ child.standing }}"))
    when(document, "not child.information", ("Normal", "No agency has sent anything."))
    tag(document, "if child.information")
    made = table(
        document, "Information", "What each agency sent, as fact or opinion", _WIDTHS, ("Agency", "Information")
    )
    row_loop(made, _WIDTHS, "said in child.information", _SAID)
    tag(document, "endif")
    tag(document, "if child.actions")
    document.add_paragraph("Open actions", "Heading 3")
    made = table(
        document, "Open actions for this child", "What is open, by which agency and person, and by when",
        ACTION_WIDTHS, ACTION_HEADINGS,
    )  # fmt: skip
    row_loop(made, ACTION_WIDTHS, "action in child.actions", ACTION_CELLS)
    tag(document, "endif")
    tag(document, "if child.silent")
    after_table(document, "Not answered: {{ child.silent|join(', ') }}")
    tag(document, "endif")
    tag(document, "endfor")
    return document
