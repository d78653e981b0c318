"""What a partnership’s own Word template leaves out of what the shipped one prints: words of the record, in no copy.

A template may be laid out in any way. But what is added to the service later, or was taken out with a table, would be
missing in every document made with it, and nobody who reads one could tell.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from meetings_app.documents.check import everything_shown
from meetings_app.documents.environment import WordEnvironment
from meetings_app.documents.facts import Heading
from meetings_app.documents.render import fill_template
from meetings_app.documents.samples import sample_facts

OF_THE_RECORD = ("minutes", "network-minutes", "assessment", "plan", "actions", "pack", "extract")
"""The documents that hold what was said and decided; agendas and the list say what can be read elsewhere (ours)."""


def left_out(template: Path, shipped: Path, kind: str) -> str:
    """Say in one line which placeholders the shipped template prints and this one does not, or nothing.

    Found by filling both in with sample facts in which every text is another one. Raises `WordTemplateError`.
    """
    if kind not in OF_THE_RECORD or template.read_bytes() == shipped.read_bytes():
        return ""
    own, ours = _printed(template, kind), _printed(shipped, kind)
    missing = [place for place in ours if place not in own]
    if not missing:
        return ""
    return (
        f"{template}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not printed, so what stands there is "
        "missing in every copy. The template that comes with the service shows how to print it."
    )


def _printed(template: Path, kind: str) -> list[str]:
    """Give the placeholders that a template prints, in the order of the facts, as `children.beside`."""
    found: dict[str, None] = {}
    for facts in sample_facts(kind):
        tokens: dict[str, str] = {}
        shown = everything_shown(fill_template(_marked(facts, "", tokens), template, "", WordEnvironment())).casefold()
        found |= dict.fromkeys(place for token, place in tokens.items() if token.casefold() in shown)
    return list(found)


def _marked(value: Any, place: str, tokens: dict[str, str]) -> Any:
    """Give the same facts with a token in place of each text; `tokens` is told which token stands where."""
    if isinstance(value, str):
        if not value:
            return value
        token = f"Token{len(tokens)}x"
        tokens[token] = place
        return token
    if isinstance(value, tuple):
        return tuple(_marked(each, place, tokens) for each in value)
    if not is_dataclass(value):
        return value
    return replace(value, **{  # type: ignore[type-var]
        name: _marked(getattr(value, name), f"{place}.{name}" if place else name, tokens)
        for name in _names(value)
    })  # fmt: skip


def _names(value: Any) -> Iterator[str]:
    """Give the fields that hold what the document tells; what stands at the top of each is laid out as one likes."""
    heading = {each.name for each in fields(Heading)} if isinstance(value, Heading) else set()
    return (each.name for each in fields(value) if each.name not in heading)
