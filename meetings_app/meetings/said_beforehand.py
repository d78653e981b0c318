"""What agencies said beforehand of who comes, as the proposal of a meeting's attendance: shown, and never recorded."""

from collections.abc import Mapping, Sequence

from meetings_app.meetings.models import Presence
from meetings_app.preparing.queries import AttendanceShown
from meetings_app.preparing.rules import Attending
from meetings_app.preparing.who_comes import WhoComes
from meetings_app.schedule.models import Reply
from meetings_app.schedule.queries import Member

_OWN = {Reply.ACCEPTED: Presence.PRESENT, Reply.DECLINED: Presence.APOLOGIES, Reply.DEPUTY: Presence.APOLOGIES}


def proposed(
    said: Mapping[int, AttendanceShown], members: Sequence[tuple[int, int]], own: Mapping[int, Reply]
) -> dict[int, Presence]:
    """Give by account what the form starts from, for `members` by account and agency. Our default.

    Apologies are those of all its people. Somebody who comes is proposed only where it is plain who: the deputy who is
    named, or the one person of the agency who is invited. `own` is what people answered to their own invites after
    their agency said it, and goes before it.
    """
    found: dict[int, Presence] = {}
    for account_id, agency_id in members:
        word, answer = said.get(agency_id), own.get(account_id)
        if answer in _OWN:
            found[account_id] = _OWN[answer]
            continue
        if word is None:
            continue
        alone = sum(1 for _account, other in members if other == agency_id) == 1
        if word.attending is Attending.APOLOGIES:
            found[account_id] = Presence.APOLOGIES
        elif word.deputy_id == account_id or (word.attending is Attending.COMING and alone):
            found[account_id] = Presence.PRESENT
    return found


def own_replies(comes: WhoComes) -> dict[int, Reply]:
    """Give by account what people answered to their invites after their agency said how it comes."""
    return {one.account_id: one.reply for agency_id in comes.invites for one in comes.own_answers(agency_id)}


def silent_members(members: Sequence[Member], comes: WhoComes) -> list[Member]:
    """Give the invited people of whom nothing is heard: neither they nor their agency has answered."""
    heard = comes.by_agency
    return [
        one for one in members
        if one.removed_at is None and one.reply is Reply.NONE and one.agency_id not in heard
    ]  # fmt: skip
