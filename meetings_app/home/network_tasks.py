"""What network meetings ask for: of the network chair, and of whoever has an action of theirs."""

from meetings_app.home.network_words import WORDS
from meetings_app.home.numbers import Numbers
from meetings_app.home.work import Task, task
from meetings_app.network_meetings.action_queries import NetworkActionView
from meetings_app.permissions import Actor


def network_chair(numbers: Numbers, _by: Actor) -> list[Task]:
    """Give what waits for the network chair, and every action that is late."""
    return [
        task(numbers.networks.get(key, 0), one, many, href, alarm=alarm)
        for key, (one, many, href, alarm) in WORDS.items()
    ] + [
        _network_actions(
            numbers, NetworkActionView(overdue=True), "action of a network meeting is overdue",
            "actions of network meetings are overdue",
        )
    ]  # fmt: skip


def own_network_actions(numbers: Numbers) -> list[Task]:
    """Give the person’s own actions from network meetings, of whatever role: nobody else of the agency answers them."""
    return [
        _network_actions(
            numbers, NetworkActionView(mine=True, overdue=True), "action of your own from a network meeting is overdue",
            "actions of your own from network meetings are overdue",
        ),
        _network_actions(
            numbers, NetworkActionView(mine=True), "action of your own from a network meeting is open",
            "actions of your own from network meetings are open",
        ),
    ]  # fmt: skip


def _network_actions(numbers: Numbers, view: NetworkActionView, one: str, many: str) -> Task:
    count = numbers.network_actions.get(view, 0)
    return task(count, one, many, view.address, alarm=view.overdue, next_step="Open the actions")
