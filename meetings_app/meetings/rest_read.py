"""Whether somebody has read which items they pass on. Pure; our default."""

from collections.abc import Collection

from meetings_app.errors import DomainError


class RestChanged(DomainError):
    """The items that are undecided are not those whose list the person has read: they read it first."""

    def __init__(self) -> None:
        super().__init__("The items that are undecided have changed since you saw them. Nothing was passed on.")


def check_listed(listed: str | None, numbers: Collection[str]) -> None:
    """Raise `RestChanged` unless the list that was read, such as “2.1 4.1”, names just the items passed on.

    None stands for nobody who could read one. To be asked once the meeting is locked: nothing is added after that.
    """
    if listed is not None and (not numbers or set(listed.split()) != set(numbers)):
        raise RestChanged
