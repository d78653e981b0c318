"""What people may say after an assessment: whether to refer, and how a flag was answered."""

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from meetings_app.assessments.models import DecisionKind, FlagAnswerKind
from meetings_app.web.forms import Form, day, line, text

_CHOOSE_ANSWER = "Choose whether it was done"
_CHOOSE_WHERE = "Choose why no referral is made"

NOT_REFERRED = {
    DecisionKind.AT_RMM.value: "The RMM hears the child already",
    DecisionKind.NO_REFERRAL.value: "No referral is needed",
}


class ReferForm(Form):
    """The referral that carries an assessment to the RMM."""

    reason = text(
        "What is the concern?",
        "Enter what the concern is",
        hint="Taken from the professional judgement; change it as you need. The assessment goes along.",
    )
    urgent = BooleanField("This is urgent")


class NoReferralForm(Form):
    """Why no referral follows; any decision not to refer carries its reason (SUR)."""

    kind = RadioField(
        "What is decided?",
        choices=NOT_REFERRED,
        validators=[InputRequired(_CHOOSE_WHERE)],
        invalid_choice_message=_CHOOSE_WHERE,
    )
    reason = text("Why is no referral made?", "Enter why no referral is made", id="no-referral-reason")

    def offer(self, *, listed: bool) -> None:
        """Offer that the RMM hears the child only where the person sees the child on the list."""
        if not listed:
            self.kind.choices = {
                value: words for value, words in NOT_REFERRED.items() if value != DecisionKind.AT_RMM.value
            }


class FlagForm(Form):
    """How somebody answers what an assessment asks for."""

    kind = RadioField(
        "Was it done?",
        choices={FlagAnswerKind.DONE.value: "Yes, it was done", FlagAnswerKind.NOT_DONE.value: "No, for a reason"},
        validators=[InputRequired(_CHOOSE_ANSWER)],
        invalid_choice_message=_CHOOSE_ANSWER,
    )
    happened_on = day("When was it done or decided?", "Enter the date on which it was done or decided")
    who = line("Who took part, or which manager decided?", "Enter who took part, or the manager who decided")
    text = text("What was decided, and why?", "Enter what was decided and why")
