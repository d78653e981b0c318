"""The shipped template of a finished assessment."""

from typing import Any

from .house_style import new_document
from .parts import row_loop, table, tag, when

_TICK_WIDTHS = (4.4, 3.8, 7.2, 1.6)
_TICK_CELLS = (
    [("Table strong", "{{ tick.label }}")],
    "{{ tick.when|join('\\n') }}",
    [
        ("Table text", "{{ tick.evidence }}"),
        (
            "Table note",
            "Source: {% if tick.source %}{{ tick.source }}{% else %}not given{% endif %}"
            "{% for question in tick.asked %}\n{{ question.label }} {{ question.text }}{% endfor %}",
        ),
    ],
    "{% if tick.points is not none %}{{ tick.points }}{% endif %}",
)


def assessment() -> Any:
    """Give one finished assessment: its result, what it asks for, then every answer."""
    document = new_document(
        "{{ reference }} · {{ tool }}, version {{ version }}", status="{{ unofficial }}", left="{{ reader }}"
    )
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ name }}{% if child %} ({{ child }}){% endif %}", "Subtitle")
    _labelled_lines(document, "About this assessment", "Whom it is about, who made it and when", "about")
    document.add_paragraph("Result", "Heading 1")
    _labelled_lines(document, "Result", "What the tool makes of the answers", "result")
    when(document, "notes", ("Heading 2", "What it means"))
    tag(document, "for note in notes")
    document.add_paragraph("{{ note }}")
    tag(document, "endfor")
    _what_follows(document)
    document.add_paragraph("What was ticked, and why", "Heading 1")
    tag(document, "for tier in tiers")
    _tier(document)
    tag(document, "endfor")
    tag(document, "if gone")
    document.add_paragraph("Ticked last time, and said to be so no longer", "Heading 2")
    document.add_paragraph("{{ gone|join('\\n') }}")
    tag(document, "endif")
    document.add_paragraph("Other factors", "Heading 2")
    when(document, "not other_factors", ("Normal", "None were written down."))
    tag(document, "for factor in other_factors")
    document.add_paragraph("{{ factor }}")
    tag(document, "endfor")
    document.add_paragraph("Views and judgement", "Heading 1")
    tag(document, "for text in texts")
    document.add_paragraph("{{ text.label }}", "Heading 2")
    document.add_paragraph("{{ text.text or 'Nothing was written.' }}")
    tag(document, "endfor")
    return document


def _labelled_lines(document: Any, title: str, description: str, lines: str) -> None:
    widths = (5.2, 11.8)
    made = table(document, title, description, widths, (title, "What is recorded"))
    row_loop(made, widths, f"line in {lines}", ([("Table strong", "{{ line.label }}")], "{{ line.text }}"))


def _what_follows(document: Any) -> None:
    """Add what the result asks for with every answer, and what was decided after it."""
    document.add_paragraph("What this result asks for", "Heading 1")
    when(document, "not flags", ("Normal", "Nothing in particular."))
    tag(document, "for flag in flags")
    document.add_paragraph("{{ flag.text }}", "Heading 3")
    when(document, "not flag.answers", ("Normal", "Not answered when this copy was made."))
    tag(document, "for answer in flag.answers")
    document.add_paragraph("{{ answer }}")
    tag(document, "endfor")
    tag(document, "endfor")
    document.add_paragraph("What was decided after it", "Heading 1")
    when(document, "not decision", ("Normal", "Nothing was decided when this copy was made."))
    tag(document, "for sentence in decision")
    document.add_paragraph("{{ sentence }}")
    tag(document, "endfor")


def _tier(document: Any) -> None:
    document.add_paragraph("{{ tier.title }}", "Heading 2")
    when(document, "not tier.ticks", ("Normal", "Nothing is ticked here."))
    tag(document, "if tier.ticks")
    made = table(
        document,
        "Ticked indicators",
        "What was ticked, when it was so, and why",
        _TICK_WIDTHS,
        ("Indicator", "When", "Why it was ticked", "Points"),
    )
    row_loop(made, _TICK_WIDTHS, "tick in tier.ticks", _TICK_CELLS)
    tag(document, "endif")
