"""What a change of the rules means, said before it is made."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from meetings_app.permissions import AREA_ROLES, Actor
from meetings_app.rules_page.catalogue import Effect, rule_of
from meetings_app.rules_page.queries import listed_with
from meetings_app.rules_page.values import IN_USE, Difference
from meetings_app.rules_page.words import OPTIONS, in_words, rule_in_words


class Change(NamedTuple):
    """One figure that changes: its words, before and after, and what that means; nothing for what the page leaves."""

    words: str
    before: str
    after: str
    meaning: str


def changes(
    session: Session, actor: Actor, file: str, found: Sequence[Difference], agencies: Mapping[str, str]
) -> Sequence[Change]:
    """Say each difference in words; children are counted for whoever sees them, and for nobody else."""
    new_or_gone = [each.key.removesuffix(IN_USE) for each in found if each.key.endswith(f".{IN_USE}")]
    figures = [each for each in found if not each.key.startswith(tuple(new_or_gone))]
    said = [_change(session, actor, file, each, agencies) for each in figures]
    return [*said, *(_reason(each) for each in found if each.key in {f"{above}label" for above in new_or_gone})]


def _reason(label: Difference) -> Change:
    """Say that a reason for a strategy discussion is new, or out of use; `label` is what it is called."""
    name = f"Reason for a strategy discussion: {label.after or label.before}"
    before, after = ("Not there", "In use") if label.after else ("In use", "Out of use")
    return Change(name, before, after, Effect.SUGGESTED.value)


def _change(session: Session, actor: Actor, file: str, each: Difference, agencies: Mapping[str, str]) -> Change:
    rule = rule_of(file, each.key)
    if rule is None:
        return Change(f"{file}: {each.key}", in_words(each.before), in_words(each.after), "")
    before, after = (rule_in_words(rule, value, agencies) for value in (each.before, each.after))
    return Change(rule.words, before, after, _meaning(session, actor, each.key) or rule.effect.value)


def _meaning(session: Session, actor: Actor, key: str) -> str:
    """Say what a new interval means for the children who are on the list with that rating."""
    if not (key.startswith("ratings.") and key.endswith(".review_days")):
        return ""
    rating = key.split(".")[1]
    count = listed_with(session, actor, rating)
    where = "" if actor.areas(AREA_ROLES) is None else " in your areas"
    label = OPTIONS[rating].lower()
    if count is None:
        who = f"Every child rated {label} keeps"
    elif count == 1:
        who = f"1 child rated {label}{where} keeps"
    else:
        who = f"{count} children rated {label}{where} keep"
    return f"{who} the next review as it is set; the new interval counts from the next rating."
