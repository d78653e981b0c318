"""An invented list of one agency’s actions, and one of an agency that was given none."""

from dataclasses import replace
from datetime import UTC, date, datetime

from meetings_app.documents.action_facts import ActionListFacts
from meetings_app.documents.facts import ActionRow


def sample_actions() -> ActionListFacts:
    """Give a list with an action."""
    action = ActionRow(
        reference="A-SAMP1", child="C-SAMP1", action="Sample action.", agency="Sample Agency", person="Testy McExample",
        due=date(2026, 12, 4),
    )  # fmt: skip
    return ActionListFacts(
        partnership="Sample Partnership", marking="SAMPLE MARKING", title="Sample meeting", area="Sample area",
        version="1", reader="Sample copy", produced_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        reference="RMM-SAMP-1", when="Sample day", agency="Sample Agency", actions=(action,),
    )  # fmt: skip


def no_actions() -> ActionListFacts:
    """Give the list of an agency that was given nothing."""
    return replace(sample_actions(), actions=())
