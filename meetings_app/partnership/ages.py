"""The shape of `[ages]` in `ratings.toml`."""

from typing import Annotated

from pydantic import Field

from meetings_app.partnership.values import Age, Definition


class Ages(Definition):
    """The ages that matter, in years or in months."""

    consent_is_no_safety: Age
    transition_planning: Age
    adult_services_months: Annotated[int, Field(ge=1, le=360, strict=True)]
    weekly_months: Annotated[int, Field(ge=1, le=360, strict=True)]
    adult: Age
    additional_needs_last_age: Age
    care_leaver_last_age: Age
