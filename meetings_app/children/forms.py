"""Forms about a child's identity and what is written beside it."""

from meetings_app.children.models import YesNoUnknown
from meetings_app.web.forms import Form, VersionedForm, choice, day, line, text

_ANSWERS = [
    (YesNoUnknown.UNKNOWN.value, "Not known"),
    (YesNoUnknown.YES.value, "Yes"),
    (YesNoUnknown.NO.value, "No"),
]


class NoteForm(Form):
    """A note, appended to the record and never changed afterwards."""

    text = text("Note", "Enter the note", hint="Say what happened and who told you. A note cannot be changed later.")


class DetailsForm(VersionedForm):
    """The identity of a child. Areas and schools are chosen by code."""

    name = line("Full name", "Enter the child’s full name")
    born = day("Date of birth", "Enter the date of birth")
    area = choice("Area", missing="Choose the area")
    external_reference = line("Reference in the other system")
    gender = line("Gender", longest=60)
    ethnicity = line("Ethnicity", longest=100)
    school = choice("School", hint="A school that has its own people in this service")
    school_name = line("School, if it is not in the list")
    learning_disability = choice("Learning disability", _ANSWERS, "Choose an answer")
    looked_after = choice("Looked after", _ANSWERS, "Choose an answer")
    legal_status = line("Legal status", longest=100)


class LeadForm(VersionedForm):
    """Who answers for the safety plan: the lead agency, and the lead professional by account or by name."""

    agency = choice("Lead agency")
    professional = choice("Lead professional", hint="People who have the role in this service")
    professional_name = line("Lead professional’s name, if they are not in the list")


class ComparisonForm(Form):
    """What a person says about two records that look alike."""

    resolution = choice(
        "Are these the same child?",
        [("same", "Yes, this is the same child"), ("different", "No, these are two children")],
        "Choose whether this is the same child",
    )
    reason = text("How do you know?", "Enter how you know")


class ProposalForm(Form):
    """The lead agency's proposal that the RMM considers closing."""

    reason = text("Why should the meeting consider closing?", "Enter why the meeting should consider closing")


class AdultContactForm(Form):
    """Who in adult services is the contact, from the age of 17 on."""

    service = line("Adult service", "Enter the adult service")
    contact = line("Name of the contact there", "Enter the name of the contact there")


class AdultServicesForm(Form):
    """The decision on a referral to adult services, due at 17½. What is missing is said by the rules."""

    referred = choice(
        "Is a referral to adult services made?", [("yes", "Yes"), ("no", "No")], "Choose whether a referral is made"
    )
    service = line("If yes: to whom")
    happens_on = day("If yes: date of the referral")
    reason = text("Why, or why not", longest=2000)


class PackageForm(Form):
    """The support package agreed with adult services."""

    service = line("Service", "Enter the service that takes over")
    contact = line("Contact there", "Enter the contact there")
    happens_on = day("Support starts on", "Enter when the support starts")
    agreed_by = line("Agreed by", "Enter who agreed the package")
