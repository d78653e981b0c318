"""The shipped template of a safety plan; the school's copy is made with it too."""

from typing import Any

from .house_style import new_document
from .parts import row, row_loop, row_tag, table, tag, when

_LINE_WIDTHS = (5.2, 11.8)
_AIM_WIDTHS = (1.4, 5.4, 7.4, 2.8)
_AIM_CELLS = (
    [("Table strong", "{{ aim.number }}")],
    "{{ aim.aim }}",
    "{{ aim.actions }}{% if aim.actions and aim.references %}\n{% endif %}"
    "{% if aim.references %}On record: {{ aim.references|join(', ') }}{% endif %}",
    "{{ aim.due|short_date }}",
)


def plan() -> Any:
    """Give one version of a safety plan: its aims, what stands beside them, and how it goes."""
    document = new_document("{{ reference }} · safety plan, version {{ version }}", status="{{ status }}")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ name }} ({{ reference }}){% if area %}, {{ area }}{% endif %}", "Subtitle")
    when(document, "status", ("Normal", "{{ status }}"))
    made = table(document, "About this plan", "Which version it is, who wrote it and whose copy this is", _LINE_WIDTHS,
                 ("Safety plan", "Version {{ version }}"))  # fmt: skip
    row_loop(made, _LINE_WIDTHS, "line in about", ([("Table strong", "{{ line.label }}")], "{{ line.text }}"))
    row(made, _LINE_WIDTHS, ([("Table strong", "This copy")], "{{ reader }}"))
    document.add_paragraph("Aims", "Heading 1")
    _aims(document)
    tag(document, "for text in texts")
    document.add_paragraph("{{ text.label }}", "Heading 1")
    document.add_paragraph("{{ text.text or 'Nothing was written.' }}")
    tag(document, "endfor")
    when(document, "police_intelligence", ("Heading 1", "Police intelligence (not for schools)"),
         ("Normal", "{{ police_intelligence }}"))  # fmt: skip
    when(document, "update", ("Heading 1", "Last update between meetings"), ("Normal", "{{ update }}"))
    return document


def _aims(document: Any) -> None:
    """Add each aim with what serves it; how it works and how it goes stand in a row under it where that is known."""
    made = table(
        document, "Aims", "What should be different, what is done for it, and by when", _AIM_WIDTHS,
        ("Aim", "What should be different", "Actions that serve it", "By when"),
    )  # fmt: skip
    row_tag(made, "for aim in aims")
    row(made, _AIM_WIDTHS, _AIM_CELLS)
    row_tag(made, "if aim.found or aim.progress")
    row(
        made, _AIM_WIDTHS,
        ("", [("Table strong", "How it works and goes")],
         "{{ aim.found }}{% if aim.found and aim.progress %}\n{% endif %}"
         "{% if aim.progress %}Last update: {{ aim.progress }}{% endif %}", ""),
    )  # fmt: skip
    row_tag(made, "endif")
    row_tag(made, "endfor")
