"""The forms of a strategy discussion: why it is asked for, what came of it, or why it is not held."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from wtforms import RadioField

from meetings_app.accounts.forms import Checkboxes
from meetings_app.partnership.strategy import StrategyRules
from meetings_app.strategy.rules import About
from meetings_app.strategy.service import Asked, Held
from meetings_app.web.forms import Form, day, line, line_for_later, text, text_for_later

_ABOUT = {
    About.CHILD.value: "The child, who may be harmed",
    About.ALLEGED_PERPETRATOR.value: "A young person under 18 who may be harming others, on their own record",
}
_PREFIX = "took_part_"


class WhyForm(Form):
    """Why a discussion is asked for, and about whom."""

    triggers = Checkboxes("Why is a strategy discussion asked for?", validate_choice=False)
    why = text("What is known?", hint="What has happened, in a few words.")
    about = RadioField("Who is it about?", choices=_ABOUT, default=About.CHILD.value)

    def offer(self, rules: StrategyRules, suggested: Collection[str]) -> None:
        """Offer the partnership's triggers; those that hold for the child are ticked while nothing is sent."""
        self.triggers.choices = [(trigger.code, trigger.label) for trigger in rules.triggers]
        if not self.is_submitted():
            self.triggers.data = list(suggested)

    @property
    def asked(self) -> Asked:
        """What was said."""
        return Asked(self.triggers.data or (), self.why.data or "", About(self.about.data))


class HeldForm(Form):
    """When it was held, who took part, and what came of it; `held_form` adds a box for each who may take part."""

    happened_on = day("When was it held?", "Enter the date on which it was held")
    others = line("Others who took part")
    missing_reason = text_for_later(
        "If somebody of the minimum did not take part, why?",
        hint="The minimum is marked. Whoever is missing is named on the record.",
    )
    outcome = text("Outcome", "Enter what came of the discussion")
    actions = text("Actions agreed", hint="Who does what by when.")

    def held(self, held_on: date) -> Held:
        """Give what was said."""
        names = {name.removeprefix(_PREFIX): self[name].data or "" for name in self._fields if name.startswith(_PREFIX)}
        return Held(
            held_on, names, self.others.data or "", self.missing_reason.data or "", self.outcome.data,
            self.actions.data or "",
        )  # fmt: skip

    @property
    def people(self) -> list[Any]:
        """The boxes of those who may take part, in the partnership's order."""
        return [self[name] for name in self._fields if name.startswith(_PREFIX)]


class NotHeldForm(Form):
    """Which manager decided that it is not held, when and why; it records a consideration, too (SG)."""

    happened_on = day("When was this decided?", "Enter the date on which this was decided")
    manager = line("Name of the manager who decided", "Enter the name of the manager who decided")
    reason = text("Why is no strategy discussion held?", "Enter why it is not held")


class NewNotHeldForm(WhyForm, NotHeldForm):
    """Both in one, for what nobody asked for before."""


@lru_cache(maxsize=8)
def held_form(rules: StrategyRules, *, new: bool) -> type[HeldForm]:
    """Give the form of what came of a discussion with a box for each who may take part; `new` asks why as well."""
    boxes = {
        f"{_PREFIX}{one.code}": line_for_later(f"{one.label} (part of the minimum)") if one.needed else line(one.label)
        for one in rules.participants
    }
    return type("HeldForm", (WhyForm, HeldForm) if new else (HeldForm,), boxes)
