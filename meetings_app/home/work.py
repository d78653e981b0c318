"""A count of a home page, and the part of somebody’s work it stands in."""

from dataclasses import dataclass
from typing import Any

MOST_SHOWN = 1_000


@dataclass(frozen=True)
class Task:
    """One count. `alarm` says that these are late; `next_step` is the button that leads there."""

    count: int
    text: str
    href: str
    alarm: bool = False
    next_step: str = "Open the list"

    @property
    def shown(self) -> str:
        """The number in words for people; what was not counted further is said so."""
        return f"Over {MOST_SHOWN:,}" if self.count > MOST_SHOWN else f"{self.count:,}"


@dataclass(frozen=True)
class WorkPart:
    """One part of a person's work, after one of their roles."""

    key: str
    title: str
    tasks: tuple[Task, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing waits in this part."""
        return not any(task.count for task in self.tasks)


def task(count: int, one: str, many: str, href: str, **more: Any) -> Task:
    """Give one count in the words for one or for several."""
    return Task(count, one if count == 1 else many, href, **more)
