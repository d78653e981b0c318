"""What the page on which the statement is read again may submit."""

from wtforms import SelectMultipleField

from meetings_app.web.forms import Form, line_for_later


class ReadAgainForm(Form):
    """Reading the statement to whoever joined: to whom, and by whom."""

    to = SelectMultipleField("To whom", validate_choice=False)
    read_by = line_for_later("Who read the statement?", hint="Needed only if it is read now.")
