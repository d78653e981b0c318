"""Which part of the list is asked for, and in what order: from an address of the page or from a command."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from meetings_app.ratings.models import RiskRating

NO_AGENCY = "none"
"""What stands in the address for the children without a lead agency."""


class Sort(StrEnum):
    """The orders in which the list is read; each follows an index."""

    REVIEW = "review"
    NAME = "name"
    RATING = "rating"
    AGE = "age"


@dataclass(frozen=True)
class AgeBand:
    """Ages from `youngest` years up to, but not including, `below`."""

    label: str
    youngest: int = 0
    below: int | None = None


AGE_BANDS = {
    "under-13": AgeBand("Under 13", below=13),
    "13-15": AgeBand("13 to 15", 13, 16),
    "16": AgeBand("16", 16, 17),
    "17-plus": AgeBand("17 and over", 17),
    "18-plus": AgeBand("18 and over", 18),
}


@dataclass(frozen=True)
class ListFilter:
    """One view of the list. Codes, never ids or names, for it stands in an address."""

    area: str = ""
    rating: str = ""
    agency: str = ""
    overdue: bool = False
    age: str = ""
    sort: Sort = Sort.REVIEW
    descending: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "ListFilter":
        """Read the address; what is not known is left out."""
        rating, age, sort = values.get("rating", ""), values.get("age", ""), values.get("sort", "")
        return cls(
            area=values.get("area", "").upper(),
            rating=rating if rating in set(RiskRating) - {RiskRating.NONE} else "",
            agency=values.get("agency", ""),
            overdue=values.get("overdue", "") == "1",
            age=age if age in AGE_BANDS else "",
            sort=Sort(sort) if sort in set(Sort) else Sort.REVIEW,
            descending=values.get("order", "") == "descending",
        )

    def address(self) -> dict[str, Any]:
        """Give the values of the address that asks for this view, the defaults left out."""
        values = {"area": self.area, "rating": self.rating, "agency": self.agency, "age": self.age}
        values["overdue"] = "1" if self.overdue else ""
        values["sort"] = "" if self.sort is Sort.REVIEW else self.sort.value
        values["order"] = "descending" if self.descending else ""
        return {name: value for name, value in values.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything but the area is asked for."""
        return bool(self.rating or self.agency or self.overdue or self.age)

    @property
    def keys_fall(self) -> bool:
        """Whether the keys of the order fall: ages rise as dates of birth fall."""
        return self.descending != (self.sort is Sort.AGE)

    def sorted_by(self, sort: Sort) -> "ListFilter":
        """Give the view sorted by a column; the second time the other way round."""
        return replace(self, sort=sort, descending=self.sort is sort and not self.descending)
