"""Changes figures in the text of a file and leaves everything else in it, its explanations too, as it stands. Pure."""

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT

from meetings_app.errors import ConfigurationError
from meetings_app.rules_page.values import values_of


def changed(file: str, text: str, figures: Mapping[str, Any]) -> str:
    """Give the text of a file with other figures, by key; None takes a figure out.

    Raises `ConfigurationError` where the text comes out otherwise than it was to: then a person changes the file.
    """
    document = tomlkit.parse(text)
    for key, value in figures.items():
        _put(document, key.split("."), value)
    made = document.as_string()
    try:
        now = values_of(file, made)
    except tomllib.TOMLDecodeError:
        now = {}
    if any(now.get(key) != value for key, value in figures.items()):
        raise ConfigurationError(f"{file}: the page cannot change how this file is written. Change it in the folder.")
    return made


def _put(inside: Any, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        if isinstance(inside, AoT | list):
            inside = next(one for one in inside if one.get("code") == part)
            continue
        if part not in inside:
            inside[part] = tomlkit.table()
        inside = inside[part]
    if value is None:
        inside.pop(path[-1], None)
    else:
        inside[path[-1]] = list(value) if isinstance(value, tuple) else value
