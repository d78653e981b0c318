"""The shipped template of one agency’s list of actions."""

from typing import Any

from .house_style import new_document
from .parts import after_table, row, row_loop, table, tag, when

_LINE_WIDTHS = (4.0, 13.0)
_WIDTHS = (2.4, 2.4, 6.4, 3.5, 2.3)
_CELLS = (
    [("Table strong", "{{ action.reference }}")],
    "{{ action.child }}",
    "{{ action.action }}",
    "{{ action.person }}",
    "{{ action.due|short_date }}",
)


def actions() -> Any:
    """Give one agency’s actions of one meeting as a table, earliest date first."""
    document = new_document("{{ reference }} · actions for {{ agency }}")
    document.add_paragraph("{{ title }}: actions for {{ agency }}", "Title")
    document.add_paragraph("{{ area }}", "Subtitle")
    made = table(document, "About this list", "Which meeting gave the actions and whose copy this is", _LINE_WIDTHS,
                 ("Meeting", "{{ reference }}"))  # fmt: skip
    for label, text in (("When", "{{ when }}"), ("This copy", "{{ reader }}")):
        row(made, _LINE_WIDTHS, ([("Table strong", label)], text))
    document.add_paragraph("Actions", "Heading 1")
    when(document, "not actions", ("Normal", "The meeting gave this agency no action."))
    tag(document, "if actions")
    listed = table(document, "Actions", "What is to be done, for which child, by whom and by when", _WIDTHS,
                   ("Reference", "Child", "What is to be done", "Who", "By when"))  # fmt: skip
    row_loop(listed, _WIDTHS, "action in actions", _CELLS)
    tag(document, "endif")
    after_table(
        document,
        "Answer each action in the service: done and what was achieved, not done and why, or a new date with a reason.",
    )
    return document
