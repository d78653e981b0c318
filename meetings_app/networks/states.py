"""The words that records of networks are made of. Pure."""

from enum import StrEnum


class Criterion(StrEnum):
    """Why a network meeting should hear it; a referral names at least one (SG)."""

    SEVERAL_SUSPECTS = "several_suspects"
    SEVERAL_CHILDREN = "several_children"
    ORGANISATION = "organisation"
    LOCATION = "location"
    MANAGERS_AGREE = "managers_agree"


CRITERIA = {
    Criterion.SEVERAL_SUSPECTS: "More than one suspect targets a child or children",
    Criterion.SEVERAL_CHILDREN: "More than one child is targeted",
    Criterion.ORGANISATION: "An organisation facilitates it",
    Criterion.LOCATION: "A location is used for it",
    Criterion.MANAGERS_AGREE: "A service manager in children’s social care and a police inspector agree to it",
}


class ReferralState(StrEnum):
    """Where a referral to the network meeting stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    NO_ACTION = "no_action"


class SubjectKind(StrEnum):
    """What a record is about. Vehicles and online identities are identifiers of whoever uses them."""

    NETWORK = "network"
    SUSPECT = "suspect"
    PLACE = "place"
    ORGANISATION = "organisation"
    VEHICLE = "vehicle"
    ONLINE = "online"


KINDS = {
    SubjectKind.NETWORK: "Network",
    SubjectKind.SUSPECT: "Suspect",
    SubjectKind.PLACE: "Place or premises",
    SubjectKind.ORGANISATION: "Organisation",
    SubjectKind.VEHICLE: "Vehicle",
    SubjectKind.ONLINE: "Online identity",
}


class SubjectState(StrEnum):
    """Whether network meetings still hear of it."""

    OPEN = "open"
    CLOSED = "closed"


class Basis(StrEnum):
    """Whether what is said is a fact or somebody’s opinion (SG)."""

    FACT = "fact"
    OPINION = "opinion"


BASES = {Basis.FACT: "Fact", Basis.OPINION: "Opinion"}


class Confidence(StrEnum):
    """How sure the source is (our default)."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"


CONFIDENCES = {
    Confidence.CONFIRMED: "Confirmed by a second source",
    Confidence.LIKELY: "Likely: one source, believed",
    Confidence.POSSIBLE: "Possible: not tested yet",
}


class Tie(StrEnum):
    """How two subjects are linked, read from the first to the second."""

    PART_OF = "part_of"
    KNOWS = "knows"
    RELATED = "related"
    USES = "uses"
    OWNS = "owns"
    WORKS_AT = "works_at"
    SEEN_AT = "seen_at"


TIES = {
    Tie.PART_OF: "is part of",
    Tie.KNOWS: "knows",
    Tie.RELATED: "is a relative of",
    Tie.USES: "uses",
    Tie.OWNS: "owns or runs",
    Tie.WORKS_AT: "works at",
    Tie.SEEN_AT: "was seen at",
}


class ChildTie(StrEnum):
    """How a child is linked with a subject; what was done to the child, never what the child chose."""

    TARGETED_BY = "targeted_by"
    TAKEN_TO = "taken_to"
    CONTACTED_BY = "contacted_by"
    SEEN_WITH = "seen_with"


CHILD_TIES = {
    ChildTie.TARGETED_BY: "is targeted by",
    ChildTie.TAKEN_TO: "is taken to, or seen at",
    ChildTie.CONTACTED_BY: "is contacted by or through",
    ChildTie.SEEN_WITH: "was seen with or in",
}


class ExtractState(StrEnum):
    """Where an extract for another authority stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


EXTRACT_STATES = {
    ExtractState.PROPOSED: "Waits for the network chair",
    ExtractState.APPROVED: "Approved",
    ExtractState.REFUSED: "Not approved",
}


class DisruptionState(StrEnum):
    """How far an order or a tactic has come."""

    CONSIDERED = "considered"
    SOUGHT = "sought"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"


DISRUPTION_STATES = {
    DisruptionState.CONSIDERED: "Considered",
    DisruptionState.SOUGHT: "Sought",
    DisruptionState.GRANTED: "Granted or carried out",
    DisruptionState.REFUSED: "Refused",
    DisruptionState.ENDED: "Ended or expired",
}
