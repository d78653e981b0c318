"""Changes the rules: figures put into the text of a file, checked like it, and kept as a version with its reason."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from meetings_app.accounts.reference import change_on_page, text_in_use
from meetings_app.errors import ConfigurationError, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.rules_page.editing import changed
from meetings_app.rules_page.values import MODELS
from meetings_app.rules_page.words import OPTIONS

_PLAIN: Mapping[str, tuple[str, str]] = {
    "maximum_days must not be less than review_days": (
        ".maximum_days", "The latest review must not come before the usual one",
    ),
    "a rating that keeps a child on the list needs review_days and maximum_days": (
        ".review_days", "Enter both when the child is reviewed and when at the latest",
    ),
    "board_meetings must be more than contact_meetings": (
        ".board_meetings", "Enter more meetings than for the single point of contact",
    ),
}  # fmt: skip
"""What the validator says of two figures that do not go together: the one to mend, and in plain words."""
_NO_TRIGGER = re.compile(r"the rating “(\w+)” asks for a strategy discussion: a trigger must name it")


def text_with(session: Session, file: str, figures: Mapping[str, Any]) -> str:
    """Give the text that would rule with other figures. Raises `RuleBroken` with all that is wrong, by key."""
    try:
        made = changed(file, text_in_use(session, file), figures)
        MODELS[file].model_validate(tomllib.loads(made))
    except ConfigurationError as problem:
        raise RuleBroken("", problem.message) from None
    except ValidationError as error:
        first, *more = _problems(error)
        raise RuleBroken(first.field, first.message, more) from None
    return made


def change(
    session: Session, by: Actor, now: datetime, file: str, figures: Mapping[str, Any], reason: str, opened_at: int
) -> int:
    """Let other figures rule from now on; gives the number of the version.

    `opened_at` is the version at which the person began. Raises `RuleBroken` for `reason` or a figure, `Conflict`
    where somebody else changed the rules since.
    """
    return change_on_page(session, by, now, file, text_with(session, file, figures), reason, opened_at)


def _problems(error: ValidationError) -> Sequence[RuleBroken]:
    return [RuleBroken(*_in_plain_words(found)) for found in _found(error)]


def _found(error: ValidationError) -> Iterator[tuple[str, str]]:
    for problem in error.errors(include_url=False, include_context=False):
        yield ".".join(str(part) for part in problem["loc"]), problem["msg"].removeprefix("Value error, ")


def _in_plain_words(found: tuple[str, str]) -> tuple[str, str]:
    key, message = found
    if message in _PLAIN:
        return key + _PLAIN[message][0], _PLAIN[message][1]
    rating = _NO_TRIGGER.fullmatch(message)
    if rating:
        key = f"ratings.{rating[1]}.strategy_discussion"
        return key, f"The rating {OPTIONS[rating[1]].lower()} asks for a discussion: a reason in use must name it"
    if message.startswith("Tuple should have at least 1 item"):
        return key, "Choose at least one"
    return key, message
