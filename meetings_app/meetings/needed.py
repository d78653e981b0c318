"""Asking for everything that is missing at once. Pure."""

from collections.abc import Callable

from meetings_app.errors import RuleBroken


def check_all(*checks: Callable[[], object]) -> None:
    """Make every check, and refuse with all that is wrong, so that a chair is not sent back for one thing at a time.

    Raises `RuleBroken` with the first problem, the others in `more`.
    """
    broken: list[RuleBroken] = []
    for check in checks:
        try:
            check()
        except RuleBroken as problem:
            broken.extend((problem, *problem.more))
    if broken:
        raise RuleBroken(broken[0].field, broken[0].message, broken[1:])


def need(answer: object, field: str, message: str) -> None:
    """Refuse an answer that was not given, or is only spaces. Raises `RuleBroken`."""
    if answer is None or not str(answer).strip():
        raise RuleBroken(field, message)
