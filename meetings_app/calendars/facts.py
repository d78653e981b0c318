"""What a calendar entry may hold: the facts of a meeting, and nothing of any child.

The two classes are closed on purpose. A calendar travels to phones, shared screens and other
organisations, so there is no field here that a child's name, date of birth or school belongs in.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_MEETING_REFERENCE = re.compile(r"[A-Z]+(-[A-Z0-9]+)*-\d{4}-W\d{2}(-\d+)?")
_ONE_LINE_FIELDS = (
    "uid",
    "summary",
    "place",
    "joining_link",
    "link",
    "organiser_address",
    "organiser_name",
)


@dataclass(frozen=True, slots=True)
class Attendee:
    """The one person an invite goes to. `address` is plain ASCII; `name` may be in any script."""

    address: str
    name: str

    def __post_init__(self) -> None:
        require_address(self.address)


@dataclass(frozen=True, slots=True)
class MeetingEvent:
    """A meeting as a calendar shows it.

    `date` and `start_time` are the wall clock in Europe/London, `minutes` the length, `changed_at` an
    aware UTC time: when the meeting was last changed, as stored. `reference` is the meeting's
    (`RMM-NE-2026-W14`), `summary` neutral, `link` the page behind the sign-in. `place` and
    `joining_link` may be empty. Raises `ValueError` for facts that no calendar could read.
    """

    uid: str
    sequence: int
    reference: str
    summary: str
    date: date
    start_time: time
    minutes: int
    place: str
    joining_link: str
    changed_at: datetime
    link: str
    organiser_address: str
    organiser_name: str

    def __post_init__(self) -> None:
        if not _MEETING_REFERENCE.fullmatch(self.reference):
            raise ValueError("The reference of a calendar entry must be that of a meeting.")
        if self.sequence < 0 or self.minutes < 1:
            raise ValueError("A meeting lasts at least a minute, and its changes count up from 0.")
        if self.start_time.tzinfo is not None:
            raise ValueError("The start is a wall-clock time in Europe/London, without a time zone.")
        if self.changed_at.utcoffset() != timedelta(0):
            raise ValueError("The time of the last change must be an aware UTC time.")
        if not (self.uid and self.summary and self.link):
            raise ValueError("A calendar entry needs a UID, a summary and a link.")
        for field in _ONE_LINE_FIELDS:
            if any(_breaks_a_line(letter) for letter in getattr(self, field)):
                raise ValueError(f"The {field} of a calendar entry must be one line of plain text.")
        require_address(self.organiser_address)

    @property
    def starts(self) -> datetime:
        """The start, aware, in Europe/London. A time that the spring change skips moves an hour on."""
        wall_clock = datetime.combine(self.date, self.start_time, tzinfo=LONDON)
        return wall_clock.astimezone(UTC).astimezone(LONDON)

    @property
    def ends(self) -> datetime:
        """The end, aware, in Europe/London: `minutes` of real time after the start."""
        return (self.starts.astimezone(UTC) + timedelta(minutes=self.minutes)).astimezone(LONDON)


def require_address(address: str) -> None:
    """Raise `ValueError` unless `address` is one plain e-mail address. The text never repeats it."""
    if not re.fullmatch(r"[!#$%&'*+/=?^_`{|}~.\w-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", address, re.ASCII):
        raise ValueError("Enter one e-mail address, in plain ASCII letters.")


def one_line(text: str) -> str:
    """Give `text` on one line: control characters and line ends become single spaces, the ends are trimmed.

    Joiners and direction marks stay, for names in many scripts need them.
    """
    return " ".join("".join(" " if _breaks_a_line(letter) else letter for letter in text).split())


def _breaks_a_line(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}
