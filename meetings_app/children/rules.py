"""Who may change something beside a child whom they may see."""

from meetings_app.permissions import PERMISSIONS, Actor, Permission, Role

_OWN_CHILDREN = frozenset({Role.LEAD_PROFESSIONAL, Role.SPECIALIST, Role.SCHOOL})


def may_for_child(by: Actor, permission: Permission, area_id: int, lead_professional_id: int | None) -> bool:
    """Say whether `by`, who sees the child, may do this beside it.

    Roles of an area count in that area. A lead professional may for their own children wherever these live, and a
    specialist for the children they work with, who are the only ones that role shows them.
    """
    if by.everything:
        return True
    for grant in by.grants:
        if permission not in PERMISSIONS[grant.role]:
            continue
        if grant.role is Role.LEAD_PROFESSIONAL:
            if by.account_id is not None and lead_professional_id == by.account_id:
                return True
        elif grant.role in _OWN_CHILDREN or grant.area_id is None or grant.area_id == area_id:
            return True
    return False
