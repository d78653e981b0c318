"""Who may do what: roles, permissions, and the person who acts. Pure; deny by default."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles of `domain.md`, "Confidentiality"."""

    COORDINATOR = "coordinator"
    CHAIR = "chair"
    DEPUTY_CHAIR = "deputy-chair"
    NETWORK_CHAIR = "network-chair"
    REPRESENTATIVE = "representative"
    SPECIALIST = "specialist"
    SCHOOL = "school"
    LEAD_PROFESSIONAL = "lead-professional"
    LIST_HOLDER = "list-holder"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a page or a command may ask for. A view that names none of these does not start."""

    SEE_LIST = "see the list"
    CIRCULATE_LIST = "say who is sent the weekly list"
    SEE_CHILD = "see a child's record"
    CHANGE_CHILD = "change a child's record"
    WRITE_NOTE = "add to a child's record"
    WRITE_PLAN = "write a safety plan"
    SEE_TRAIL = "see who looked at a child's record"
    REFER = "make a referral"
    ASSESS = "use an assessment tool"
    RECORD_STRATEGY = "ask for a strategy discussion, and record what came of it"
    GIVE_ACTION = "give an action that an assessment recommends"
    SEE_REFERRALS = "see referrals"
    TRIAGE = "decide what happens to a referral"
    REFUSE_REFERRAL = "decide no further action on a referral"
    IMPORT = "import a spreadsheet"
    SEE_MEETINGS = "see meetings"
    ARRANGE_MEETINGS = "arrange meetings"
    ARRANGE_RMMS = "arrange meetings of an area"
    SEE_AGENDA = "see an agenda"
    PREPARE_AGENDA = "prepare an agenda"
    ANSWER_FOR_AGENCY = "answer for one's agency before a meeting"
    RECORD_MEETING = "record a meeting"
    DECIDE = "record a rating"
    CLOSE_ENTRY = "take a child off the list"
    SIGN_MINUTES = "sign minutes"
    SEE_ACTIONS = "see actions"
    REPORT_ACTION = "say what was done on an action"
    SEE_NETWORKS = "see networks and what links them"
    WORK_NETWORKS = "record what is known about networks"
    DECIDE_NETWORKS = "decide on referrals to the network meeting"
    SEE_TOTALS = "see totals"
    MANAGE_ACCOUNTS = "manage accounts"
    SEE_RULES = "see the rules"
    CHANGE_RULES = "change the rules"
    SEE_AUDIT = "see the audit trail"
    SEE_OUTBOX = "see the state of the mail"


_EVERY_PROFESSIONAL = frozenset(
    {
        Permission.REFER,
        Permission.ASSESS,
        Permission.SEE_REFERRALS,
        Permission.SEE_ACTIONS,
        Permission.REPORT_ACTION,
    }
)
_READS_CHILDREN = frozenset({Permission.SEE_CHILD})
_MEMBER = (
    _EVERY_PROFESSIONAL
    | _READS_CHILDREN
    | {
        Permission.SEE_LIST,
        Permission.SEE_MEETINGS,
        Permission.SEE_AGENDA,
        Permission.ANSWER_FOR_AGENCY,
        Permission.WRITE_NOTE,
    }
)
_NETWORKS = frozenset({Permission.SEE_NETWORKS, Permission.WORK_NETWORKS})
_PREPARES = (
    _MEMBER
    | _NETWORKS
    | {
        Permission.CHANGE_CHILD,
        Permission.WRITE_PLAN,
        Permission.GIVE_ACTION,
        Permission.RECORD_STRATEGY,
        Permission.SEE_TRAIL,
        Permission.TRIAGE,
        Permission.PREPARE_AGENDA,
        Permission.RECORD_MEETING,
        Permission.SEE_RULES,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: _PREPARES
    | {Permission.IMPORT, Permission.ARRANGE_MEETINGS, Permission.ARRANGE_RMMS, Permission.SEE_OUTBOX}
    | {Permission.CHANGE_RULES, Permission.CIRCULATE_LIST},
    Role.CHAIR: _PREPARES
    | {Permission.REFUSE_REFERRAL, Permission.DECIDE, Permission.CLOSE_ENTRY, Permission.SIGN_MINUTES},
    Role.DEPUTY_CHAIR: _PREPARES
    | {Permission.REFUSE_REFERRAL, Permission.DECIDE, Permission.CLOSE_ENTRY, Permission.SIGN_MINUTES},
    Role.NETWORK_CHAIR: _EVERY_PROFESSIONAL | _NETWORKS | {Permission.DECIDE_NETWORKS, Permission.ARRANGE_MEETINGS},
    Role.REPRESENTATIVE: _MEMBER | _NETWORKS | {Permission.RECORD_STRATEGY},
    Role.SPECIALIST: _EVERY_PROFESSIONAL | _READS_CHILDREN | {Permission.WRITE_NOTE, Permission.SEE_NETWORKS},
    Role.SCHOOL: _EVERY_PROFESSIONAL | _READS_CHILDREN,
    Role.LEAD_PROFESSIONAL: _EVERY_PROFESSIONAL
    | _READS_CHILDREN
    | {Permission.WRITE_NOTE, Permission.WRITE_PLAN, Permission.GIVE_ACTION, Permission.RECORD_STRATEGY},
    Role.LIST_HOLDER: frozenset({Permission.SEE_LIST}),
    Role.ANALYST: frozenset({Permission.SEE_TOTALS}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.MANAGE_ACCOUNTS, Permission.SEE_OUTBOX, Permission.SEE_RULES, Permission.CHANGE_RULES}
    ),
    Role.AUDITOR: frozenset({Permission.SEE_AUDIT, Permission.SEE_RULES}),
}

AREA_ROLES = frozenset({Role.COORDINATOR, Role.CHAIR, Role.DEPUTY_CHAIR})
"""Roles that see every child of their areas, listed or waiting."""

LIST_ROLES = frozenset({Role.REPRESENTATIVE, Role.LIST_HOLDER})
"""Roles that see the children on the list of their areas."""

CHAIR_ROLES = frozenset({Role.CHAIR, Role.DEPUTY_CHAIR})


@dataclass(frozen=True)
class Grant:
    """One role of one person, for one area or, with `area_id` None, for the whole county."""

    role: Role
    area_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """The person, command or job on whose behalf something is read or changed.

    `everything` is True for the operator of the machine and the scheduler only: their reads are not narrowed
    and each run is in the audit trail. `kept_from` are the children about whom the person has a conflict of interest.
    """

    account_id: int | None
    name: str
    agency_id: int | None = None
    school_id: int | None = None
    grants: tuple[Grant, ...] = field(default=())
    everything: bool = False
    kept_from: frozenset[int] = frozenset()

    def has(self, role: Role) -> bool:
        """Say whether the person holds the role, for any area."""
        return any(grant.role is role for grant in self.grants)

    def may(self, permission: Permission, area_id: int | None = None) -> bool:
        """Say whether the person may, in any area or, where `area_id` is given, in that one."""
        return self.everything or any(
            permission in PERMISSIONS[grant.role]
            for grant in self.grants
            if area_id is None or grant.area_id is None or grant.area_id == area_id
        )

    def areas(self, roles: frozenset[Role]) -> frozenset[int] | None:
        """Give the ids of the areas held through any of `roles`; None means the whole county."""
        held = [grant.area_id for grant in self.grants if grant.role in roles]
        if self.everything or None in held:
            return None
        return frozenset(area for area in held if area is not None)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the person may do somewhere; the page then narrows by area."""
        if self.everything:
            return frozenset(Permission)
        return frozenset().union(*(PERMISSIONS[grant.role] for grant in self.grants))


OPERATOR = Actor(account_id=None, name="operator of the machine", everything=True)
SCHEDULER = Actor(account_id=None, name="scheduler", everything=True)
