"""The shipped template of the minutes."""

from typing import Any

from .house_style import border, new_document
from .parts import CHAIRS, labelled, row, row_loop, row_tag, table, tag, title_block, when

RULE = ("top", "B1B4B6", 4, 6)
ACTION_WIDTHS = (2.3, 6.6, 2.9, 2.9, 2.3)
ACTION_HEADINGS = ("Reference", "What is to be done", "Agency", "Who", "By when")
ACTION_CELLS = (
    "{{ action.reference }}",
    "{{ action.action }}",
    "{{ action.agency }}",
    "{{ action.person }}",
    "{{ action.due|short_date }}",
)


def minutes() -> Any:
    """Give the minutes: who was there, a section for each child, and the actions by agency at the end."""
    document = new_document("{{ reference }}", status="{{ status }}")
    title_block(
        document,
        "minutes",
        [
            ("When", "{{ when }}"),
            ("Where", "{{ place }}"),
            ("Chairs", CHAIRS),
            ("This copy", "{{ reader }}, version {{ version }}"),
            ("Status", "{{ status }}"),
        ],
    )
    minutes_opening(document)
    document.add_paragraph("Children considered", "Heading 1")
    when(document, "not children", ("Normal", "No child was considered in this copy of the minutes."))
    tag(document, "for child in children")
    tag(document, "if child.stub")
    border(document.add_paragraph("{{ child.number }} Restricted item", "Heading 2")._p, RULE)
    document.add_paragraph("This item is not part of this copy.")
    tag(document, "else")
    child_section(document)
    tag(document, "endif")
    tag(document, "endfor")
    minutes_ending(document)
    return document


def minutes_opening(document: Any) -> None:
    """Add who was there, whether the meeting was quorate, and that the statement was read."""
    document.add_paragraph("Who was there", "Heading 1")
    widths = (5.2, 6.8, 5.0)
    made = table(
        document,
        "Attendance",
        "Each agency, who came for it and how",
        widths,
        ("Agency", "Name", "Attendance"),
    )
    row_loop(made, widths, "person in attendance", ("{{ person.agency }}", "{{ person.name }}", "{{ person.how }}"))
    document.add_paragraph("Quorum", "Heading 2")
    document.add_paragraph("{{ quorum }}")
    document.add_paragraph("Confidentiality and language statement", "Heading 2")
    when(document, "not statement_read", ("Normal", "Not recorded as read."))
    tag(document, "for sentence in statement_read")
    document.add_paragraph("{{ sentence }}")
    tag(document, "endfor")
    tag(document, "for note in notes")
    document.add_paragraph("{{ note.label }}", "Heading 2")
    document.add_paragraph("{{ note.text }}")
    tag(document, "endfor")


def child_section(document: Any) -> None:
    """Add the record of one child."""
    heading = document.add_paragraph(
        "{{ child.number }} {% if child.name %}{{ child.name }} ({{ child.child }})"
        "{% else %}{{ child.child }}{% endif %}"
        "{% if child.age is not none %}, aged {{ child.age }}{% endif %}",
        "Heading 2",
    )
    border(heading._p, RULE)
    when(
        document,
        "child.reasons",
        ("Heading 3", "Why the child was considered"),
        ("Normal", "{{ child.reasons|join('\\n') }}"),
    )
    when(
        document,
        "child.attendance_notes",
        ("Heading 3", "Who was there for this child"),
        ("Normal", "{{ child.attendance_notes|join('\\n') }}"),
    )
    tag(document, "if child.information")
    document.add_paragraph("What each agency thinks", "Heading 3")
    tag(document, "for told in child.information")
    labelled(document, "{{ told.agency }}{% if told.dissents %}, which disagrees{% endif %}:", "{{ told.text }}")
    tag(document, "endfor")
    tag(document, "endif")
    when(document, "child.discussion", ("Heading 3", "Discussion"), ("Normal", "{{ child.discussion }}"))
    when(
        document,
        "child.beside",
        ("Heading 3", "Also recorded at this item"),
        ("Normal", "{{ child.beside|join('\\n') }}"),
    )
    when(document, "child.deferred", ("Heading 3", "Deferred"), ("Normal", "{{ child.deferred }}"))
    when(document, "child.not_reached", ("Heading 3", "Not reached"), ("Normal", "{{ child.not_reached }}"))
    tag(document, "if child.decision")
    decision(document)
    tag(document, "elif not child.deferred and not child.not_reached")
    document.add_paragraph("Decision", "Heading 3")
    document.add_paragraph("No rating was decided at this item.")
    tag(document, "endif")
    when(document, "child.rationale", ("Heading 3", "Reasons for the decision"), ("Normal", "{{ child.rationale }}"))
    tag(document, "if child.closure")
    closure(document)
    tag(document, "endif")
    tag(document, "if child.actions")
    document.add_paragraph("Actions", "Heading 3")
    made = table(
        document,
        "Actions for this child",
        "What is to be done, by which agency and person, and by when",
        ACTION_WIDTHS,
        ACTION_HEADINGS,
    )
    row_loop(made, ACTION_WIDTHS, "action in child.actions", ACTION_CELLS)
    tag(document, "elif not child.deferred and not child.not_reached")
    document.add_paragraph("Actions", "Heading 3")
    document.add_paragraph("This copy shows no action about this child.")
    tag(document, "endif")


def decision(document: Any) -> None:
    """Add the table of what the meeting decided for one child."""
    document.add_paragraph("Decision", "Heading 3")
    widths = (5.2, 11.8)
    made = table(
        document,
        "Decision",
        "What the meeting decided for this child",
        widths,
        ("Decision", "What was decided"),
    )
    row(
        made,
        widths,
        (
            "Risk rating",
            [
                (
                    "Table strong",
                    "{{ child.decision.rating }}{% if child.decision.provisional %}, provisional until "
                    "a quorate meeting confirms it{% endif %}",
                )
            ],
        ),
        with_next=True,
    )
    for label, field, otherwise in (
        ("Rating before", "was", "Not rated before"),
        ("Exploitation status", "exploitation_status", ""),
        ("Lead agency", "lead_agency", "None"),
        ("Lead professional", "lead_professional", "Not named yet"),
    ):
        fallback = f" or '{otherwise}'" if otherwise else ""
        row(made, widths, (label, "{{ child.decision." + field + fallback + " }}"), with_next=True)
    row(
        made,
        widths,
        (
            "Next review",
            "{{ child.decision.next_review or 'None' }}{% if child.decision.next_meeting %}, at "
            "{{ child.decision.next_meeting }}{% endif %}",
        ),
    )
    row_loop(made, widths, "line in child.decision.further", ("{{ line.label }}", "{{ line.text }}"))


def closure(document: Any) -> None:
    """Add why a child leaves the list, and both signatures."""
    document.add_paragraph("Leaving the list", "Heading 3")
    widths = (5.2, 11.8)
    made = table(
        document,
        "Leaving the list",
        "Why the child leaves the list and who signed",
        widths,
        ("Closure", "What was recorded"),
    )
    row(made, widths, ("What changed, and the evidence", "{{ child.closure.rationale }}"))
    row(made, widths, ("Areas of good practice", "{{ child.closure.good_practice }}"))
    row(made, widths, ("Onward referral", "{{ child.closure.onward_referral }}"))
    row_tag(made, "if child.closure.support_package")
    row(made, widths, ("Support as an adult", "{{ child.closure.support_package }}"))
    row_tag(made, "endif")
    row_tag(made, "for signature in child.closure.signatures")
    row(made, widths, ("Signed for {{ signature.agency }}", SIGNED))
    row_tag(made, "endfor")


SIGNED = (
    "{{ signature.name }}, {% if signature.signed_on %}{{ signature.signed_on }}{% else %}not signed yet{% endif %}"
)


def minutes_ending(document: Any) -> None:
    """Add the changes to the list, the actions by agency, the next meeting and the signatures."""
    document.add_paragraph("Changes to the list", "Heading 1")
    when(document, "not list_changes", ("Normal", "This copy shows no change to the list."))
    tag(document, "if list_changes")
    changes = (2.6, 4.6, 9.8)
    made = table(
        document,
        "Changes to the list",
        "Each child whose place on the list changed",
        changes,
        ("Reference", "Name", "Change"),
    )
    row_loop(made, changes, "entry in list_changes", ("{{ entry.child }}", "{{ entry.name }}", "{{ entry.change }}"))
    tag(document, "endif")
    document.add_paragraph("Actions by agency", "Heading 1")
    when(document, "not actions_by_agency", ("Normal", "This copy shows no action."))
    tag(document, "for group in actions_by_agency")
    document.add_paragraph("{{ group.agency }}", "Heading 2")
    by_agency = (2.3, 2.5, 6.6, 3.3, 2.3)
    made = table(
        document,
        "Actions of one agency",
        "What the agency is to do, for which child, who does it and by when",
        by_agency,
        ("Reference", "Child", "What is to be done", "Who", "By when"),
    )
    row_loop(
        made,
        by_agency,
        "action in group.actions",
        (ACTION_CELLS[0], "{{ action.child }}", ACTION_CELLS[1], ACTION_CELLS[3], ACTION_CELLS[4]),
    )
    tag(document, "endfor")
    document.add_paragraph("Next meeting", "Heading 1")
    document.add_paragraph("{{ next_meeting }}")
    tag(document, "if signatures")
    document.add_paragraph("Signatures", "Heading 1")
    widths = (6.0, 6.0, 5.0)
    made = table(document, "Signatures", "Who signed these minutes and when", widths, ("Agency", "Name", "Signed"))
    row_loop(
        made,
        widths,
        "signature in signatures",
        (
            "{{ signature.agency }}",
            "{{ signature.name }}",
            "{% if signature.signed_on %}{{ signature.signed_on }}{% else %}Not signed yet{% endif %}",
        ),
    )
    tag(document, "endif")
    when(
        document,
        "sha256",
        ("Small print", "Fingerprint of the signed record (SHA-256): {{ sha256 }}"),
    )
