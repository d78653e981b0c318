"""What the pages about accounts may submit."""

from typing import Any

from wtforms import Field, PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from meetings_app.web.forms import Form, VersionedForm, choice, line

WHOLE_COUNTY = "*"


class Checkboxes(SelectMultipleField):  # type: ignore[misc] # WTForms comes without type hints
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _password(label: str, missing: str, kind: str, hint: str = "") -> PasswordField:
    return PasswordField(label, [DataRequired(missing)], description=hint, render_kw={"autocomplete": kind})


class SignInForm(Form):
    """The first step of signing in."""

    email = StringField(
        "Email address",
        [DataRequired("Enter your email address")],
        render_kw={"autocomplete": "username", "spellcheck": "false", "inputmode": "email"},
    )
    password = _password("Password", "Enter your password", "current-password")

    @property
    def address(self) -> str:
        """The email address in the form in which it is stored."""
        return str(self.email.data or "").strip().lower()


class CodeForm(Form):
    """The second step: the code from the app."""

    code = StringField(
        "Code from your app",
        [DataRequired("Enter the code from your app")],
        description="6 digits. It changes every 30 seconds.",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


class ChoosePasswordForm(Form):
    """A new password, chosen on accepting an invitation."""

    password = _password(
        "Choose a password",
        "Enter a password",
        "new-password",
        "At least 12 characters. Three random words work well. Do not use one you use elsewhere.",
    )


class ChangePasswordForm(Form):
    """A new password for one's own account."""

    present_password = _password("Your present password", "Enter your present password", "current-password")
    password = _password(
        "New password", "Enter a new password", "new-password", "At least 12 characters. Three random words work well."
    )


class ConfirmForm(Form):
    """Who is at the keyboard, asked again before something that cannot be undone."""

    password = _password("Password", "Enter your password", "current-password")


class InviteForm(Form):
    """Who is invited, as what, and for which areas."""

    name = line("Full name", "Enter the person’s full name")
    email = line("Work email address", "Enter the person’s work email address", render_kw={"inputmode": "email"})
    role = choice("Role", missing="Choose a role")
    agency = choice("Agency", missing="Choose an agency")
    areas = Checkboxes("Areas")
    school = choice("School", hint="Only for somebody who works at a school")

    def validate_areas(self, field: Field) -> None:
        """Ask for an area or, in so many words, for the whole county; never both."""
        check_areas(field)

    @property
    def area_codes(self) -> list[str]:
        """The areas chosen; none for the whole county."""
        return chosen_areas(self.areas)


class RoleForm(VersionedForm):
    """One more role of a person."""

    role = choice("Role", missing="Choose a role")
    areas = Checkboxes("Areas")

    def validate_areas(self, field: Field) -> None:
        """Ask for an area or, in so many words, for the whole county; never both."""
        check_areas(field)

    @property
    def area_codes(self) -> list[str]:
        """The areas chosen; none for the whole county."""
        return chosen_areas(self.areas)


def check_areas(field: Field) -> None:
    """Raise `ValidationError` unless areas, or the whole county, were chosen."""
    chosen: list[Any] = field.data or []
    if not chosen:
        raise ValidationError("Choose at least one area, or the whole county")
    if WHOLE_COUNTY in chosen and len(chosen) > 1:
        raise ValidationError("Choose either areas or the whole county")


def chosen_areas(field: Field) -> list[str]:
    """Give the codes of the areas chosen; none for the whole county."""
    return [code for code in (field.data or []) if code != WHOLE_COUNTY]
