"""What the pages of the minutes take."""

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from meetings_app.web.forms import Form, VersionedForm, line, text, text_for_later

_LONGEST_NUMBER = 6


class VersionReadForm(Form):
    """Something that is said of a version; `number` is the one that was read."""

    number = HiddenField(default="0")

    @property
    def version_read(self) -> int:
        """Give the version that was read; 0 for what is no number."""
        sent = str(self.number.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < _LONGEST_NUMBER else 0


class SignForm(VersionReadForm):
    """A signature, and why it is made before the time for corrections is over."""

    despite = text_for_later("Why do you sign before the time for corrections is over?", longest=2000)

    @property
    def why(self) -> str:
        """Give why the signature does not wait for the end of the time for corrections."""
        return str(self.despite.data or "")


class IssueForm(Form):
    """Issuing the draft, and why although something is pointed out."""

    despite = text_for_later("Why is the draft issued all the same?", longest=2000)


class TextForm(VersionedForm):
    """The text of one item, or of the notes."""

    text = text_for_later("Text of the minutes")


class ReopenForm(Form):
    """Why signed minutes are reopened."""

    reason = text("Why are the signed minutes reopened?", "Enter why the signed minutes are reopened", longest=2000)


class CorrectionForm(Form):
    """What somebody who attended asks to have corrected."""

    text = text("What is to be corrected, and how?", "Enter what is to be corrected", longest=4000)


class AcceptForm(VersionedForm):
    """How the item stands once a correction is accepted."""

    text = text_for_later("Text of the minutes, with the correction in it")


class RefuseForm(Form):
    """Why a correction is refused."""

    reason = text("Why is it refused?", "Enter why the correction is refused", longest=2000)


class ApproveForm(VersionReadForm):
    """That a later meeting approves the version that was read."""

    reason = line("Remark")


class FileForm(Form):
    """A Word file that somebody edited by hand."""

    file = FileField(
        "Word file",
        [FileRequired("Choose a file")],
        description="Word (.docx), up to 12 MB. It is kept beside the minutes. Nothing in it changes the record.",
        render_kw={"accept": ".docx"},
    )
    note = line("What was changed in it")
