"""What each way off the list besides the closure gate asks for. Pure."""

from dataclasses import dataclass
from datetime import date

from meetings_app.errors import RuleBroken


@dataclass(frozen=True)
class Transfer:
    """A child goes to another authority: which one, who there takes over, and why (`domain.md`, "The list" 2)."""

    authority: str
    contact: str
    reason: str


@dataclass(frozen=True)
class Acknowledgement:
    """Who in the other authority acknowledged that they take over, and when."""

    by: str
    on: date


def check_transfer(transfer: Transfer) -> None:
    """Refuse a transfer without the authority, the named contact there and the reason. Raises `RuleBroken`."""
    for field, said, message in (
        ("authority", transfer.authority, "Enter the authority that takes over"),
        ("contact", transfer.contact, "Enter the name of the contact there"),
        ("reason", transfer.reason, "Enter why the child is transferred"),
    ):
        if not said.strip():
            raise RuleBroken(field, message)


def check_acknowledgement(said: Acknowledgement, begun_on: date, today: date) -> None:
    """Refuse an acknowledgement by nobody, of the future, or from before the transfer began. Raises `RuleBroken`."""
    if not said.by.strip():
        raise RuleBroken("acknowledged_by", "Enter who acknowledged the transfer")
    if said.on > today:
        raise RuleBroken("acknowledged_on", "The date must be today or in the past")
    if said.on < begun_on:
        raise RuleBroken("acknowledged_on", "The date must not be before the transfer began")


def check_reason(reason: str, message: str) -> None:
    """Refuse a way off, or a way back, without a reason. Raises `RuleBroken` for `reason`."""
    if not reason.strip():
        raise RuleBroken("reason", message)


def check_second(first: tuple[int | None, int | None], second: tuple[int | None, int | None]) -> None:
    """Refuse a second word of the same person or agency; each is an account and its agency. Raises `RuleBroken`."""
    if first[0] == second[0]:
        raise RuleBroken("", "You have recorded this. The other chair agrees as well.")
    if first[1] == second[1]:
        raise RuleBroken("", "The second chair is the one of the other agency.")
