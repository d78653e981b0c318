"""The forms of networks: referring, subjects, links, readers and disruption."""

from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from meetings_app.errors import RuleBroken
from meetings_app.networks.linking import Grounds
from meetings_app.networks.referring import ReferralSaid
from meetings_app.networks.rules import check_criteria
from meetings_app.networks.states import (
    BASES,
    CHILD_TIES,
    CONFIDENCES,
    CRITERIA,
    DISRUPTION_STATES,
    KINDS,
    TIES,
    Basis,
    Confidence,
    Criterion,
    ReferralState,
    SubjectKind,
)
from meetings_app.networks.subjects import SubjectSaid
from meetings_app.web.forms import Form, VersionedForm, choice, day, line, text

KNOW = "Who said so, and how do they know?"


class Many(SelectMultipleField):  # type: ignore[misc] # WTForms comes without type hints
    """Several choices, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def codes(words: dict[Any, str]) -> dict[str, str]:
    """Give choices by their codes."""
    return {key.value: label for key, label in words.items()}


def basis_choice() -> RadioField:
    """Ask whether it is a fact or an opinion."""
    return RadioField("Is it a fact or an opinion?", [InputRequired("Choose fact or opinion")], choices=codes(BASES))


def confidence_choice() -> RadioField:
    """Ask how sure it is."""
    return RadioField("How sure is it?", [InputRequired("Choose how sure it is")], choices=codes(CONFIDENCES))


class ReferralForm(Form):
    """A referral to the network meeting."""

    criteria = Many("Why should the network meeting hear this?", choices=codes(CRITERIA))
    manager = line("Name of the service manager, if that is the reason")
    inspector = line("Name of the police inspector, if that is the reason")
    known = text("What is known?", "Enter what is known")
    source = text("Where is this known from?", "Enter where this is known from", longest=2000)
    basis, confidence = basis_choice(), confidence_choice()
    suspects = text(
        "What is known about suspects", hint="Read by the police, the network chair and you. Name no suspect elsewhere."
    )
    areas = Many("Which areas does it touch?", [InputRequired("Choose at least one area")], coerce=int)
    children = line("Children it concerns", hint="Their references, with a comma between them")
    authorities = line("Other authorities it touches")

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether everything is there, with all that is missing at once."""
        valid = bool(super().validate(extra_validators))
        chosen = {each for each in Criterion if each.value in (self.criteria.data or ())}
        try:
            check_criteria(chosen, self.manager.data or "", self.inspector.data or "")
        except RuleBroken as broken:
            self.refuse(broken)
            return False
        return valid

    def said(self, item_id: int | None = None) -> ReferralSaid:
        """Give what was typed; ask after the form is valid."""
        return ReferralSaid(
            frozenset(Criterion(code) for code in self.criteria.data or ()), self.known.data or "",
            self.source.data or "", Basis(self.basis.data), Confidence(self.confidence.data),
            frozenset(self.areas.data or ()), self.manager.data or "", self.inspector.data or "",
            self.authorities.data or "", self.suspects.data or "", item_id,
        )  # fmt: skip


class AcceptForm(VersionedForm):
    """Taking a referral up, as a new network or as more about a known one."""

    network = choice("Is it about a network that is known?", hint="Leave empty for a new one")
    name = line("Name of the new network", hint="A name that nobody recognises from outside, such as a colour")


class TurnDownForm(VersionedForm):
    """Asking for more, or taking no action."""

    state = RadioField(
        "What happens to the referral?", [InputRequired("Choose what happens to the referral")],
        choices={
            ReferralState.RETURNED.value: "More information is asked for",
            ReferralState.NO_ACTION.value: "The network meeting does not take it up",
        },
    )  # fmt: skip
    why = text("Why?", "Enter the reason, which the referrer is told", longest=2000)


class SubjectForm(VersionedForm):
    """What a record says of itself."""

    name = line("Name, or what it is known as", "Enter a name, or what it is known as")
    about = text("What is known")
    born = day("Date of birth of the suspect")
    details = text("Details of the suspect", hint="Read by the police, the chairs and those whom the police name")
    areas = Many("Areas it touches", coerce=int)
    review_on = day("Next review at a network meeting", hint="Leave empty for 56 days from now")

    def said(self, kind: SubjectKind) -> SubjectSaid:
        """Give what was typed."""
        suspect = kind is SubjectKind.SUSPECT
        return SubjectSaid(
            kind, self.name.data or "", self.about.data or "", frozenset(self.areas.data or ()), self.review_on.data,
            self.born.data if suspect else None, (self.details.data or "") if suspect else "",
        )  # fmt: skip

    def only(self, kind: SubjectKind) -> None:
        """Leave out what is asked of suspects alone."""
        if kind is not SubjectKind.SUSPECT:
            del self.born, self.details


class NewSubjectForm(SubjectForm):
    """What a new record says of itself; where there are records like it, why it is another one.

    `compared` holds the references of those that were shown, so that nobody rules out what they have not seen.
    """

    compared = HiddenField()
    another = text(
        "Why is this another one?",
        hint="It stands in this record: do not name another record or anybody in it",
        longest=2000,
    )

    def said(self, kind: SubjectKind) -> SubjectSaid:
        """Give what was typed; why it is another one stands with what is known."""
        said = super().said(kind)
        why = (self.another.data or "").strip() if self.another else ""
        return replace(said, about=f"{said.about}\n\nWhy this is a record of its own: {why}".strip()) if why else said


class KindForm(Form):
    """What a new record is about."""

    kind = RadioField(
        "What is the record about?", [InputRequired("Choose what the record is about")], choices=codes(KINDS)
    )


class AliasForm(Form):
    """Another name of a subject."""

    name = line("The other name", "Enter the other name")
    source = text(KNOW, "Enter who said so, and how they know", longest=2000)


class WhyForm(VersionedForm):
    """A reason."""

    why = text("Why?", "Enter why", longest=2000)


class ReaderForm(Form):
    """Somebody whom the police let read about a suspect."""

    email = line("Work email of the person", "Enter the work email of the person")
    why = text("Why does this person need to know?", "Enter why this person needs to know", longest=2000)


class OwnRecordForm(Form):
    """The child’s record of a suspect under 18."""

    child = line("Reference of the young person’s own record", "Enter the reference of the record")


class GroundsForm(Form):
    """What every link says of where it is known from."""

    since: Any
    source: Any
    basis: Any
    confidence: Any

    def grounds(self) -> Grounds:
        """Give who says so and how sure it is."""
        since: date | None = self.since.data
        return Grounds(self.source.data or "", Basis(self.basis.data), Confidence(self.confidence.data), since)


class LinkForm(GroundsForm):
    """A link with another subject."""

    other = line("Reference of the other record", "Enter the reference of the other record")
    tie = RadioField("How are they linked?", [InputRequired("Choose how they are linked")], choices=codes(TIES))
    since = day("Linked since", hint="Leave empty if nobody knows")
    source = text(KNOW, "Enter who said so, and how they know", longest=2000)
    basis, confidence = basis_choice(), confidence_choice()


class ChildLinkForm(GroundsForm):
    """A link with a child."""

    child = line("Reference of the child", "Enter the reference of the child")
    tie = RadioField(
        "How is the child linked?", [InputRequired("Choose how the child is linked")], choices=codes(CHILD_TIES)
    )
    since = day("Linked since", hint="Leave empty if nobody knows")
    source = text(KNOW, "Enter who said so, and how they know", longest=2000)
    basis, confidence = basis_choice(), confidence_choice()


class DisruptionForm(VersionedForm):
    """An order or a tactic, or what became of one."""

    tactic = choice("Order or tactic", (), "Choose the order or the tactic")
    agency = choice("By which agency", (), "Choose the agency")
    state = RadioField("How does it stand?", [InputRequired("Choose how it stands")], choices=codes(DISRUPTION_STATES))
    happened_on = day("Since when", "Enter the date")
    conditions = text("Conditions", longest=5000)
    expires_on = day("Expires on")
    text = text("What was done, and by whom", "Enter what was done, and by whom")
