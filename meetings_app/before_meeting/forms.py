"""What an agency may submit before a meeting: one box for each child, and how it attends."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectField

from meetings_app.preparing.models import AttendanceDraft, InformationDraft
from meetings_app.preparing.queries import AttendanceShown
from meetings_app.preparing.rules import (
    ANSWER_WORDS,
    ATTENDING_WORDS,
    Answer,
    Attendance,
    Attending,
    Information,
)
from meetings_app.web.forms import VersionedForm, line_for_later, text_for_later
from meetings_app.web.numbers import row_number

LONGEST = 8_000


class _Box(VersionedForm):
    """A part of the page that is saved at its own version, and only where something was changed in it."""

    class Meta:
        csrf = False  # The form around it carries the token.

    opened = HiddenField(default="")

    @property
    def typed(self) -> Any:
        """What stands in it now."""
        raise NotImplementedError  # pragma: no cover

    @property
    def is_changed(self) -> bool:
        """Whether the person changed anything since the page was opened."""
        return digest_of(self.typed) != str(self.opened.data or "")

    def open_at(self, version: int, stored: Any) -> None:
        """Say what the form was opened at, so that what was not touched is not saved over somebody else’s words."""
        self.version.data, self.opened.data = str(version), digest_of(stored)


def digest_of(said: Information | Attendance) -> str:
    """Give a short digest of what somebody says, which a page carries without repeating the words."""
    return hashlib.sha256(json.dumps(vars(said), default=str).encode()).hexdigest()[:16]


class InformationForm(_Box):
    """What an agency says about one child."""

    answer: RadioField = RadioField(
        "What does your agency say?", validate_choice=False,
        choices={answer.value: words for answer, words in ANSWER_WORDS.items()},
    )  # fmt: skip
    facts = text_for_later("What is known", hint="Facts only: what happened, when and to whom.", longest=LONGEST)
    opinion = text_for_later("What your agency thinks", hint="Opinion, and what it rests on.", longest=LONGEST)
    source = line_for_later("Where it comes from", hint="For example, a visit on 12 November.")
    reason = text_for_later("Why it is not shared", longest=LONGEST)

    @property
    def typed(self) -> Information:
        """What stands in the box now."""
        chosen = str(self.answer.data or "")
        return Information(
            Answer(chosen) if chosen in ANSWER_WORDS else None, self.facts.data or "", self.opinion.data or "",
            self.source.data or "", self.reason.data or "",
        )  # fmt: skip

    def show(self, draft: InformationDraft | None) -> None:
        """Fill the box from what is kept."""
        stored = information_in(draft)
        self.answer.data = stored.answer.value if stored.answer else None
        self.facts.data, self.opinion.data = stored.facts, stored.opinion
        self.source.data, self.reason.data = stored.source, stored.reason
        self.open_at(draft.version if draft else 0, stored)


class AttendanceForm(_Box):
    """How an agency attends. The deputies are given when it is shown."""

    attending: RadioField = RadioField(
        "Does your agency come?", validate_choice=False,
        choices={attending.value: words for attending, words in ATTENDING_WORDS.items()},
    )  # fmt: skip
    deputy: SelectField = SelectField("Who comes", validate_choice=False, choices=[])
    update_text = text_for_later(
        "Your agency’s update for the whole meeting", hint="What belongs to one child goes with the child below.",
        longest=LONGEST,
    )  # fmt: skip

    @property
    def typed(self) -> Attendance:
        """What stands in the part now."""
        chosen = str(self.attending.data or "")
        return Attendance(
            Attending(chosen) if chosen in ATTENDING_WORDS else None,
            row_number(self.deputy.data), self.update_text.data or "",
        )  # fmt: skip

    def _answered(self, stored: Attendance, comes: AttendanceShown) -> Attendance:
        """Give an answer to the invite as the part shows it; a deputy whom it does not offer stands above it alone."""
        offered = {str(value) for value, *_words in self.deputy.choices or ()}
        if comes.attending is Attending.DEPUTY and str(comes.deputy_id) not in offered:
            return stored
        return Attendance(comes.attending, comes.deputy_id, stored.update_text)

    def offer(self, deputies: Iterable[tuple[int, str]]) -> None:
        """Give the choices of who comes in place of whoever usually does."""
        self.deputy.choices = [("", "Choose"), *((str(account_id), name) for account_id, name in deputies)]

    def show(self, draft: AttendanceDraft | None, comes: AttendanceShown | None = None) -> None:
        """Fill the part from what is kept, or from a later answer to the invite where that is what counts now."""
        stored = attendance_in(draft)
        if comes is not None and comes.by_invite and (draft is None or draft.changed_at < comes.said_at):
            stored = self._answered(stored, comes)
        self.attending.data = stored.attending.value if stored.attending else None
        self.deputy.data = str(stored.deputy_id) if stored.deputy_id else ""
        self.update_text.data = stored.update_text
        self.open_at(draft.version if draft else 0, stored)


def information_in(draft: InformationDraft | None) -> Information:
    """Give the words of a draft, or none."""
    if draft is None:
        return Information()
    return Information(draft.answer, draft.facts, draft.opinion, draft.source, draft.reason)


def attendance_in(draft: AttendanceDraft | None) -> Attendance:
    """Give what a draft says of the attendance, or nothing."""
    return Attendance(draft.attending, draft.deputy_id, draft.update_text) if draft else Attendance()
