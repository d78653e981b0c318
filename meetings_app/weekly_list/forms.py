"""What a coordinator may say of who is sent the weekly list."""

from meetings_app.web.forms import Form, choice


class RecipientForm(Form):
    """One person more who is sent the list."""

    account = choice("Person", (), "Choose a person", coerce=str)
