"""Forms of a child's page: a change in circumstances, who works with the child, and the other ways off the list."""

from wtforms import HiddenField

from meetings_app.referrals.models import ChangeAnswerKind, ChangeKind
from meetings_app.web.filters import words
from meetings_app.web.forms import Form, VersionedForm, choice, day, line, text

_KINDS = [(kind.value, words(kind)) for kind in ChangeKind if kind is not ChangeKind.REPEAT_REFERRAL]


class ChangeForm(Form):
    """Something that happened to a child since the last RMM; it pulls the review to the next one (SG, KM)."""

    kind = choice("What happened?", _KINDS, "Choose what happened")
    happened_on = day("When did it happen?", "Enter the date on which it happened")
    text = text("What is known?", "Enter what is known", hint="It pulls the child’s review to the next meeting.")


ANSWERS = {
    ChangeAnswerKind.REFERRED_AGAIN: "Refer the child again: the referral goes to triage",
    ChangeAnswerKind.PASSED_ON: "It is passed on to the other authority",
    ChangeAnswerKind.NO_FURTHER_ACTION: "No further action",
}
ANSWERS_AFTER_A_DEATH = {
    ChangeAnswerKind.REFERRED_AGAIN: "The death was recorded by mistake: refer the child again",
    ChangeAnswerKind.NO_FURTHER_ACTION: "No further action",
}
"""There is no other authority to tell."""


class ChangeAnswerForm(Form):
    """What follows from a change about a child who has left the list."""

    kind = choice("What follows from it?", (), "Choose what follows from it")
    text = text(
        "Why, or whom you told and when", "Enter why, or whom you told and when", longest=2000,
        hint="Of what is passed on: the person at the other authority, and the day.",
    )  # fmt: skip


class InvolvementForm(Form):
    """Somebody of the specialist service begins or ends working with a child, and so sees the record or no longer."""

    change = choice(
        "What changes?", (), "Choose what changes",
        hint="Whoever of the specialist service works with the child sees the whole record. Nobody else there does.",
    )  # fmt: skip


class TransferForm(Form):
    """A child goes to another authority: until it has acknowledged, the child stays on the list."""

    authority = line("Authority that takes over", "Enter the authority that takes over")
    contact = line("Name of the contact there", "Enter the name of the contact there")
    reason = text("Why is the child transferred?", "Enter why the child is transferred", longest=2000)


class DeathForm(Form):
    """A chair records that a child has died; the other chair agrees."""

    reason = text(
        "What were the chairs told, and by whom?", "Enter what the chairs were told, and by whom", longest=2000,
        hint="The child’s actions and reviews end with these words. Nobody is sent a letter or an e-mail.",
    )  # fmt: skip


class DuplicateForm(Form):
    """A chair says that a child is on the list twice, and which record is kept, once both were shown side by side."""

    compared = HiddenField()
    kept = line("Reference of the record that is kept", "Enter the reference of the record that is kept")
    reason = text(
        "How do you know that these are one child?", "Enter how you know that these are one child", longest=2000
    )


class AcknowledgeForm(VersionedForm):
    """The other authority has taken over."""

    acknowledged_by = line("Who there acknowledged the transfer?", "Enter who acknowledged the transfer")
    acknowledged_on = day("When was it acknowledged?", "Enter the date of the acknowledgement")


class AgreeForm(VersionedForm):
    """The other chair agrees; there is nothing to fill in."""


class TakeBackForm(VersionedForm):
    """Why something is taken back, or undone."""

    reason = text("Why?", "Enter why", longest=2000)
