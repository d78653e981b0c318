"""What is recorded of a strategy discussion, in words. Pure."""

from typing import Any

from meetings_app.partnership.strategy import StrategyRules
from meetings_app.strategy.models import DiscussionState
from meetings_app.text import day_in_words

ASKS = {
    "discussion": "hold a strategy discussion, or record a named manager’s reason why not",
    "consideration": "record whether one was considered, and why it is not held",
    "manager": "record the discussion with the team manager",
}
STATES = {
    DiscussionState.REQUESTED: "To be held",
    DiscussionState.HELD: "Held",
    DiscussionState.NOT_HELD: "Not held",
}


def labels_of(codes: list[str], rules: StrategyRules) -> list[str]:
    """Give why a discussion is asked for, in words; a trigger that the partnership has taken out is named as it was."""
    known = {trigger.code: trigger.label for trigger in rules.triggers}
    return [known.get(code, code.replace("_", " ")) for code in codes]


def record_in_words(said: Any, discussion: Any, rules: StrategyRules) -> str:
    """Say one record as a few lines, such as the minutes print them."""
    when = day_in_words(said.happened_on)
    if said.kind is DiscussionState.REQUESTED:
        reasons = "; ".join(labels_of(discussion.triggers, rules))
        lines = [f"Strategy discussion {discussion.reference} is asked for: {reasons}.", said.why]
        lines.append(f"Due by {day_in_words(discussion.due_on)}.")
    elif said.kind is DiscussionState.HELD:
        lines = [f"Strategy discussion {discussion.reference} was held on {when}.", *took_part_lines(said)]
        lines += [f"Outcome: {said.outcome}", f"Actions: {said.actions}" if said.actions else ""]
    else:
        lines = [f"Strategy discussion {discussion.reference} is not held, as {said.manager} decided on {when}."]
        lines.append(f"Why: {said.why}")
    return "\n".join(line for line in lines if line)


def took_part_lines(said: Any) -> list[str]:
    """Say who took part in a discussion that was held, and who of the minimum did not, with the reason."""
    people = "; ".join(f"{one['label']}: {one['names']}" for one in said.took_part)
    lines = [f"Took part: {people}." if people else "Nobody is named as having taken part."]
    if said.missing:
        lines.append(f"Without {', '.join(said.missing)}. Why: {said.why}")
    return lines
