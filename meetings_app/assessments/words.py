"""What an assessment found, in one line. Pure."""

from meetings_app.partnership.tools import ToolDefinition
from meetings_app.text import capital_first

LEVELS = {"none": "no CSE risk identified", "low": "low", "medium": "medium", "high": "high"}
"""A level as it reads inside a sentence."""


def result_in_words(tool: ToolDefinition, category: int | None, score: int | None) -> str:
    """Say what a finished assessment found, such as “Category 4, significant risk, score 18, reads as high”."""
    if category is None:
        return "Nothing is ticked, so there is no level"
    found = tool.category(category)
    points = f", score {score}" if score is not None else ""
    if tool.method == "score":
        return f"Category {category}, {found.label}{points}, reads as {LEVELS[found.level]}"
    return capital_first(found.label)
