"""Who takes over what a person holds, area by area."""

from collections.abc import Mapping
from typing import Any

from meetings_app.handing_over.holdings import Holding, Holdings
from meetings_app.handing_over.service import Successors
from meetings_app.web.forms import VersionedForm, choice

_QUEUE = "The agency’s representative there, or the coordinator’s home page"
_NOBODY = "Nobody yet: the coordinator’s home page shows the children"


class HandOverForm(VersionedForm):
    """One list for each area and kind of thing; what is left as it is goes to the agency’s representative."""

    kinds: Mapping[str, list[Holding]]

    @property
    def successors(self) -> Successors:
        """Who was chosen, by area. Call it only after the form was found valid."""
        chosen = {
            kind: {
                each.area_id: int(self[f"{kind}_{each.area_id}"].data)
                for each in holdings
                if self[f"{kind}_{each.area_id}"].data
            }
            for kind, holdings in self.kinds.items()
        }
        return Successors(chosen["actions"], chosen["children"], chosen["chair"])


def hand_over_form(
    holdings: Holdings, version: int | None = None, agencies: Mapping[str, str] | None = None
) -> HandOverForm:
    """Give the form for what a person holds; `version` is that of the account when the page is opened.

    With `agencies`, names by code, it asks first for which one the person works from now on.
    """
    kinds = {"actions": holdings.actions, "children": holdings.children, "chair": holdings.chairs}
    labels = {
        "actions": "Who takes over {0.number} open action(s) in {0.area}?",
        "children": "Who is lead professional of {0.number} child(ren) in {0.area}?",
        "chair": "Who chairs in {0.area}?",
    }
    fields: dict[str, Any] = {}
    if agencies is not None:
        fields["agency"] = choice("Which agency does the person work for now?", agencies.items(), "Choose an agency")
    for kind, each in ((kind, each) for kind, listed in kinds.items() for each in listed):
        first = {"actions": _QUEUE, "children": _NOBODY, "chair": _chair(each)}[kind]
        field = choice(labels[kind].format(each), validate_choice=True)
        field.kwargs["choices"] = {"": first, **{str(row.id): f"{row.name}, {row.agency}" for row in each.choices}}
        fields[f"{kind}_{each.area_id}"] = field
    made = type("HandOverForm", (HandOverForm,), {**fields, "kinds": kinds})
    form: HandOverForm = made(version=str(version)) if version is not None else made()
    return form


def _chair(holding: Holding) -> str:
    if holding.others:
        return f"Nobody new: {', '.join(holding.others)} chairs there too"
    return "Nobody yet: the agency has no chair there until you give the role to somebody"
