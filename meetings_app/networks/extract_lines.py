"""The lines that an extract of a subject may hold: made of what the person sees, each chosen one by one. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from meetings_app.networks.models import Subject
from meetings_app.networks.seen import Seen
from meetings_app.networks.states import BASES, CONFIDENCES, DISRUPTION_STATES
from meetings_app.networks.young import kind_words
from meetings_app.text import day_in_words


@dataclass(frozen=True)
class ExtractLine:
    """One line: a key to choose it by, what it is about, its words, and the child of the county whom it names."""

    key: str
    label: str
    text: str
    child_id: int | None = None


def lines_of(subject: Subject, facts: Seen, tactics: Mapping[str, str]) -> list[ExtractLine]:
    """Give every line that may be chosen; ended links are none of them. Who sees less is offered less."""
    found = [ExtractLine("name", kind_words(subject.kind, facts.is_child), f"{subject.name} ({subject.reference})")]
    if subject.about:
        found.append(ExtractLine("about", "What is known", subject.about))
    if facts.suspect is not None:
        if facts.suspect.born:
            found.append(ExtractLine("born", "Date of birth", day_in_words(facts.suspect.born)))
        if facts.suspect.details:
            found.append(ExtractLine("details", "Details", facts.suspect.details))
    found += [ExtractLine(f"alias-{row.id}", "Other name", _said(row.name, row.source)) for row in facts.aliases]
    found += [_link(row, facts) for row in facts.links if row.ended_at is None]
    found += [_child(row, subject, facts) for row in facts.children if row.ended_at is None]
    found += [_outside(row, subject, facts) for row in facts.outside if row.ended_at is None]
    found += [_order(row, tactics) for row in facts.disruption]
    return found


def chosen(lines: Sequence[ExtractLine], keys: Collection[str]) -> list[ExtractLine]:
    """Give the lines that were chosen, in the order in which they are offered."""
    return [line for line in lines if line.key in keys]


def digest(lines: Sequence[ExtractLine]) -> str:
    """Give a short mark of the very words, by which a page knows whether they are those that were shown."""
    said = "\x1f".join(f"{line.key}\x1e{line.label}\x1e{line.text}" for line in lines)
    return sha256(said.encode()).hexdigest()[:32]


def _said(text: str, source: str) -> str:
    return f"{text}. Source: {source}"


def _sure(row: Any) -> str:
    since = f", since {day_in_words(row.since)}" if row.since else ""
    return f"{since}. {BASES[row.basis]}. {CONFIDENCES[row.confidence]}. Source: {row.source}"


def _link(row: Any, facts: Seen) -> ExtractLine:
    text = f"{row.first_name} ({row.first}) {facts.words[row.tie]} {row.second_name} ({row.second}){_sure(row)}"
    return ExtractLine(f"link-{row.id}", "Link", text)


def _child(row: Any, subject: Subject, facts: Seen) -> ExtractLine:
    text = f"{row.name} ({row.reference}) {facts.words[row.tie]} {subject.name}{_sure(row)}"
    return ExtractLine(f"child-{row.id}", "Child", text, row.child_id)


def _outside(row: Any, subject: Subject, facts: Seen) -> ExtractLine:
    theirs = f" ({row.their_reference})" if row.their_reference else ""
    text = f"{row.name}{theirs}, of {row.authority}, {facts.words[row.tie]} {subject.name}{_sure(row)}"
    return ExtractLine(f"outside-{row.id}", "Child of another authority", text)


def _order(row: Any, tactics: Mapping[str, str]) -> ExtractLine:
    expires = f", expires {day_in_words(row.expires_on)}" if row.expires_on else ""
    conditions = f". Conditions: {row.conditions}" if row.conditions else ""
    label = tactics.get(row.tactic, row.tactic)
    return ExtractLine(f"order-{row.id}", "Disruption", f"{label}: {DISRUPTION_STATES[row.state]}{expires}{conditions}")
