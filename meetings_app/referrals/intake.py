"""What the pages that make a referral ask, and what they say back before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.accounts import queries as accounts
from meetings_app.children.models import YesNoUnknown
from meetings_app.children.queries import FoundChild
from meetings_app.children.service import ChildDetails
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Actor, Permission, Role
from meetings_app.referrals.forms import CHILD_FIELDS, DETAIL_FIELDS, DetailsForm, SearchForm
from meetings_app.referrals.search import is_own_reference
from meetings_app.referrals.service import ReferralDetails
from meetings_app.text import day_in_words


@dataclass(frozen=True)
class Sought:
    """Whom the referral is about, as typed on the first step."""

    name: str
    born: date
    reference: str


def sought(form: SearchForm, today: date) -> Sought | None:
    """Give the child whom the first step names, or None where something is wrong and stands beside its field."""
    if not form.validate() or form.born.data is None:
        return None
    if form.born.data > today:
        form.refuse(RuleBroken("born", "The date of birth must be in the past"))
        return None
    return Sought(form.name.data, form.born.data, form.external_reference.data)


def details_form(session: Session, by: Actor, chosen: FoundChild | None, typed: Mapping[str, str]) -> DetailsForm:
    """Give the second step as this person is asked it: about a record chosen before, or about a new child."""
    begun = any(name in typed for name in DETAIL_FIELDS)
    form = DetailsForm() if begun else DetailsForm(formdata=None)
    form.form_id.data = typed.get("form_id") or form.form_id.data
    form.offer("area", [(area.code, area.name) for area in accounts.areas(session)])
    form.offer("school", [(school.code, school.name) for school in accounts.schools(session)])
    agencies = accounts.agencies(session)
    form.offer("agency", [(agency.code, agency.name) for agency in agencies])
    if not begun:
        form.learning_disability.data = YesNoUnknown.UNKNOWN.value
        form.area.data = _only_area(session, by)
    if chosen is not None:
        form.leave_out(*CHILD_FIELDS)
    elif len(form.school.choices) == 1:
        form.leave_out("school")
    if not by.may(Permission.TRIAGE):
        form.leave_out("agency", "referrer_name")
    elif not begun:
        form.agency.data = next((agency.code for agency in agencies if agency.id == by.agency_id), "")
        form.referrer_name.data = by.name
    return form


def _only_area(session: Session, by: Actor) -> str:
    """Give the code of the one area in which the person works, or nothing."""
    own = accounts.areas_of(session, by, frozenset(Role))
    return own[0].code if len(own) == 1 else ""


def referral_details(session: Session, by: Actor, form: DetailsForm) -> ReferralDetails:
    """Give what a right form says about the referral; for most people the agency is their own."""
    agency_id, name = by.agency_id or 0, by.name
    if "agency" in form:
        agency_id = _id_of(accounts.agencies(session), form.agency.data) or 0
        name = form.referrer_name.data
    return ReferralDetails(
        agency_id=agency_id, referrer_name=name, reason=form.reason.data, urgent=form.urgent.data,
        awaiting_assessment=form.awaiting_assessment.data, tool=form.tool.data or "",
    )  # fmt: skip


def child_details(session: Session, child: Sought, form: DetailsForm) -> ChildDetails:
    """Give what right forms say about a child without a record."""
    return ChildDetails(
        name=child.name, born=child.born,
        area_id=_id_of(accounts.areas(session), form.area.data) or 0,
        external_reference=child.reference if child.reference and not is_own_reference(child.reference) else None,
        gender=form.gender.data, school_name=form.school_name.data,
        school_id=_id_of(accounts.schools(session), form.school.data) if "school" in form else None,
        learning_disability=YesNoUnknown(form.learning_disability.data or YesNoUnknown.UNKNOWN.value),
    )  # fmt: skip


def child_rows(session: Session, child: Sought, chosen: FoundChild | None) -> list[dict[str, str]]:
    """Give the answers about who the child is, as they are checked."""
    if chosen is not None:
        name, born, reference = chosen.name, chosen.born, chosen.reference
        record = f"Record {reference}, {area_names(session)[chosen.area_id]}"
    else:
        name, born = child.name, child.born
        record = "A new record"
    rows = [("Child", name), ("Date of birth", day_in_words(born)), ("Record", record)]
    if chosen is None and child.reference:
        rows.append(("Reference", child.reference))
    return [{"key": key, "value": value} for key, value in rows]


def concern_rows(session: Session, by: Actor, form: DetailsForm) -> list[dict[str, str]]:
    """Give the answers about the concern, as they are checked."""
    rows = [{"key": form[name].label.text, "value": _in_words(form[name])} for name in DETAIL_FIELDS if name in form]
    if "agency" not in form:
        agency = next((agency.name for agency in accounts.agencies(session) if agency.id == by.agency_id), "")
        rows.append({"key": "Who makes the referral", "value": f"{by.name}, {agency}"})
    return rows


def area_names(session: Session) -> dict[int, str]:
    """Give the names of the areas, by id."""
    return {area.id: area.name for area in accounts.areas(session)}


def _in_words(field: Any) -> str:
    if field.type == "BooleanField":
        return "Yes" if field.data else "No"
    if field.type == "SelectField":
        chosen = next((text for value, text, *_more in field.iter_choices() if value == field.data), "")
        return "" if chosen == "Choose" else chosen
    return field.data or ""


def _id_of(references: list[accounts.Reference], code: str) -> int | None:
    return next((reference.id for reference in references if reference.code == code), None)
