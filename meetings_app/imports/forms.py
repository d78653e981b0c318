"""What the pages of the import take."""

from collections.abc import Mapping

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from meetings_app.imports.models import ImportKind
from meetings_app.web.forms import Form, VersionedForm

_ANSWER = "answer-"


class UploadForm(Form):
    """A spreadsheet, and what it holds."""

    kind = RadioField(
        "What does the file hold?",
        [InputRequired("Choose what the file holds")],
        choices={ImportKind.LIST.value: "Children on the CSE list", ImportKind.REFERRALS.value: "Referrals"},
    )
    file = FileField(
        "Spreadsheet",
        [FileRequired("Choose a file")],
        description="Excel (.xlsx) or CSV, up to 12 MB. Nothing is imported before you have seen what would happen.",
        render_kw={"accept": ".xlsx,.csv"},
    )


class ConfirmForm(VersionedForm):
    """The person's yes to what they saw; the answers about look-alikes come beside it, one a row."""

    seen = HiddenField()


def answers_of(form: Mapping[str, str]) -> dict[str, str]:
    """Give the answers by the row's number."""
    return {
        name.removeprefix(_ANSWER): value[:40]
        for name, value in form.items()
        if name.startswith(_ANSWER) and name.removeprefix(_ANSWER).isdigit() and value
    }
