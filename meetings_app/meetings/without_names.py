"""Taking the children's names out of texts that people wrote, for the copy without names."""

import re
from collections.abc import Callable, Mapping
from typing import Any


def without_names(kept: Mapping[str, Any]) -> Callable[[str], str]:
    """Give what takes the children's names out of a text that people wrote, and puts the reference there."""
    replacements = []
    for item in kept["items"]:
        parts = [item["name"], *sorted((part for part in item["name"].split() if len(part) > 1), key=len, reverse=True)]
        pattern = "|".join(rf"(?<!\w){re.escape(part)}(?!\w)" for part in parts if part.strip())
        if pattern:
            replacements.append((re.compile(pattern, re.IGNORECASE), item["child"]))

    def replaced(text: str) -> str:
        for pattern, reference in replacements:
            text = pattern.sub(reference, text)
        return text

    return replaced
