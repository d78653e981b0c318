"""Changes figures in the text of a file and leaves everything else in it, its explanations too, as it stands. Pure."""

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT

from meetings_app.errors import ConfigurationError
from meetings_app.rules_page.values import IN_USE, values_of


def changed(file: str, text: str, figures: Mapping[str, Any]) -> str:
    """Give the text of a file with other figures, by key; None takes a figure out.

    Raises `ConfigurationError` where the text comes out otherwise than it was to: then a person changes the file.
    """
    document = tomlkit.parse(text)
    gone = [key.removesuffix(IN_USE) for key, value in figures.items() if key.endswith(f".{IN_USE}") and not value]
    wanted = {key: value for key, value in figures.items() if not key.startswith(tuple(gone))}
    for key, value in wanted.items():
        if not key.endswith(f".{IN_USE}"):
            _put(document, key.split("."), value)
    for above in gone:
        _take_out(document, above.rstrip(".").split("."))
    made = document.as_string()
    try:
        now = values_of(file, made)
    except tomllib.TOMLDecodeError:
        now = {}
    if any(now.get(key) != value for key, value in wanted.items()) or any(key.startswith(tuple(gone)) for key in now):
        raise ConfigurationError(f"{file}: the page cannot change how this file is written. Change it in the folder.")
    return made


def _put(inside: Any, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        if isinstance(inside, AoT | list):
            inside = _named(inside, part)
            continue
        if part not in inside:
            inside[part] = tomlkit.table()
        inside = inside[part]
    if value is None:
        inside.pop(path[-1], None)
    else:
        inside[path[-1]] = list(value) if isinstance(value, tuple) else value


def _named(listed: Any, code: str) -> Any:
    """Give the part of a list that has this code; a new one stands last."""
    for one in listed:
        if one.get("code") == code:
            return one
    made = tomlkit.table()
    made["code"] = code
    listed.append(made)
    return listed[-1]


def _take_out(inside: Any, path: list[str]) -> None:
    *above, code = path
    for part in above:
        inside = inside[part]
    for place, one in enumerate(inside):
        if one.get("code") == code:
            del inside[place]
            return
