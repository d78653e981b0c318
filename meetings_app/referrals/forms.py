"""What the pages of referrals may submit."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from meetings_app.referrals.states import ReferralState
from meetings_app.web.forms import Form, VersionedForm, choice, day, line, text

NEW_CHILD = "new"
"""What is chosen where none of the records found is the child."""

_CHOOSE_CHILD = "Choose the child, or say that it is none of these"
_CHOOSE_OUTCOME = "Choose what happens to the referral"
_CHOOSE_SAME = "Choose whether it is the same child"

SEARCH_FIELDS = ("name", "born", "external_reference")
CHILD_FIELDS = ("area", "gender", "school", "school_name", "learning_disability")
DETAIL_FIELDS = ("reason", "urgent", "tool", "awaiting_assessment", *CHILD_FIELDS, "agency", "referrer_name")

TOOLS = {
    "": "None yet",
    "seraf": "SERAF",
    "kent-medway": "Kent & Medway toolkit",
    "cse1": "CSE 1",
    "surrey": "Surrey screening and assessment",
    "other": "Another tool",
}

OUTCOME_WORDS = {
    ReferralState.ACCEPTED: "Accept: the next RMM hears it",
    ReferralState.RETURNED: "Return: more information is needed",
    ReferralState.ALREADY_KNOWN: "Already known: it becomes an update, and the review comes forward",
    ReferralState.TRANSFERRED: "Transfer to another authority",
    ReferralState.NO_FURTHER_ACTION: "No further action",
}


class SearchForm(Form):
    """Step 1: who the child is, so that the search comes before a new record."""

    name = line("Child’s full name", "Enter the child’s full name")
    born = day("Date of birth", "Enter the child’s date of birth", hint="For example, 31/12/2011")
    external_reference = line(
        "Reference, if you know one", longest=100, hint="Of this service, such as C-7Q4KD, or of your own system"
    )


class MatchForm(Form):
    """Step 1, continued: which of the records found is the child, if any."""

    child = RadioField(
        "Is it one of these children?",
        validators=[InputRequired(_CHOOSE_CHILD)],
        invalid_choice_message=_CHOOSE_CHILD,
    )

    def offer(self, references: Iterable[str]) -> None:
        """Set the records found, by reference; the page says the names."""
        self.child.choices = {**{reference: reference for reference in references}, NEW_CHILD: "None of these"}


class DetailsForm(Form):
    """Step 2: the concern and, for a new record, what is known about the child."""

    area = choice("Area where the child lives", missing="Choose the area where the child lives")
    gender = line("Gender", longest=60)
    school = choice("School", hint="A school that has its own people in this service")
    school_name = line("School, if it is not in the list")
    learning_disability = choice(
        "Does the child have a learning disability?", [("unknown", "Not known"), ("yes", "Yes"), ("no", "No")]
    )
    reason = text(
        "What is the concern?",
        "Enter what the concern is",
        hint="What has happened, where and with whom, and how you know. Write about what others do to the child.",
    )
    urgent = BooleanField("This is urgent")
    tool = choice("Screening tool used", TOOLS.items())
    awaiting_assessment = BooleanField("A full assessment is still to come")
    agency = choice("Agency that makes the referral", missing="Choose the agency that makes the referral")
    referrer_name = line("Who makes the referral", "Enter who makes the referral")

    def offer(self, field: str, choices: Iterable[tuple[str, str]]) -> None:
        """Set what a drop-down offers, after an empty line."""
        self[field].choices = {"": "Choose", **dict(choices)}

    def leave_out(self, *fields: str) -> None:
        """Take away what this person, or this child, is not asked."""
        for field in fields:
            del self[field]


class DecisionForm(VersionedForm):
    """What triage decides, and why."""

    outcome = RadioField(
        "What happens to this referral?",
        validators=[InputRequired(_CHOOSE_OUTCOME)],
        invalid_choice_message=_CHOOSE_OUTCOME,
    )
    transferred_to = line("Authority that takes the referral")
    transferred_contact = line("Name of the person there who has taken it")
    reason = text(
        "Reason",
        hint="The referrer reads this. To return: what is missing. Already known: what is new. Not needed to accept.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Which of these are needed depends on the outcome, so none is called optional.
        for field in (self.transferred_to, self.transferred_contact, self.reason):
            field.flags.optional = False

    def offer(self, outcomes: Iterable[ReferralState]) -> None:
        """Set the outcomes that this person may decide."""
        self.outcome.choices = {outcome.value: OUTCOME_WORDS[outcome] for outcome in outcomes}


class AnswerForm(VersionedForm):
    """The referrer's answer to a returned referral."""

    text = text("Your answer", "Enter the information that was asked for")


class SameChildForm(VersionedForm):
    """Whether the referral is about a child who has a record already."""

    resolution = RadioField(
        "Is it the same child?",
        choices={"same": "Yes, move the referral to that record", "different": "No, these are two children"},
        validators=[InputRequired(_CHOOSE_SAME)],
        invalid_choice_message=_CHOOSE_SAME,
    )
    reason = text("How do you know?", "Enter how you know")
