"""Forms to answer an invite, and to name deputies."""

from meetings_app.schedule.models import Reply
from meetings_app.web.forms import Form, choice, line

ANSWERS = (
    (Reply.ACCEPTED.value, "Accept"),
    (Reply.DECLINED.value, "Decline"),
    (Reply.DEPUTY.value, "Send a deputy"),
)
"""The answers that a page offers, in words."""


class LinkAnswerForm(Form):
    """The one button behind a link of a mail."""


class DeputyNameForm(Form):
    """Whom somebody sends who has not signed in: a name for the coordinator, who alone sees it."""

    deputy_name = line("Name of your deputy", "Enter the name of your deputy")


class AnswerForm(Form):
    """One's own answer, signed in: a deputy is one of the agency's, or a name for the coordinator."""

    reply = choice("Your answer", ANSWERS, "Choose your answer")
    deputy = choice("Deputy of your agency")
    deputy_name = line("Or the name of somebody else", hint="Only the coordinator sees it")


class DeputyForm(Form):
    """Somebody who may stand in for their agency."""

    account = choice("Person", (), "Choose the person")
    area = choice("Area", hint="Leave empty for every area")
