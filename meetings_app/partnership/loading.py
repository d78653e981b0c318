"""Reads the folder `agendas/` and says in one line what cannot be used."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from meetings_app.errors import ConfigurationError
from meetings_app.partnership.definitions import MeetingDefinition, Partnership, PartnershipFile, Ratings

Model = TypeVar("Model", bound=BaseModel)

_IN_PLAIN_WORDS = {
    "extra_forbidden": "this key is not known",
    "missing": "this key is missing",
}


FILES = ("partnership.toml", "ratings.toml", "rmm.toml", "network.toml")


def load(folder: Path) -> Partnership:
    """Read and check the four files of a partnership in `folder`.

    Raises `ConfigurationError` with one line that names the file and the key.
    """
    return parse({name: text_of(folder / name) for name in FILES})


def text_of(path: Path) -> str:
    """Give the text of one file. Raises `ConfigurationError` that names it."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(f"{path.name}: the file is missing from the folder of agendas.") from None
    except OSError:
        raise ConfigurationError(f"{path.name}: the file cannot be read.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path.name}: the file is not UTF-8 text.") from None


def parse(texts: Mapping[str, str]) -> Partnership:
    """Check the texts of the four files, by name. Raises `ConfigurationError` that names the file and the key."""
    who = _read(texts, "partnership.toml", PartnershipFile)
    ratings = _read(texts, "ratings.toml", Ratings)
    rmm = _meeting(texts, "rmm", who)
    network = _meeting(texts, "network", who)
    return Partnership(
        name=who.name,
        areas=who.areas,
        agencies=who.agencies,
        closure_days=who.closure_days,
        ratings=ratings,
        rmm=rmm,
        network=network,
    )


def _meeting(texts: Mapping[str, str], kind: str, who: PartnershipFile) -> MeetingDefinition:
    name = f"{kind}.toml"
    definition = _read(texts, name, MeetingDefinition)
    if definition.type != kind:
        raise ConfigurationError(f"{name}: type: must be “{kind}”.")
    known = {agency.code for agency in who.agencies}
    for key in ("chairing_agencies", "expected_agencies", "quorum_agencies", "member_agencies"):
        for code in getattr(definition, key):
            if code not in known:
                raise ConfigurationError(f"{name}: {key}: “{code}” is not an agency of partnership.toml.")
    return definition


def _read(texts: Mapping[str, str], name: str, model: type[Model]) -> Model:
    try:
        return model.model_validate(tomllib.loads(texts[name]))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{name}: not valid TOML: {error}.") from None
    except ValidationError as error:
        raise ConfigurationError(_first_problem(name, error)) from None


def _first_problem(name: str, error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False)[0]
    key = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    words = _IN_PLAIN_WORDS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{name}: {key}: {' '.join(words.split())}."
