"""The forms in which a change in circumstances is reported, and who works with the child is said."""

from meetings_app.referrals.models import ChangeKind
from meetings_app.web.filters import words
from meetings_app.web.forms import Form, choice, day, text

_KINDS = [(kind.value, words(kind)) for kind in ChangeKind if kind is not ChangeKind.REPEAT_REFERRAL]


class ChangeForm(Form):
    """Something that happened to a child since the last RMM; it pulls the review to the next one (SG, KM)."""

    kind = choice("What happened?", _KINDS, "Choose what happened")
    happened_on = day("When did it happen?", "Enter the date on which it happened")
    text = text("What is known?", "Enter what is known", hint="It pulls the child’s review to the next meeting.")


class InvolvementForm(Form):
    """Somebody of the specialist service begins or ends working with a child, and so sees the record or no longer."""

    change = choice(
        "What changes?", (), "Choose what changes",
        hint="Whoever of the specialist service works with the child sees the whole record. Nobody else there does.",
    )  # fmt: skip
