"""Why something is on the agenda of a network meeting, or why not, in words. Pure.

The words hold references only, never a name: what a reason speaks of is kept beside it, so that it is shown only to
who may see all of that.
"""

from collections.abc import Iterator, Sequence

from meetings_app.clock import london_date
from meetings_app.network_meetings.facts import Carried, Code, Due, Occasion, Order, Reason, ReferralFacts, SubjectFacts
from meetings_app.text import day_in_words


def reasons_of_referral(referral: ReferralFacts, occasion: Occasion) -> tuple[Reason, ...]:
    """Give why a referral is on the agenda: until the meeting has answered it, unless it is deferred by hand."""
    if referral.deferred is not None:
        return ()
    late = referral.received_at > occasion.cut_off_at
    text = f"New referral received {day_in_words(london_date(referral.received_at))}"
    if referral.returned_on is not None:
        text = f"Referral returned for more information on {day_in_words(referral.returned_on)}"
    reasons = [Reason(Code.NEW_REFERRAL, text, late)]
    return (*reasons, *_carried(referral.carried))


def reasons_of_group(head: SubjectFacts, parts: Sequence[SubjectFacts], occasion: Occasion) -> tuple[Reason, ...]:
    """Give why a subject, with those grouped under it, is on the agenda. Deferred by hand: only what came later."""
    found = [reason for each in (head, *parts) for reason in _reasons(each, each.id == head.id, occasion)]
    seen: dict[tuple[Code, str], Reason] = {}
    for reason in found:
        seen.setdefault((reason.code, reason.text), reason)
    return tuple(seen.values())


def why_not(subject: SubjectFacts, occasion: Occasion) -> str:
    """Say in words why an open subject is not on the agenda of this meeting."""
    if subject.deferred is not None:
        return f"deferred from this agenda: {subject.deferred.reason}"
    if subject.review_on is None:
        return "no date is set for the review"
    return f"review due {day_in_words(subject.review_on)}, at a meeting after {occasion.reference}"


def _reasons(subject: SubjectFacts, is_head: bool, occasion: Occasion) -> Iterator[Reason]:
    if subject.deferred is not None:
        return
    own = "" if is_head else f"{subject.reference}: "
    about = (subject.id,)
    if is_head and subject.kind == "network" and not subject.heard:
        yield Reason(Code.NEW_REFERRAL, f"Taken up on {day_in_words(subject.opened_on)}, not heard yet", subjects=about)
    review = _review(subject, occasion)
    if review:
        yield Reason(Code.REVIEW_DUE, _first_capital(own, review), subjects=about)
    for each in subject.found:
        if occasion.since is None or each.at > occasion.since:
            yield Reason(each.code, each.text, each.at > occasion.cut_off_at, each.subjects, each.children)
    for pair in subject.suggested:
        yield Reason(
            Code.LINK_SUGGESTED,
            f"{pair.first} and {pair.second} are both linked with {subject.reference}, and not with each other",
            subjects=(*about, *pair.also), children=pair.children,
        )  # fmt: skip
    for order in subject.orders:
        text = _order(order, occasion)
        if text:
            yield Reason(Code.DISRUPTION, own + text, subjects=(*about, *order.also))
    for due in subject.due:
        reason = _due(due, own, (*about, *due.also), occasion)
        if reason is not None:
            yield reason
    for reason in _carried(subject.carried):
        yield Reason(reason.code, own + reason.text, subjects=(*about, *reason.subjects))
    if subject.added is not None:
        late = subject.added.made_at > occasion.cut_off_at
        yield Reason(Code.ADDED_BY_HAND, f"{own}{subject.added.reason}", late, (*about, *subject.added.also))


def _review(subject: SubjectFacts, occasion: Occasion) -> str:
    """Say that a review is due where the next meeting would hear it late; one without a date is due at once."""
    if subject.review_on is None:
        return "no date is set for the review"
    if subject.review_on >= occasion.following_on:
        return ""
    if subject.review_on < occasion.held_on:
        return f"review overdue since {day_in_words(subject.review_on)}"
    return f"review due {day_in_words(subject.review_on)}"


def _order(order: Order, occasion: Occasion) -> str:
    if order.expires_on is None:
        return f"{order.reference} is {order.state}, without an outcome yet"
    if order.expires_on >= occasion.following_on:
        return ""
    if order.expires_on < occasion.today:
        return f"{order.reference} ran out on {day_in_words(order.expires_on)}"
    return f"{order.reference} expires {day_in_words(order.expires_on)}"


def _due(due: Due, own: str, about: tuple[int, ...], occasion: Occasion) -> Reason | None:
    if due.code is Code.CHARMM:
        when = f", back {day_in_words(due.due_on)}" if due.due_on else ""
        return Reason(Code.CHARMM, f"{own}{due.reference} to CHaRMM waits for its outcome{when}", subjects=about)
    if due.due_on is None or due.due_on >= occasion.following_on:
        return None
    if due.due_on < occasion.today:
        text = f"{own}action {due.reference} is overdue since {day_in_words(due.due_on)}"
        return Reason(
            Code.OVERDUE_ACTION, text if own else _first_capital("", text), subjects=about, children=due.children
        )
    text = f"{own}action {due.reference} is due {day_in_words(due.due_on)}"
    return Reason(Code.OPEN_ACTION, text if own else _first_capital("", text), subjects=about, children=due.children)


def _carried(carried: Sequence[Carried]) -> Iterator[Reason]:
    for each in carried:
        said = f": {each.reason}" if each.reason else ""
        yield Reason(Code.CARRIED_OVER, f"{each.how} {each.meeting}{said}", subjects=each.also)


def _first_capital(own: str, text: str) -> str:
    return own + text if own else text[:1].upper() + text[1:]
