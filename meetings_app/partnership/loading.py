"""Reads the folder `agendas/` and says in one line what cannot be used."""

import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from meetings_app.errors import ConfigurationError
from meetings_app.partnership.clock import ClockRules
from meetings_app.partnership.closing import ClosingTexts
from meetings_app.partnership.definitions import MeetingDefinition, Partnership, PartnershipFile, Ratings
from meetings_app.partnership.disruption import DisruptionTactics
from meetings_app.partnership.language import LanguageRules
from meetings_app.partnership.raised import RaisedRules
from meetings_app.partnership.tools import ToolDefinition
from meetings_app.resources import folder as shipped

Model = TypeVar("Model", bound=BaseModel)

_IN_PLAIN_WORDS = {
    "extra_forbidden": "this key is not known",
    "missing": "this key is missing",
}

_NEEDED = ("partnership.toml", "ratings.toml", "rmm.toml", "network.toml")
LANGUAGE = "language.toml"
DISRUPTION = "disruption.toml"
CLOSING = "closing.toml"
CLOCK = "clock.toml"
RAISED = "raised.toml"
ADDED = (LANGUAGE, DISRUPTION, CLOSING, CLOCK, RAISED)
"""Files that came later: a folder without one takes the shipped one."""
_TOOLS = "tools/"


def load(folder: Path) -> Partnership:
    """Read and check the files of a partnership in `folder`.

    Raises `ConfigurationError` with one line that names the file and the key.
    """
    return parse(texts_in(folder))


def texts_in(folder: Path) -> dict[str, str]:
    """Give the texts of the files of a partnership that are there, by names such as `rmm.toml` and `tools/seraf.toml`.

    Raises `ConfigurationError` that names a file that cannot be read.
    """
    tools = sorted(path.name for path in (folder / _TOOLS).glob("*.toml") if not path.name.startswith("."))
    names = [
        *(name for name in (*_NEEDED, *ADDED) if (folder / name).exists()),
        *(_TOOLS + name for name in tools),
    ]
    return {name: _text_of(folder, name) for name in names}


def is_tool(name: str) -> bool:
    """Say whether a file of a partnership, by its name, is an assessment tool."""
    return name.startswith(_TOOLS)


def is_whole(names: Collection[str]) -> bool:
    """Say whether every file that a partnership cannot do without is among `names`."""
    return set(_NEEDED) <= set(names)


def parse(texts: Mapping[str, str]) -> Partnership:
    """Check the texts of the files, by name. Raises `ConfigurationError` that names the file and the key."""
    for name in _NEEDED:
        if name not in texts:
            raise ConfigurationError(f"{name}: the file is missing from the folder of agendas.")
    who = read_definition(texts["partnership.toml"], "partnership.toml", PartnershipFile)
    return Partnership(
        name=who.name,
        areas=who.areas,
        agencies=who.agencies,
        closure_days=who.closure_days,
        ratings=_ratings(texts, who),
        rmm=_meeting(texts, "rmm", who),
        network=_meeting(texts, "network", who),
        language=_added(texts, LANGUAGE, LanguageRules),
        disruption=_added(texts, DISRUPTION, DisruptionTactics),
        closing=_added(texts, CLOSING, ClosingTexts),
        clock=_added(texts, CLOCK, ClockRules),
        raised=_raised(texts, who),
        tools=_tools({name: text for name, text in sorted(texts.items()) if is_tool(name)}, who),
    )


def read_tool(text: str, name: str) -> ToolDefinition:
    """Give the assessment tool of a file's text. Raises `ConfigurationError` that names the file and the key."""
    return read_definition(text, name, ToolDefinition)


@lru_cache(maxsize=64)
def identity_of(text: str) -> tuple[str, str]:
    """Give the code and the version of a tool whose text has been checked before."""
    tool = tomllib.loads(text)
    return tool["code"], tool["version"]


def read_definition(text: str, name: str, model: type[Model]) -> Model:
    """Give what one file holds. Raises `ConfigurationError` with one line that names the file and the key."""
    read: Model = _read(text, name, model)
    return read


# What was read cannot be changed, and the same text says the same again.
@lru_cache(maxsize=64)
def _read(text: str, name: str, model: type[BaseModel]) -> Any:
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{name}: not valid TOML: {error}.") from None
    except ValidationError as error:
        raise ConfigurationError(_first_problem(name, error)) from None


def _text_of(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except OSError:
        raise ConfigurationError(f"{name}: the file cannot be read.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{name}: the file is not UTF-8 text.") from None


def _tools(texts: Mapping[str, str], who: PartnershipFile) -> tuple[ToolDefinition, ...]:
    known = {agency.code for agency in who.agencies}
    read: dict[str, ToolDefinition] = {}
    for name, text in texts.items():
        tool = read_tool(text, name)
        if tool.code in read:
            raise ConfigurationError(f"{name}: code: another file of tools/ has the code “{tool.code}” already.")
        for agency in (action.agency for category in tool.categories for action in category.actions):
            if agency not in known:
                raise ConfigurationError(f"{name}: categories: “{agency}” is not an agency of partnership.toml.")
        read[tool.code] = tool
    return tuple(read.values())


def _added(texts: Mapping[str, str], name: str, model: type[Model]) -> Model:
    """Give what one of the later files holds; a set of files of before it existed takes the shipped one."""
    text = texts.get(name)
    if text is None:
        text = (shipped("agendas") / name).read_text("utf-8")
    return read_definition(text, name, model)


def _raised(texts: Mapping[str, str], who: PartnershipFile) -> RaisedRules:
    raised = _added(texts, RAISED, RaisedRules)
    known = {agency.code for agency in who.agencies}
    for rating, rows in (("high", raised.high), ("medium", raised.medium)):
        for row in rows:
            # The shipped file stands in for one that is not there, and is not refused for agencies nobody named.
            if RAISED in texts and row.agency not in known:
                raise ConfigurationError(f"{RAISED}: {rating}: “{row.agency}” is not an agency of partnership.toml.")
    return raised


def _ratings(texts: Mapping[str, str], who: PartnershipFile) -> Ratings:
    ratings = read_definition(texts["ratings.toml"], "ratings.toml", Ratings)
    known = {agency.code for agency in who.agencies}
    # A file of before the key existed names none, and is not refused for agencies it never named.
    named = ratings.closure.flag_agencies if "flag_agencies" in ratings.closure.model_fields_set else ()
    for code in named:
        if code not in known:
            raise ConfigurationError(
                f"ratings.toml: closure.flag_agencies: “{code}” is not an agency of partnership.toml."
            )
    if ratings.ratings.low.held_by not in ("", *known):
        held_by = ratings.ratings.low.held_by
        raise ConfigurationError(
            f"ratings.toml: ratings.low.held_by: “{held_by}” is not an agency of partnership.toml."
        )
    return ratings


def _meeting(texts: Mapping[str, str], kind: str, who: PartnershipFile) -> MeetingDefinition:
    name = f"{kind}.toml"
    definition = read_definition(texts[name], name, MeetingDefinition)
    if definition.type != kind:
        raise ConfigurationError(f"{name}: type: must be “{kind}”.")
    known = {agency.code for agency in who.agencies}
    for key in ("chairing_agencies", "expected_agencies", "quorum_agencies", "member_agencies"):
        for code in getattr(definition, key):
            if code not in known:
                raise ConfigurationError(f"{name}: {key}: “{code}” is not an agency of partnership.toml.")
    return definition


def _first_problem(name: str, error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False)[0]
    # People count the tables of a list from one.
    key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in problem["loc"]) or "the whole file"
    words = _IN_PLAIN_WORDS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{name}: {key}: {' '.join(words.split())}."
