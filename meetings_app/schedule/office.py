"""What arranging a meeting needs to know of the installation: its rules, its address and its mailbox."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from meetings_app.config import Settings
from meetings_app.partnership import MeetingDefinition, Partnership
from meetings_app.schedule.rules import MeetingType
from meetings_app.schedule.working_days import WorkingCalendar, calendar_of


@dataclass(frozen=True)
class Office:
    """The partnership as it arranges meetings.

    `organiser` is the shared mailbox that invites come from, `agendas` the partnership's own folder, if it has one.
    `answer_key` signs the links to answer an invite; without it mails carry none.
    """

    partnership: Partnership
    base_url: str
    organiser: str
    agendas: Path | None = None
    answer_key: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings, partnership: Partnership) -> "Office":
        """Give the office of a running service."""
        return cls(partnership, settings.base_url, settings.organiser, settings.agendas, settings.secret_key)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days, with the partnership's own closure days."""
        return calendar_of(self.partnership.closure_days)

    @property
    def host(self) -> str:
        """The name of the machine in the links, which makes calendar entries unique in the world."""
        return urlsplit(self.base_url).hostname or "localhost"

    def definition(self, kind: MeetingType) -> MeetingDefinition:
        """Give the rules of one type of meeting."""
        return self.partnership.rmm if kind is MeetingType.RMM else self.partnership.network

    def link(self, reference: str) -> str:
        """Give the address of a meeting's page, behind the sign-in."""
        return f"{self.base_url}/meetings/{reference}"

    def network_link(self, reference: str) -> str:
        """Give the address of a network meeting’s agenda, behind the sign-in."""
        return f"{self.base_url}/networks/meetings/{reference}"
