"""The tables of the features, put together for `test_who_sees_what.py`: each feature says who sees its pages."""

from tests.support import (
    answers,
    calendar_addresses,
    leaving_addresses,
    link_addresses,
    live_addresses,
    mail_addresses,
    minutes_addresses,
    network_addresses,
    network_meeting_addresses,
    plan_addresses,
    rules_addresses,
    weekly_addresses,
)

PAGES: dict[str, str] = (
    leaving_addresses.LEAVING | link_addresses.LINKS | plan_addresses.PLANS | live_addresses.LIVE
    | rules_addresses.RULES | answers.EXPECTED_PAGES | calendar_addresses.PAGES | weekly_addresses.WEEKLY
    | minutes_addresses.PAGES | network_addresses.NETWORKS | mail_addresses.MAIL
    | network_meeting_addresses.PAGES | live_addresses.SCREEN
    | {"/closures/{left}/letter": "CHD", "/closures/{far-left}/letter": "", "/waiting/changes": "CHD",
       "/waiting/asked": "R"}
)  # fmt: skip
WRITES: dict[str, str] = (
    leaving_addresses.LEAVING | link_addresses.LINKS | plan_addresses.WRITE_PLANS | live_addresses.SAVE_LIVE
    | rules_addresses.WRITE_RULES | answers.EXPECTED_WRITES | calendar_addresses.WRITES | weekly_addresses.WRITE_WEEKLY
    | minutes_addresses.WRITES | network_addresses.WRITE_NETWORKS | network_meeting_addresses.WRITES
)  # fmt: skip
OF_NO_OBJECT = calendar_addresses.OF_NO_OBJECT | network_addresses.OF_NO_OBJECT | {"referrals.go_on"}
MAY_MEET = leaving_addresses.MERGED
READERS = (
    answers.EXPECTED_READERS | minutes_addresses.READERS | network_addresses.READERS | network_meeting_addresses.READERS
)
NONE = network_addresses.NONE
