"""The form in which a safety plan is written."""

from meetings_app.plans.service import PlanText
from meetings_app.web.forms import VersionedForm, text


class PlanForm(VersionedForm):
    """One version of a safety plan; `version` carries the number of the version it began from."""

    aims = text("Aims", "Enter the aims of the plan", hint="What should be different for the child, and by when.")
    contingency = text(
        "Contingency", "Enter what happens if the plan does not work", hint="What happens if the plan does not work."
    )
    child_view = text(
        "The child’s view", "Enter the child’s view, or why it was not sought", hint="Or why it was not sought."
    )
    parents_view = text(
        "The parents’ or carers’ view",
        "Enter the parents’ or carers’ view, or why it was not sought",
        hint="Or why it was not sought.",
    )
    police_intelligence = text("Police intelligence", hint="Kept apart from the plan: schools do not see it.")

    @property
    def plan(self) -> PlanText:
        """What was written."""
        return PlanText(
            aims=self.aims.data,
            contingency=self.contingency.data,
            child_view=self.child_view.data,
            parents_view=self.parents_view.data,
            police_intelligence=self.police_intelligence.data or "",
        )
