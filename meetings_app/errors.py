"""What can go wrong, said so that a person can put it right. No text here ever holds personal data."""

from collections.abc import Sequence


class MeetingsError(Exception):
    """The base of every error this service raises on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigurationError(MeetingsError):
    """A setting, an `agendas/` file or the database cannot be used; one line says what to do."""


class DomainError(MeetingsError):
    """A request that the rules refuse; nothing was changed. Shown to the person as it stands."""


class RuleBroken(DomainError):
    """A rule refuses one field of a form: `field` names it, the message says what to enter.

    `more` holds what else is wrong, where the rules looked on, so that a person mends everything at once.
    """

    def __init__(self, field: str, message: str, more: "Sequence[RuleBroken]" = ()) -> None:
        super().__init__(message)
        self.field = field
        self.more = tuple(more)


class Conflict(DomainError):
    """Somebody else saved first. `field` names the text in question; both texts are kept for the person."""

    def __init__(self, message: str, *, field: str = "", theirs: str = "", ours: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.theirs = theirs
        self.ours = ours


class NotFound(MeetingsError):
    """It does not exist, or the person may not see it: the two look the same from outside."""

    def __init__(self, message: str = "Not found") -> None:
        super().__init__(message)
