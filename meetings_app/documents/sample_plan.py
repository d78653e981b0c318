"""An invented safety plan that fills in every field of its template, and a school's copy next to empty."""

from dataclasses import replace
from datetime import UTC, date, datetime

from meetings_app.documents.facts import Line
from meetings_app.documents.plan_facts import PlanAimFacts, PlanFacts


def sample_plan() -> PlanFacts:
    """Give a plan that has everything there can be."""
    aim = PlanAimFacts(
        number=1, aim="Sample aim.", actions="Sample actions.", references=("A-SAMP1", "A-SAMP2"),
        due=date(2026, 12, 20), found="Sample effect: sample seen.", progress="Sample progress.",
    )  # fmt: skip
    return PlanFacts(
        partnership="Sample Partnership", marking="SAMPLE MARKING", title="CSE Safety Plan", area="Sample area",
        version="3", reader="Sample copy", produced_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        reference="C-SAMP1", name="Testy McExample", status="Sample status",
        about=(Line("Sample label", "Sample who"),),
        aims=(aim, PlanAimFacts(number=4, aim="Bare aim.")), texts=(Line("Sample text", "Sample words."),),
        police_intelligence="Sample intelligence.", update="Sample update.",
    )  # fmt: skip


def bare_plan() -> PlanFacts:
    """Give the school’s copy of a plan of which little is written."""
    return replace(
        sample_plan(), area="", status="", about=(), aims=(PlanAimFacts(number=4, aim="Bare aim."),), texts=(),
        police_intelligence="", update="", school_copy=True,
    )  # fmt: skip
