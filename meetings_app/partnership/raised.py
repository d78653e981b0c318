"""The shape of `raised.toml`: what a rating of high or medium asks agencies to do."""

from typing import Self

from pydantic import model_validator

from meetings_app.partnership.values import AgencyCode, Days, Definition, PlainText


class RaisedAction(Definition):
    """What is to be done, who might do it, and within how many days of the decision. People decide."""

    text: PlainText
    agency: AgencyCode
    days: Days
    only_if_missing: bool = False


class RaisedRules(Definition):
    """`raised.toml`."""

    high: tuple[RaisedAction, ...] = ()
    medium: tuple[RaisedAction, ...] = ()

    @model_validator(mode="after")
    def _each_text_once(self) -> Self:
        # What became of each is known by its text.
        for rows in (self.high, self.medium):
            texts = [row.text for row in rows]
            for text in texts:
                if texts.count(text) > 1:
                    raise ValueError(f"“{text}” stands there twice for one rating")
        return self
