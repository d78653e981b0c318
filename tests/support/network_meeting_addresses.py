"""Who may open the pages of network meetings, and who may send their forms.

`net` is a network meeting whose agenda is published, `net-draft` the one after it. A deputy chair is not invited.
"""

_HELD_BY_ITS_CHAIR = ("add", "publish")

PAGES: dict[str, str] = {
    "/networks/meetings": "CHDNRS", "/networks/meetings/{net}": "CHNRS", "/networks/meetings/{net-draft}": "CHNRS",
    "/networks/meetings/{draft}": "", "/networks/meetings/{elsewhere}": "",
    "/networks/meetings/{net-draft}/defer/{network}": "N", "/networks/meetings/{draft}/defer/{network}": "",
} | {f"/networks/meetings/{{{name}}}/{page}": who
    for name, who in (("net", "N"), ("draft", ""))
    for page in _HELD_BY_ITS_CHAIR
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`."""

WRITES: dict[str, str] = {
    "/networks/meetings/{net-draft}/defer/{network}": "N",
    "/networks/meetings/{net}/referrals/{network-referral}/late": "N",
} | {f"/networks/meetings/{{net}}/{page}": "N" for page in _HELD_BY_ITS_CHAIR}  # fmt: skip
