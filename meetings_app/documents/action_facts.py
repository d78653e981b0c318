"""What the Word document of one agency’s list of actions is told."""

from dataclasses import dataclass

from meetings_app.documents.facts import ActionRow, Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionListFacts(Heading):
    """The actions that one meeting gave to one agency; children stand in it by reference, never by name."""

    reference: str
    when: str
    agency: str
    actions: tuple[ActionRow, ...]
