"""What waits about safety plans: those that were not written in their working days."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.home.waiting_rows import Reading, WaitingRow, in_areas
from meetings_app.permissions import Actor, Permission


def late_plans(by: Actor, today: date) -> Reading:
    """Read the children on the list whose plan was to be written before today. It is work, and no breach (own)."""
    statement: Any = (
        select(
            col(ListEntry.id), col(ListEntry.child_id), col(ListEntry.plan_due_on), col(ListEntry.current_rating),
            col(Child.reference), col(Child.name),
            sa.func.coalesce(col(Account.name), col(Child.lead_professional_name)).label("lead"),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .outerjoin(Account, col(Account.id) == col(Child.lead_professional_id))
        .where(
            is_live(), col(ListEntry.plan_due_on) < today,
            *in_areas(by, Permission.PREPARE_AGENDA, col(ListEntry.area_id)),
        )
    )  # fmt: skip
    return Reading(statement, col(ListEntry.id), _late_plan)


def _late_plan(row: Any) -> WaitingRow:
    lead = f"Lead professional: {row.lead}." if row.lead else "No lead professional is entered."
    rated = f"Rated {row.current_rating.value}. " if row.current_rating else ""
    return WaitingRow(
        row.id, row.reference, row.name, f"/children/{row.reference}#plan",
        f"{rated}The safety plan is not written in its time. {lead}", row.plan_due_on, (row.child_id,),
    )  # fmt: skip
