"""What each part of a person's work asks for now: a number, words, and the address of exactly the rows it counts."""

from meetings_app.actions.filters import ActionView, When, Whose
from meetings_app.actions.views import link as actions_link
from meetings_app.assessment_record.work import Show, WorkView
from meetings_app.cse_list.filters import ListFilter
from meetings_app.home.network_tasks import network_chair, own_network_actions
from meetings_app.home.numbers import Numbers
from meetings_app.home.own_children import OWN_ROLES, PlanAsked
from meetings_app.home.waiting import Part
from meetings_app.home.work import Task, WorkPart, task
from meetings_app.permissions import AREA_ROLES, CHAIR_ROLES, Actor, Role
from meetings_app.referrals.queries import View
from meetings_app.text import day_in_words


def parts_of(by: Actor, numbers: Numbers, agency: str) -> list[WorkPart]:
    """Give the parts of a person's work, in the order of their weight; each role that asks for something has one."""
    made = [
        (by.has(Role.COORDINATOR), "coordinator", "Coordinator", _coordinator),
        (any(by.has(role) for role in CHAIR_ROLES), "chair", "Chair", _chair),
        (by.has(Role.NETWORK_CHAIR), "network-chair", "Network meeting", network_chair),
        (by.has(Role.REPRESENTATIVE), "representative", f"Representative of {agency}", _representative),
        (any(by.has(role) for role in OWN_ROLES), "own", "Children you work with", _own),
        (by.has(Role.LIST_HOLDER) or numbers.unopened_list is not None, "list", "The CSE list", _list_reader),
        (by.has(Role.ADMINISTRATOR), "administrator", "Accounts and mail", _administrator),
    ]
    found = [WorkPart(key, title, tuple(tasks(numbers, by))) for held, key, title, tasks in made if held]
    own = tuple(_own_actions(numbers, by))
    if own:
        found.append(WorkPart("own-actions", "Your own actions, referrals and assessments", own))
    return found


def _coordinator(numbers: Numbers, _by: Actor) -> list[Task]:
    return [
        _waiting(
            numbers, Part.BREACHES, "thing the check of the night found is to be put right",
            "things the check of the night found are to be put right", True,
        ),
        _waiting(
            numbers, Part.HANDS, "open action is in nobody’s hands", "open actions are in nobody’s hands", True
        ),
        _waiting(
            numbers, Part.LEADS, "child has no lead professional, or the lead professional has left",
            "children have no lead professional, or the lead professional has left", True,
        ),
        _referrals(numbers, View.LATE, "referral has no decision in time", "referrals have no decision in time", True),
        _referrals(numbers, View.WAITING, "referral waits for a decision", "referrals wait for a decision"),
        _referrals(
            numbers, View.UNANSWERED, "returned referral has no answer in time",
            "returned referrals have no answer in time", True,
        ),
        _waiting(numbers, Part.NO_MEETING, "child has no meeting ahead", "children have no meeting ahead", True),
        *_area(numbers),
        _waiting(
            numbers, Part.INFORMATION, "agency did not supply what was missing: escalate it",
            "agencies did not supply what was missing: escalate them", True,
        ),
        *_assessments(numbers),
        _waiting(
            numbers, Part.CLOSURE_TASKS, "task after a closure has no owner", "tasks after a closure have no owner",
            True,
        ),
        _waiting(
            numbers, Part.LOOK_BACKS, "closure is to be looked back on", "closures are to be looked back on", True
        ),
        _waiting(numbers, Part.DUPLICATES, "pair of records may be one child", "pairs of records may be one child"),
        _waiting(numbers, Part.UPLOADS, "upload waits for your yes", "uploads wait for your yes"),
        _mail(numbers),
    ]  # fmt: skip


def _chair(numbers: Numbers, by: Actor) -> list[Task]:
    tasks = [
        _waiting(numbers, Part.CLOSURES, "closure waits for your signature", "closures wait for your signature", True),
    ]
    if not by.has(Role.COORDINATOR):
        tasks += [
            _referrals(numbers, View.WAITING, "referral waits for a decision", "referrals wait for a decision"),
            *_area(numbers),
            *_assessments(numbers),
        ]
    return [
        *tasks,
        _list(
            numbers, ListFilter(age="17-plus"), "child of 17 or over: check the plans for adult services",
            "children of 17 or over: check the plans for adult services",
        ),
    ]  # fmt: skip


def _area(numbers: Numbers) -> list[Task]:
    return [
        _list(numbers, ListFilter(overdue=True), "review is overdue", "reviews are overdue", alarm=True),
        _waiting(
            numbers, Part.STRATEGY, "strategy discussion has no outcome yet", "strategy discussions have no outcome yet"
        ),
        _waiting(numbers, Part.PLANS, "safety plan is late", "safety plans are late", True),
        _waiting(
            numbers, Part.CHANGES, "change about a child who is no longer listed: say what follows from it",
            "changes about children who are no longer listed: say what follows from them", True,
        ),
        _actions(numbers, Whose.ALL, When.OVERDUE, "action is overdue", "actions are overdue"),
    ]  # fmt: skip


def _assessments(numbers: Numbers) -> list[Task]:
    return [
        _work(
            numbers, WorkView(Show.DECISIONS), "assessment waits for a decision",
            "assessments wait for a decision", alarm=True,
        ),
        _work(
            numbers, WorkView(Show.FLAGS), "thing an assessment asks for is open", "things assessments ask for are open"
        ),
        _work(numbers, WorkView(Show.DUE), "child is due to be assessed", "children are due to be assessed"),
    ]  # fmt: skip


def _representative(numbers: Numbers, _by: Actor) -> list[Task]:
    return [
        _actions(numbers, Whose.AGENCY, When.OVERDUE, "action is overdue", "actions are overdue"),
        _actions(numbers, Whose.AGENCY, When.WEEK, "action is due this week", "actions are due this week"),
        _actions(numbers, Whose.AGENCY, When.LATER, "action is due later", "actions are due later"),
        _asked(numbers),
    ]


def _asked(numbers: Numbers) -> Task:
    """Give the children whose rating asks something of the agency; what is taken up is among its actions.

    It is no alarm, so that the agency’s own overdue actions stand before it: its page says what is late.
    """
    return task(
        len(numbers.asked), "child’s rating asks something of your agency that nobody has taken up",
        "children’s ratings ask something of your agency that nobody has taken up", "/waiting/asked",
    )  # fmt: skip


def _own(numbers: Numbers, by: Actor) -> list[Task]:
    pupils = by.has(Role.SCHOOL) and not by.has(Role.LEAD_PROFESSIONAL)
    tasks = []
    if by.has(Role.LEAD_PROFESSIONAL):
        tasks += _own_plans(numbers)
        if not any(by.has(role) for role in AREA_ROLES):
            tasks.append(
                _work(numbers, WorkView(Show.DUE), "child is due to be assessed", "children are due to be assessed")
            )
    one, many = ("child is entered as yours", "children are entered as yours")
    if pupils:
        one, many = ("of your pupils is on the CSE list", "of your pupils are on the CSE list")
    tasks.append(task(numbers.own_children, one, many, "/my-children", next_step="Open the list"))
    return tasks


def _own_plans(numbers: Numbers) -> list[Task]:
    """Give what is asked of a lead professional about safety plans, what is late first."""
    late, due = (numbers.plans.get(plan, 0) for plan in (PlanAsked.LATE, PlanAsked.DUE))
    return [
        task(
            late, "safety plan is late", "safety plans are late", "/my-children?plan=late", alarm=True,
            next_step="Write the plan",
        ),
        task(
            due, "safety plan is to be written", "safety plans are to be written", "/my-children?plan=due",
            next_step="Write the plan",
        ),
        task(
            numbers.plans.get(PlanAsked.UPDATE, 0), "update on a safety plan is asked for",
            "updates on safety plans are asked for", "/my-children?plan=update", next_step="Write the update",
        ),
    ]  # fmt: skip


def _list_reader(numbers: Numbers, by: Actor) -> list[Task]:
    """Give the weekly list that waits to be opened, to whoever was told of it; the rest to list holders."""
    taken = numbers.unopened_list
    said = f"weekly list waits to be opened: number {taken.number} of {day_in_words(taken.taken_on)}" if taken else ""
    waiting = [Task(1, said, f"/weekly-lists/{taken.number}", next_step="Open the weekly list")] if taken else []
    if not by.has(Role.LIST_HOLDER):
        return waiting
    return [
        *waiting,
        _list(numbers, ListFilter(overdue=True), "review is overdue", "reviews are overdue", alarm=True),
        _list(numbers, ListFilter(), "child is on the CSE list", "children are on the CSE list"),
    ]


def _administrator(numbers: Numbers, by: Actor) -> list[Task]:
    invited = ("person has not accepted the invitation yet", "people have not accepted the invitation yet")
    tasks = [_waiting(numbers, Part.INVITATIONS, *invited)]
    return tasks if by.has(Role.COORDINATOR) else [_mail(numbers), *tasks]


def _mail(numbers: Numbers) -> Task:
    many = "mails could not be delivered"
    return task(
        numbers.mail_given_up, "mail could not be delivered", many, "/mail", alarm=True, next_step="Open the mail"
    )


def _own_actions(numbers: Numbers, by: Actor) -> list[Task]:
    """Give what is only the person's, where there is something; a representative's actions are among the agency's."""
    asked = ("referral of yours asks for more information", "referrals of yours ask for more information")
    tasks = [_referrals(numbers, View.TO_ANSWER, *asked, alarm=True)]
    if not by.has(Role.REPRESENTATIVE):
        late = ("action of your own is overdue", "actions of your own are overdue")
        tasks.append(_actions(numbers, Whose.MINE, When.OVERDUE, *late))
        tasks.append(
            _actions(numbers, Whose.MINE, When.OPEN, "action of your own is open", "actions of your own are open")
        )
    tasks += own_network_actions(numbers)
    tasks += _own_assessments(numbers, by)
    return [task for task in tasks if task.count]


def _own_assessments(numbers: Numbers, by: Actor) -> list[Task]:
    """Give the person's drafts, and what follows from their own assessments where it is not in their areas' work."""
    drafts = _work(
        numbers, WorkView(Show.DRAFTS), "assessment of yours is a draft", "assessments of yours are drafts",
        next_step="Open the drafts",
    )  # fmt: skip
    if any(by.has(role) for role in AREA_ROLES):
        return [drafts]
    return [
        drafts,
        _work(
            numbers, WorkView(Show.DECISIONS, mine=True), "decision after an assessment of yours is waited for",
            "decisions after assessments of yours are waited for", alarm=True,
        ),
        _work(
            numbers, WorkView(Show.FLAGS, mine=True), "thing an assessment of yours asks for is open",
            "things assessments of yours ask for are open",
        ),
    ]  # fmt: skip


def _work(
    numbers: Numbers, view: WorkView, one: str, many: str, *, alarm: bool = False, next_step: str = "Open the list"
) -> Task:
    return task(numbers.assessments.get(view, 0), one, many, view.address, alarm=alarm, next_step=next_step)


def _actions(numbers: Numbers, whose: Whose, when: When, one: str, many: str) -> Task:
    view = ActionView(whose, when)
    late = when is When.OVERDUE
    return task(numbers.actions.get(view, 0), one, many, actions_link(view), alarm=late, next_step="Open the actions")


def _referrals(numbers: Numbers, view: View, one: str, many: str, alarm: bool = False) -> Task:
    href = f"/referrals?show={view.value}"
    return task(numbers.referrals.get(view, 0), one, many, href, alarm=alarm, next_step="Open the referrals")


def _list(numbers: Numbers, view: ListFilter, one: str, many: str, alarm: bool = False) -> Task:
    values = "&".join(f"{name}={value}" for name, value in view.address().items())
    return task(
        numbers.listed.get(view, 0), one, many, f"/list{'?' if values else ''}{values}", alarm=alarm,
        next_step="Open the CSE list",
    )  # fmt: skip


def _waiting(numbers: Numbers, part: Part, one: str, many: str, alarm: bool = False) -> Task:
    return task(numbers.waiting.get(part, 0), one, many, f"/waiting/{part.value}", alarm=alarm, next_step="Open it")
