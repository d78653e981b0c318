"""Reads the folder `agendas/` and says in one line what cannot be used."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from meetings_app.errors import ConfigurationError
from meetings_app.partnership.definitions import MeetingDefinition, Partnership, PartnershipFile, Ratings

Model = TypeVar("Model", bound=BaseModel)

_IN_PLAIN_WORDS = {
    "extra_forbidden": "this key is not known",
    "missing": "this key is missing",
}


def load(folder: Path) -> Partnership:
    """Read and check the four files of a partnership in `folder`.

    Raises `ConfigurationError` with one line that names the file and the key.
    """
    who = _read(folder / "partnership.toml", PartnershipFile)
    ratings = _read(folder / "ratings.toml", Ratings)
    rmm = _meeting(folder / "rmm.toml", "rmm", who)
    network = _meeting(folder / "network.toml", "network", who)
    return Partnership(
        name=who.name,
        areas=who.areas,
        agencies=who.agencies,
        closure_days=who.closure_days,
        ratings=ratings,
        rmm=rmm,
        network=network,
    )


def _meeting(path: Path, kind: str, who: PartnershipFile) -> MeetingDefinition:
    definition = _read(path, MeetingDefinition)
    if definition.type != kind:
        raise ConfigurationError(f"{path.name}: type: must be “{kind}”.")
    known = {agency.code for agency in who.agencies}
    for key in ("chairing_agencies", "expected_agencies", "quorum_agencies", "member_agencies"):
        for code in getattr(definition, key):
            if code not in known:
                raise ConfigurationError(
                    f"{path.name}: {key}: “{code}” is not an agency of partnership.toml."
                )
    return definition


def _read(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate(_parse(path))
    except ValidationError as error:
        raise ConfigurationError(_first_problem(path, error)) from None


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path.name}: the file is missing from the folder of agendas.") from None
    except OSError:
        raise ConfigurationError(f"{path.name}: the file cannot be read.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path.name}: the file is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path.name}: not valid TOML: {error}.") from None


def _first_problem(path: Path, error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False)[0]
    key = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    words = _IN_PLAIN_WORDS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{path.name}: {key}: {' '.join(words.split())}."
