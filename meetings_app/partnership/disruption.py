"""The shape of `disruption.toml`: the orders and tactics that stop those who exploit children."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from meetings_app.partnership.values import Definition, PlainText, SectionKey


class Tactic(Definition):
    """One order or tactic. `order`: a court or an authority grants it, and it expires. `only`: kinds it is used on."""

    code: SectionKey
    label: PlainText
    order: bool = False
    only: tuple[SectionKey, ...] = ()


class DisruptionTactics(Definition):
    """`disruption.toml`."""

    tactics: Annotated[tuple[Tactic, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_code_once(self) -> Self:
        codes = [tactic.code for tactic in self.tactics]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"the code “{code}” stands there twice")
        return self

    @property
    def labels(self) -> dict[str, str]:
        """Give the words for each code."""
        return {tactic.code: tactic.label for tactic in self.tactics}
