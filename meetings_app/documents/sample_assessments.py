"""Invented assessments that fill in every field of their template, and next to none."""

from dataclasses import replace
from datetime import UTC, datetime

from meetings_app.documents.assessment_facts import AssessmentFacts, AssessmentFlag, AssessmentTick, AssessmentTier
from meetings_app.documents.facts import Line


def sample_assessment() -> AssessmentFacts:
    """Give an assessment that has everything there can be."""
    return AssessmentFacts(
        partnership="Sample Partnership",
        marking="SAMPLE MARKING",
        title="Sample assessment",
        area="Sample area",
        version="Sample version",
        reader="Sample copy",
        produced_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        reference="S-SAMP1",
        tool="Sample tool",
        unofficial="Sample unofficial note.",
        child="C-SAMP1",
        name="Testy McExample",
        about=(Line("Sample about", "Sample fact."),),
        result=(Line("Sample result", "Sample category."),),
        notes=("Sample note.",),
        flags=(
            AssessmentFlag("Sample flag.", ("Sample answer one.", "Sample answer two.")),
            AssessmentFlag("Sample flag nobody answered.", ()),
        ),
        decision=("Sample decision.", "Sample reason."),
        tiers=(AssessmentTier("Sample tier", _ticks()), AssessmentTier("Sample empty tier", ())),
        gone=("Sample gone indicator",),
        other_factors=("Sample other factor.",),
        texts=(Line("Sample heading", "Sample view."), Line("Sample empty heading", "")),
    )


def bare_assessment() -> AssessmentFacts:
    """Give an assessment with next to nothing in it."""
    return replace(
        sample_assessment(), partnership="", area="", unofficial="", child=None, about=(), result=(), notes=(),
        flags=(), decision=(), tiers=(), gone=(), other_factors=(), texts=(),
    )  # fmt: skip


def _ticks() -> tuple[AssessmentTick, ...]:
    whole = AssessmentTick(
        label="Sample indicator",
        when=("Sample time one", "Sample time two"),
        evidence="Sample evidence.",
        source="Sample source",
        asked=(Line("Sample question?", "Sample choice"),),
        points=6,
    )
    return whole, AssessmentTick(label="Sample bare indicator", when=("Sample time",), evidence="Why.", source="")
