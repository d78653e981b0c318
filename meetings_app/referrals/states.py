"""The states and outcomes of referrals, and the kinds of changes in circumstances: plain words for the rules."""

from enum import StrEnum


class ReferralState(StrEnum):
    """Where a referral stands. `received` and `returned` wait in the queue with their age; `heard` is the RMM's."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    ALREADY_KNOWN = "already_known"
    TRANSFERRED = "transferred"
    NO_FURTHER_ACTION = "no_further_action"
    HEARD = "heard"


class ReferralOutcome(StrEnum):
    """What the RMM made of a referral it heard."""

    LISTED = "listed"
    NO_RISK_IDENTIFIED = "no_risk_identified"


class ChangeAnswerKind(StrEnum):
    """What follows from a change about a child who has left the list; only a chair decides that nothing does."""

    REFERRED_AGAIN = "referred_again"
    PASSED_ON = "passed_on"
    NO_FURTHER_ACTION = "no_further_action"


class ChangeKind(StrEnum):
    """A change in circumstances (SG, KM): each pulls the review to the next RMM."""

    PLACEMENT_MOVE = "placement_move"
    MISSING_EPISODE = "missing_episode"
    INCIDENT = "incident"
    DISCLOSURE = "disclosure"
    NEW_INTELLIGENCE = "new_intelligence"
    RELEASE_OF_PERPETRATOR = "release_of_perpetrator"
    REPEAT_REFERRAL = "repeat_referral"
