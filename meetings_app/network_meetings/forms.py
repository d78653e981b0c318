"""What the pages of a network meeting may submit."""

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.web.forms import Form, VersionedForm, choice, day, line, text, text_for_later


class AddForm(Form):
    """A subject put on an agenda by hand."""

    subject = line("Reference of the record", "Enter the reference of the record", hint="Such as N-7Q4KD")
    reason = text("Why is it added?", "Enter why it is added", longest=1000)


class DeferForm(Form):
    """Something taken off a draft."""

    reason = text("Why?", "Enter why it is deferred", longest=1000)


class MoveForm(Form):
    """Another place in its section for something on a draft."""

    place: SelectField = choice("Which number does it take?", missing="Choose which number it takes")
    reason = text("Why?", "Enter why it is moved", longest=1000)


class PublishForm(VersionedForm):
    """Publishing, at the version of the meeting that was shown."""


class LateForm(Form):
    """A referral taken on as a late item."""


OF_REFERRAL = {
    NetworkOutcome.TAKEN_UP.value: "It is taken up",
    NetworkOutcome.RETURNED.value: "More information is asked for",
    NetworkOutcome.NOT_TAKEN_UP.value: "It is not taken up",
    NetworkOutcome.DEFERRED.value: "Deferred to the next network meeting",
    NetworkOutcome.NOT_REACHED.value: "Not reached",
}
OF_SUBJECT = {
    NetworkOutcome.CONTINUES.value: "It continues: heard again at the next network meeting",
    NetworkOutcome.CLOSED.value: "It is closed",
    NetworkOutcome.DEFERRED.value: "Deferred to the next network meeting",
    NetworkOutcome.NOT_REACHED.value: "Not reached",
}


class DecisionForm(VersionedForm):
    """What the meeting says and decides on one item."""

    discussion = text("Discussion", hint="Name no suspect here: whoever may see the item reads it.")
    about_suspects = text(
        "About suspects", hint="Read by the police, and by whoever may see every suspect of this item."
    )
    outcome = RadioField("What does the meeting decide?", [Optional()], validate_choice=False, choices={})
    network_name = line("Name of the new network", hint="A name that nobody recognises from outside, such as a colour")
    known: SelectField = choice("Or is it more about a network that is known?")
    rationale = text("Why?", hint="What the decision rests on. Needed for every decision but a deferral.")
    put_off_reason = text("Why is it put off?", longest=2000)


class NetworkActionForm(Form):
    """One action: what, by whom, until when, and whom it is about."""

    what = text("What is to be done", "Enter what is to be done", longest=2000)
    owner: SelectField = choice("Who does it", missing="Choose who does it")
    about: SelectField = choice(
        "About", missing="Choose what it is about",
        hint="Only its owner, and who may see this record, read the action.",
    )  # fmt: skip
    due_on = day("By when", "Enter the date by which it is done")


class MatterForm(Form):
    """What goes on to a child’s RMM."""

    kind = RadioField(
        "How does it go on?", [InputRequired("Choose how it goes on")],
        choices={"item": "The child’s RMM hears of it", "action": "As an action on the child’s plan"},
    )  # fmt: skip
    text = text(
        "What should the RMM hear, or what is to be done?", "Enter what the RMM should hear, or what is to be done",
        longest=2000, hint="Name no suspect: everybody who sees the child’s item reads it.",
    )  # fmt: skip
    owner: SelectField = choice("Who does it, if it is an action")
    due_on = day("By when, if it is an action")


class ConflictForm(Form):
    """Who has a conflict of interest about an item, and what it is."""

    person: SelectField = choice("Who has a conflict of interest?", missing="Choose who has the conflict of interest")
    reason = text("What is it?", "Enter what the conflict of interest is", longest=1000)


class EndConflictForm(Form):
    """Why a conflict of interest is over."""

    reason = text("Why is it over?", "Enter why it is over", longest=1000)


class RestForm(Form):
    """Why the items that are not decided were not reached; `listed` names them as the person saw them."""

    listed = HiddenField(default="")
    reason = text("Why", longest=1000)


class CloseForm(VersionedForm):
    """Closing the meeting, at the version that was shown, and why though nobody’s attendance is recorded."""

    despite = text_for_later("Why is nobody’s attendance recorded?", longest=2000)


class SignForm(VersionedForm):
    """Signing the version of the minutes that was read, and why before the time for corrections is over."""

    despite = text_for_later("Why do you sign before the time for corrections is over?", longest=2000)


class AcceptForm(VersionedForm):
    """The words of an item, or the notes, once a correction is accepted."""

    discussion = text_for_later("Discussion, with the correction in it")
    about_suspects = text_for_later("About suspects")
    rationale = text_for_later("Reasons for the decision")
    notes = text_for_later("Notes, with the correction in them")


class PutRightForm(VersionedForm):
    """Other words on one item of the minutes, and why."""

    discussion = text("Discussion")
    about_suspects = text("About suspects")
    rationale = text("Reasons for the decision")
    reason = text("Why are the minutes put right?", "Enter why the minutes are put right", longest=1000)
