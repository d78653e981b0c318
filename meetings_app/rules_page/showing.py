"""The rules as the page shows them: every figure in words, with its source, and since when, by whom and why."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from meetings_app.rules_page.catalogue import SECTIONS, Rule, Section, codes_of
from meetings_app.rules_page.queries import Version
from meetings_app.rules_page.values import TRIGGERS, Values, since
from meetings_app.rules_page.words import in_words, reason_in_words, rule_in_words


class Row(NamedTuple):
    """One rule as it stands now, and the version that made it so."""

    rule: Rule
    value: str
    made_by: Version


class Shown(NamedTuple):
    """One section of the page."""

    section: Section
    rows: Sequence[Row]


class Reason(NamedTuple):
    """One reason for a strategy discussion: what it is called, when it is suggested, what is recorded, since when."""

    code: str
    label: str
    suggested: str
    asks: str
    made_by: Version


def reasons(versions: Sequence[Version], tools: Mapping[str, str]) -> Sequence[Reason]:
    """Give the reasons for a strategy discussion in use; `versions` of their file, the newest first, names of tools."""
    now = versions[0].values
    return [_reason(code, now, versions, tools) for code in codes_of(now)]


def _reason(code: str, now: Values, versions: Sequence[Version], tools: Mapping[str, str]) -> Reason:
    above = f"{TRIGGERS}.{code}."
    part = {key.removeprefix(above): value for key, value in now.items() if key.startswith(above)}
    by_number = {version.number: version for version in versions}
    history = [(version.number, version.values) for version in versions]
    last = max(since(f"{above}{key}", history) for key in part)
    return Reason(code, part["label"], reason_in_words(part, tools), in_words(part["asks"]), by_number[last])


def in_force(versions: Mapping[str, Sequence[Version]], agencies: Mapping[str, str]) -> Sequence[Shown]:
    """Give every section with its rules as they are now; `versions` are those of each file, the newest first."""
    return [
        Shown(section, _rows(section, versions[section.file], agencies))
        for section in SECTIONS
        if section.file in versions
    ]


def _rows(section: Section, versions: Sequence[Version], agencies: Mapping[str, str]) -> Sequence[Row]:
    by_number = {version.number: version for version in versions}
    history = [(version.number, version.values) for version in versions]
    now = versions[0].values
    return [
        Row(rule, rule_in_words(rule, now.get(rule.key), agencies), by_number[since(rule.key, history)])
        for rule in section.rules
    ]
