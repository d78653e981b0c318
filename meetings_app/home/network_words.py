"""What waits for the network chair, in words, with the address of exactly the rows that are counted."""

from enum import StrEnum


class OfNetworks(StrEnum):
    """What waits; each has a list of its own among the pages of networks."""

    REFERRALS = "referrals"
    EXTRACTS = "extracts"
    EXPIRING = "expiring"
    CHARMM = "charmm"


WORDS = {
    OfNetworks.REFERRALS: (
        "referral to the network meeting waits for a decision",
        "referrals to the network meeting wait for a decision", "/networks/referrals?show=waiting", True,
    ),
    OfNetworks.EXTRACTS: (
        "extract for another authority waits for your decision",
        "extracts for other authorities wait for your decision", "/networks/extracts?show=to-approve", False,
    ),
    OfNetworks.EXPIRING: (
        "order expires soon, or has expired", "orders expire soon, or have expired",
        "/networks/disruption?expires=soon", False,
    ),
    OfNetworks.CHARMM: (
        "suspect comes back from a CHaRMM", "suspects come back from a CHaRMM", "/networks/charmm?show=due", False,
    ),
}  # fmt: skip
"""By what waits: the words for one, for several, the address, and whether they are late."""
