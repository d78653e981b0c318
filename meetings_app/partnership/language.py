"""The shape of `language.toml`: words that put the blame on the child, and those that tell what the police know."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from meetings_app.partnership.values import Definition, PlainText

Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^\W\d_]+(?:[ '’-]+[^\W\d_]+)*$", max_length=80)
]


class LanguagePrompt(Definition):
    """Some phrases, in every form they take, with one reason and one thing to write instead."""

    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    reason: PlainText
    instead: PlainText


class LanguageRules(Definition):
    """`language.toml`. `police_intelligence` is looked for in texts that go into a child’s file."""

    police_intelligence: tuple[Phrase, ...] = (
        "police intelligence", "intelligence from the police", "intelligence of the police",
        "intelligence report", "intelligence reports", "intelligence log", "intelligence logs",
    )  # fmt: skip
    prompts: tuple[LanguagePrompt, ...] = ()

    @model_validator(mode="after")
    def _each_phrase_once(self) -> Self:
        seen: set[str] = set()
        for phrase in (phrase.casefold() for prompt in self.prompts for phrase in prompt.phrases):
            if phrase in seen:
                raise ValueError(f"the phrase “{phrase}” stands there twice")
            seen.add(phrase)
        return self
