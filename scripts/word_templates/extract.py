"""The shipped template of an extract for another authority."""

from typing import Any

from .house_style import new_document
from .parts import row, row_loop, table

_LINE_WIDTHS = (5.2, 11.8)


def extract() -> Any:
    """Give what one other authority is told, line by line as it was approved, with whose copy it is."""
    document = new_document("{{ reference }} · copy {{ version }} for {{ authority }}")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ authority }}", "Subtitle")
    made = table(document, "About this extract", "Which extract it is, whose copy, what for and who approved it",
                 _LINE_WIDTHS, ("Extract", "{{ reference }}, copy {{ version }}"))  # fmt: skip
    for label, text in (
        ("From", "{{ partnership }}{% if area %}, {{ area }}{% endif %}"), ("This copy is for", "{{ reader }}"),
        ("Purpose", "{{ purpose }}"), ("Approved", "{{ approved }}"),
    ):  # fmt: skip
        row(made, _LINE_WIDTHS, ([("Table strong", label)], text))
    document.add_paragraph("What is shared", "Heading 1")
    listed = table(document, "What is shared", "Each thing that is shared, as it was approved", _LINE_WIDTHS,
                   ("About", "What is known"))  # fmt: skip
    row_loop(listed, _LINE_WIDTHS, "line in lines", ([("Table strong", "{{ line.label }}")], "{{ line.text }}"))
    document.add_paragraph(
        "Use it for this purpose alone, and pass it to nobody else without asking the network chair of the partnership."
    )
    return document
