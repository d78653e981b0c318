"""What the record of a meeting may submit."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from meetings_app.children.ages import BEHAVIOURS
from meetings_app.children.models import Child, TransitionRecord, YesNoUnknown
from meetings_app.cse_list.models import ListEntry, WarningCode
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.gate import QUESTIONS, ClosureAnswers, reason_field
from meetings_app.meetings.models import Outcome, Presence
from meetings_app.ratings.models import ExploitationStatus, RiskRating
from meetings_app.web.forms import Form, VersionedForm, choice, day, line, text, text_for_later
from meetings_app.web.numbers import row_number

PRESENCE_WORDS = {
    Presence.PRESENT: "Present",
    Presence.APOLOGIES: "Apologies",
    Presence.REPORT_ONLY: "Report only",
    Presence.ABSENT: "Absent",
}
OUTCOME_WORDS = {
    Outcome.RATED: "Rated",
    Outcome.CLOSED: "Closed",
    Outcome.DEFERRED: "Deferred: information is missing",
    Outcome.NOT_REACHED: "Not reached",
    Outcome.NOTED: "Noted",
}
_YES_NO = {YesNoUnknown.YES.value: "Yes", YesNoUnknown.NO.value: "No"}


def _radios(label: str, choices: dict[str, str], hint: str = "") -> RadioField:
    return RadioField(label, [Optional()], validate_choice=False, choices=choices, description=hint)


def _reason(label: str) -> Any:
    return text(label, longest=2000)


ALTHOUGH = "Why the child leaves the list all the same"


class NotesForm(VersionedForm):
    """What concerns no single child."""

    notes = text("Minutes and matters arising, any other business")


class CloseForm(VersionedForm):
    """Closing the meeting, at the version that was shown, and why in spite of what is pointed out.

    `despite` is why nobody’s attendance is recorded.
    """

    despite = text_for_later("Why is nobody’s attendance recorded?", longest=2000)
    although = text_for_later("Why is the meeting closed all the same?", longest=2000)


class RestForm(Form):
    """What becomes of every item that is not decided yet: it was not reached, or an agency owes information.

    `listed` names the items as the person saw them before confirming.
    """

    listed = HiddenField(default="")

    outcome = RadioField(
        "What is true of them?", [InputRequired("Choose what is true of the remaining items")], validate_choice=False,
        choices={"not_reached": "They were not reached", "deferred": "They are deferred: information is missing"},
        default="not_reached",
    )  # fmt: skip
    agency: SelectField = choice("Agency that supplies what is missing", coerce=str)
    reason = text("Why", longest=1000, hint="Needed only where information is missing: say what.")


class ActionForm(VersionedForm):
    """One action: what, by whom, until when."""

    what = text("What is to be done", "Enter what is to be done", longest=2000)
    owner: SelectField = choice("Who does it", missing="Choose who does it", coerce=str)
    due_on = day("By when", "Enter the date by which it is done")

    @property
    def is_typed(self) -> bool:
        """Whether anything was filled in: then all of it is asked for."""
        return bool(self.what.data or self.owner.data or (self.due_on.raw_data and self.due_on.raw_data[0]))


class AgencyViewForm(Form):
    """What one agency thinks about an item."""

    view_agency: SelectField = choice("Agency", missing="Choose the agency whose view it is", coerce=str)
    view_text = text(
        "What it thinks",
        "Enter what the agency thinks",
        longest=4000,
        hint="It takes the place of what is there. What the police know is "
        "left out of the child’s file here, and out of copies without names.",
    )
    view_dissents = BooleanField("The agency disagrees with the decision")

    @property
    def is_typed(self) -> bool:
        """Whether anything was filled in: then all of it is asked for."""
        return bool(self.view_agency.data or self.view_text.data or self.view_dissents.data)

    @property
    def dissents(self) -> bool:
        """Whether the agency disagrees."""
        return bool(self.view_dissents.data)

    def view(self) -> tuple[int, str]:
        """Give the agency and what it thinks. Call it only after the form was found valid."""
        return int(self.view_agency.data), _text(self.view_text.data)


class WithdrawForm(VersionedForm):
    """Why the meeting withdraws an open action."""

    reason = text(
        "Why does the meeting withdraw this action?",
        "Enter why the meeting withdraws it",
        hint="Where somebody else takes it over, name the person and the agency.",
        longest=2000,
    )


class LookBackForm(VersionedForm):
    """What was found on looking back on a closure."""

    found = text(
        "What was found",
        "Enter what was found",
        hint="Say whom you asked: each agency, the family, the school. A new concern comes back by a new referral.",
    )


class TaskForm(VersionedForm):
    """Who does what follows a closure."""

    owner: SelectField = choice("Who does it", missing="Choose who does it", coerce=str)
    due_on = day("By when", "Enter the date by which it is done")


class DecisionForm(VersionedForm):
    """What the meeting decides on one item. What is missing is said by the rules, beside the field."""

    discussion = text(
        "Discussion",
        hint="The analysis: what was done to the child. It goes into the child’s file. What the police know goes under "
        "“What each agency thinks”, as what the police think: that stays out of the file.",
    )
    outcome = _radios("Outcome", {code.value: words for code, words in OUTCOME_WORDS.items()})
    rating = _radios("Rating", {})
    exploitation_status = _radios(
        "Exploitation status",
        {
            ExploitationStatus.INDICATORS.value: "Indicators only",
            ExploitationStatus.SUSPECTED.value: "Suspected",
            ExploitationStatus.KNOWN.value: "Known",
        },
    )
    rationale = text("Rationale", hint="Why the meeting decided this. For a closure: what changed, and what protects.")
    social_worker = _radios("Is a social worker already working with the child?", _YES_NO)
    lead_agency: SelectField = choice("Lead agency", coerce=str)
    lead_professional: SelectField = choice("Lead professional", coerce=str)
    lead_professional_name = line("Lead professional without an account", hint="Name and agency")
    next_review_on = day("Next review", hint="Leave empty for the usual date")
    next_review_reason = line("Why the review is later than usual")
    behaviours_indicate = _radios(BEHAVIOURS, _YES_NO, "Unanswered counts as yes.")
    behaviours_reason = text("Reasons for this answer", longest=2000)
    both_chairs_agree = BooleanField("Both chairs agree to lower the rating by more than one level")
    step_down_reason = text("Why the rating is lowered by more than one level", longest=2000)
    tool_difference_reason = text("Why the rating differs from the assessment tool", longest=2000)
    information_supplied = BooleanField("What was missing has been supplied")
    not_reached_reason = line("Why the item was not reached")
    information_agency: SelectField = choice("Agency that supplies what is missing", coerce=str)
    deferred_reason = text("What is missing", longest=2000)
    good_practice = text("Areas of good practice")
    onward_agency: SelectField = choice("Agency the child is referred to", coerce=str)
    no_onward_need = BooleanField("There is no need for an onward referral")
    child_view = text("The child’s views, or why they were not sought")
    parents_view = text("The parents’ or carers’ views, or why they were not sought")
    still_at_risk = _radios("Is the young person still at risk?", _YES_NO)
    package_service = line("Support package: service")
    package_contact = line("Support package: contact")
    package_starts_on = day("Support package: start")
    package_agreed_by = line("Support package: agreed by")
    no_package_needed = BooleanField("There is no ongoing need")
    adult_at_risk = _radios("Adult at risk (Care Act, section 42)?", _YES_NO)
    adult_at_risk_reason = text("Why", longest=2000)
    section_47 = _radios("Is a section 47 enquiry open?", {**_YES_NO, YesNoUnknown.UNKNOWN.value: "Not known"})
    seen_since_review = _radios("Was the child seen since the last review?", _YES_NO)
    not_seen_reason = _reason("If not seen: why the child leaves the list all the same")
    non_engagement_only = _radios("Does the closure follow non-engagement alone?", _YES_NO)
    non_engagement_reason = _reason("If so: why the child leaves the list all the same")
    live_investigation = _radios("Is an investigation or a trial live?", _YES_NO)
    investigation_reason = _reason("If so: why the child leaves the list all the same")
    agency_dissents = _radios("Does an agency dissent?", _YES_NO)
    dissent_reason = _reason("If so: which agency, what it says, and why the child leaves the list all the same")
    missing_reason = _reason(ALTHOUGH)
    closed_before_reason = _reason(ALTHOUGH)
    recently_high_reason = _reason(ALTHOUGH)
    linked_high_reason = _reason(ALTHOUGH)

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        # Which field is needed depends on the outcome, so none is called optional: the rules say what is missing.
        for field in self:
            field.flags.optional = False

    def show(self, decided: Decided, answers: ClosureAnswers) -> None:
        """Fill the form in with what is recorded."""
        reasons = {reason_field(code): reason for code, reason in answers.reasons.items()}
        for name, value in {**vars(decided), **vars(answers), **reasons}.items():
            if name == "reasons":
                continue
            field = self._fields[name.removesuffix("_id")]
            field.data = _as_text(value) if isinstance(field, SelectField) else value

    def suggest(self, entry: ListEntry | None, child: Child) -> None:
        """Fill in what is true now of a child on the list, so that only what the meeting changes is typed."""
        if entry is not None:
            self.lead_agency.data = _as_text(entry.lead_agency_id)
            self.exploitation_status.data = entry.exploitation_status
        self.lead_professional.data = _as_text(child.lead_professional_id)
        self.lead_professional_name.data = child.lead_professional_name

    def offers(self, agency: str) -> bool:
        """Say whether the agency that holds children rated low is offered: low, another one leads, no social worker."""
        leads = str(self.lead_agency.data or "")
        works = str(self.social_worker.data or "") == YesNoUnknown.YES.value
        return str(self.rating.data or "") == RiskRating.LOW.value and leads not in ("", agency) and not works

    def suggest_package(self, package: TransitionRecord) -> None:
        """Fill in the support package that is on record, so that it is typed once."""
        self.package_service.data, self.package_contact.data = package.service, package.contact
        self.package_starts_on.data, self.package_agreed_by.data = package.happens_on, package.agreed_by

    def decided(self) -> Decided:
        """Give what was typed, as the rules take it. What cannot be read of it counts as not given."""
        return Decided(
            outcome=_member(Outcome, self.outcome.data), rating=_member(RiskRating, self.rating.data),
            exploitation_status=_member(ExploitationStatus, self.exploitation_status.data),
            discussion=_text(self.discussion.data), rationale=_text(self.rationale.data),
            lead_agency_id=row_number(self.lead_agency.data),
            lead_professional_id=row_number(self.lead_professional.data),
            lead_professional_name=_text(self.lead_professional_name.data), next_review_on=self.next_review_on.data,
            next_review_reason=_text(self.next_review_reason.data),
            behaviours_indicate=_member(YesNoUnknown, self.behaviours_indicate.data) or YesNoUnknown.UNKNOWN,
            behaviours_reason=_text(self.behaviours_reason.data), step_down_reason=_text(self.step_down_reason.data),
            both_chairs_agree=bool(self.both_chairs_agree.data), social_worker=_yes_no(self.social_worker.data),
            deferred_reason=_text(self.deferred_reason.data),
            information_agency_id=row_number(self.information_agency.data),
            tool_difference_reason=_text(self.tool_difference_reason.data),
            information_supplied=bool(self.information_supplied.data),
            not_reached_reason=_text(self.not_reached_reason.data),
        )  # fmt: skip

    def answers(self) -> ClosureAnswers:
        """Give the answers of a closure, as the rules take them."""
        return ClosureAnswers(
            good_practice=_text(self.good_practice.data), onward_agency_id=row_number(self.onward_agency.data),
            no_onward_need=bool(self.no_onward_need.data), child_view=_text(self.child_view.data),
            parents_view=_text(self.parents_view.data),
            still_at_risk=_yes_no(self.still_at_risk.data),
            package_service=_text(self.package_service.data), package_contact=_text(self.package_contact.data),
            package_starts_on=self.package_starts_on.data, package_agreed_by=_text(self.package_agreed_by.data),
            no_package_needed=bool(self.no_package_needed.data),
            adult_at_risk=_yes_no(self.adult_at_risk.data),
            adult_at_risk_reason=_text(self.adult_at_risk_reason.data), section_47=_yes_no(self.section_47.data),
            **{name: _yes_no(self[name].data) for name in QUESTIONS},
            reasons={code: _text(self[reason_field(code)].data) for code in WarningCode},
        )  # fmt: skip


def _member(kind: Any, value: Any) -> Any:
    """Give the member of an enum for a code that was sent, None for nothing and for what is no code of it."""
    return next((member for member in kind if member.value == str(value or "")), None)


def _yes_no(value: Any) -> YesNoUnknown:
    return _member(YesNoUnknown, value) or YesNoUnknown.UNKNOWN


def _text(value: Any) -> str:
    return str(value or "").strip()


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
