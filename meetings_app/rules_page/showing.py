"""The rules as the page shows them: every figure in words, with its source, and since when, by whom and why."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from meetings_app.rules_page.catalogue import SECTIONS, Rule, Section
from meetings_app.rules_page.queries import Version
from meetings_app.rules_page.values import since
from meetings_app.rules_page.words import rule_in_words


class Row(NamedTuple):
    """One rule as it stands now, and the version that made it so."""

    rule: Rule
    value: str
    made_by: Version


class Shown(NamedTuple):
    """One section of the page."""

    section: Section
    rows: Sequence[Row]


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
