"""What stands round the rows of the list: the areas, the filters, and the headings that sort it.

It follows from the view and from what kind of person looks, and holds nothing about a child. So it is printed once for
each: at every page it took longer than the rows.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import get_template_attribute, url_for

from meetings_app.accounts.queries import Reference
from meetings_app.cse_list import exports
from meetings_app.cse_list.filters import AGE_BANDS, NO_AGENCY, ListFilter, Sort
from meetings_app.cse_list.queries import References


class Around(NamedTuple):
    """The parts of the page round its rows, as HTML, and the addresses of the same view as a file."""

    filters: str
    headings: str
    excel_href: str
    word_href: str


@lru_cache(maxsize=256)
def around(
    view: ListFilter, references: References, own_areas: tuple[Reference, ...], *, one_area: bool, counts_actions: bool
) -> Around:
    """Give what stands round the rows of a view, for somebody who may choose between `own_areas`.

    Where everything the person may see lies in `one_area`, the rows do not name it.
    """
    filters: Any = get_template_attribute("cse_list/around.html", "filters")
    headings: Any = get_template_attribute("cse_list/around.html", "headings")
    return Around(
        filters(view, _tabs(view, references, own_areas), _applied(view, references), _choices(references)),
        headings(_sorting(view), one_area, counts_actions),
        url_for("cse_list.excel", **view.address()),
        url_for("cse_list.word", **view.address()),
    )


def link(view: ListFilter, **more: Any) -> str:
    """Give the address of a view. A page has a dozen, so where the list is stands here, as in the navigation."""
    asked = urlencode({**view.address(), **more})
    return f"/list?{asked}" if asked else "/list"


def _tabs(view: ListFilter, references: References, own: Sequence[Reference]) -> list[dict[str, Any]]:
    """Give the areas the person may choose between; none where there is only one."""
    if len(own) < 2:
        return []
    every = "Whole county" if len(own) == len(references.areas) else "All your areas"
    tabs = [("", every), *((area.code, area.name) for area in own)]
    return [{"text": text, "href": link(replace(view, area=code)), "current": view.area == code} for code, text in tabs]


def _applied(view: ListFilter, references: References) -> list[dict[str, str]]:
    without: dict[str, dict[str, Any]] = {"overdue": {"overdue": False}}
    return [
        {"text": text, "href": link(replace(view, **without.get(field, {field: ""})))}
        for field, text in exports.applied(view, references).items()
    ]


def _choices(references: References) -> dict[str, list[tuple[str, str]]]:
    agencies = [(agency.code, agency.name) for agency in references.agencies]
    return {
        "rating": [("", "Any"), *exports.RATING_WORDS.items()],
        "agency": [("", "Any"), *agencies, (NO_AGENCY, "No lead agency")],
        "age": [("", "Any"), *((code, band.label) for code, band in AGE_BANDS.items())],
    }


def _sorting(view: ListFilter) -> list[dict[str, Any]]:
    """Give the headings that sort the list: text, address, and which way this one sorts it now."""
    way = "descending" if view.descending else "ascending"
    texts = {Sort.NAME: "Child", Sort.AGE: "Age", Sort.RATING: "Rating", Sort.REVIEW: "Next review"}
    return [
        {"text": text, "href": link(view.sorted_by(sort)), "direction": way if view.sort is sort else None}
        for sort, text in texts.items()
    ]
