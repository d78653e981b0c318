"""What every file in `agendas/` is made of: the base of its parts, and the values that may stand in it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

PlainText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
EmailAddress = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,8}$")]
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
SectionKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
Days = Annotated[int, Field(ge=1, le=3660, strict=True)]
Count = Annotated[int, Field(ge=0, le=100, strict=True)]
Minutes = Annotated[int, Field(ge=1, le=600, strict=True)]
Age = Annotated[int, Field(ge=1, le=30, strict=True)]
RatingCode = Literal["high", "medium", "low", "none"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]


class Definition(BaseModel):
    """The base of all: unknown keys are forbidden, and nothing changes after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
