"""The shape of `closing.toml`: where an adult safeguarding referral goes, and the letters after a closure."""

import re
from typing import Self

from pydantic import model_validator

from meetings_app.partnership.values import Definition, PlainText

_PLACES = {"{name}", "{agency}"}


class ClosingTexts(Definition):
    """`closing.toml`."""

    adult_safeguarding: PlainText
    no_agency: PlainText
    letter_to_child: PlainText
    letter_to_parents: PlainText

    @model_validator(mode="after")
    def _places_are_known(self) -> Self:
        for found in re.findall(r"\{[^}]*\}", self.letter_to_child + self.letter_to_parents):
            if found not in _PLACES:
                raise ValueError(f"{found} stands for nothing: use {{name}} or {{agency}}")
        return self

    def letters(self, name: str, agency: str) -> list[tuple[str, str]]:
        """Give to whom each letter goes, and its text, for a child who has left the list (SUR)."""
        texts = (("To the child", self.letter_to_child), ("To the parents or carers", self.letter_to_parents))
        values = {"{name}": name, "{agency}": agency or self.no_agency}
        return [(who, re.sub(r"\{name\}|\{agency\}", lambda found: values[found[0]], text)) for who, text in texts]
