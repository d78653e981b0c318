"""The forms of what is recorded beside subjects: CHaRMM, other authorities, extracts and merged records."""

from collections.abc import Sequence
from datetime import date

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from meetings_app.networks.borders import Contact, OutsideSaid
from meetings_app.networks.charmm import Heard, Taken
from meetings_app.networks.extract_lines import ExtractLine
from meetings_app.networks.forms import KNOW, GroundsForm, Many, basis_choice, codes, confidence_choice
from meetings_app.networks.states import CHILD_TIES, ChildTie, ExtractState
from meetings_app.web.forms import Form, VersionedForm, choice, day, line, text


class PassOnForm(Form):
    """The network that an action of an RMM is about."""

    network: SelectField = choice(
        "Which network is it about?", missing="Choose which network it is about",
        hint="The network chair reads the action. Where no network is known yet, refer to the network meeting instead.",
    )  # fmt: skip


class CallBackForm(Form):
    """Why the network meeting watches an action of an RMM no more."""

    reason = text("Why is it called back?", "Enter why it is called back", longest=2000)


class CharmmForm(Form):
    """Taking a suspect to a CHaRMM."""

    district = line("District of the meeting", "Enter the district whose meeting it is")
    referred_on = day("Referred on", "Enter the date")
    why = text("What is the meeting asked to look at?", "Enter what the meeting is asked to look at")
    comes_back_on = day("The meeting hears it on", hint="Leave empty if no date is known")

    def taken(self) -> Taken:
        """Give what was typed; ask after the form is valid."""
        return Taken(
            self.district.data or "", self.referred_on.data or date.max, self.why.data or "", self.comes_back_on.data
        )


class CharmmOutcomeForm(VersionedForm):
    """What a CHaRMM said."""

    heard_on = day("Heard on", "Enter the date")
    text = text("What did the meeting decide?", "Enter what the meeting decided")
    comes_back_on = day("Comes back on", hint="Leave empty if it does not come back: the referral is then over")

    def heard(self) -> Heard:
        """Give what was typed; ask after the form is valid."""
        return Heard(self.heard_on.data or date.max, self.text.data or "", self.comes_back_on.data)


class ContactForm(Form):
    """Whom to reach at another authority."""

    contact = line("Name of the contact there", "Enter whom to reach there")
    reach = line("How to reach them", "Enter how to reach them", hint="A telephone number, or a secure address")

    def reached(self) -> Contact:
        """Give what was typed."""
        return Contact(self.contact.data or "", self.reach.data or "")


class AuthorityForm(ContactForm):
    """Another authority that a subject touches."""

    authority = line("Name of the authority", "Enter the name of the other authority")
    contact = line("Name of the contact there", "Enter whom to reach there")
    reach = line("How to reach them", "Enter how to reach them", hint="A telephone number, or a secure address")


class OutsideChildForm(GroundsForm):
    """A child of another authority."""

    name = line("Name of the child, or what the other authority calls them", "Enter the name of the child")
    their_reference = line("Their reference there")
    tie = RadioField(
        "How is the child linked?", [InputRequired("Choose how the child is linked")], choices=codes(CHILD_TIES)
    )
    since = day("Linked since", hint="Leave empty if nobody knows")
    source = text(KNOW, "Enter who said so, and how they know", longest=2000)
    basis, confidence = basis_choice(), confidence_choice()

    def said(self) -> OutsideSaid:
        """Give what was typed; ask after the form is valid."""
        tie, reference = ChildTie(self.tie.data), self.their_reference.data or ""
        return OutsideSaid(self.name.data or "", tie, self.grounds(), reference)


class MergeForm(VersionedForm):
    """Saying that two records are one subject."""

    other = line("Reference of the record that is kept", "Enter the reference of the record that is kept")
    reason = text("How do you know that they are the same?", "Enter how you know that they are the same", longest=2000)


class UndoMergeForm(VersionedForm):
    """Saying that two records are two subjects after all."""

    reason = text("How do you know that they are two?", "Enter how you know that they are two", longest=2000)


class ExtractForm(Form):
    """What another authority is told, and what for."""

    authority = choice("Which authority is told?", (), "Choose the authority")
    purpose = text("What does it need this for?", "Enter what the other authority needs it for", longest=2000)
    lines = Many("What is shared", [InputRequired("Choose at least one thing to share")], choices={})

    def offer(self, lines: Sequence[ExtractLine], authorities: dict[str, str]) -> None:
        """Set what may be chosen."""
        self.lines.choices = {line.key: f"{line.label}: {line.text}" for line in lines}
        self.authority.choices = {"": "Choose", **authorities}


class ExtractDecisionForm(VersionedForm):
    """The network chair's decision on an extract."""

    state = RadioField(
        "What happens to the extract?", [InputRequired("Choose what happens to the extract")],
        choices={
            ExtractState.APPROVED.value: "These very words may go to this authority",
            ExtractState.REFUSED.value: "It is not approved",
        },
    )  # fmt: skip
    reason = text("Why not, or under what conditions", longest=2000)


class CopyForm(VersionedForm):
    """Who gets a copy of an extract."""

    reader = line("Who gets this copy?", "Enter who gets this copy")
