"""Who may open the pages of network meetings, and who may send their forms.

`net-closed` was held, `net` is being held, `net-draft` is the one after it. A deputy chair is not invited.
"""

_HELD_BY_ITS_CHAIR = ("add", "publish", "record", "attendance", "conflicts")
_ITEM = "/networks/meetings/{net}/items/{net-item}"
_ARRANGED = [f"/meetings/{{net-draft}}/{page}" for page in ("move", "cancel", "members", "series", "series/end")]
"""The police arrange the meeting; a coordinator of one area does not."""

PAGES: dict[str, str] = {
    "/networks/meetings": "CHDNRS", "/networks/meetings/{net}": "CHNRS", "/networks/meetings/{net-draft}": "CHNRS",
    "/networks/meetings/{draft}": "", "/networks/meetings/{elsewhere}": "", **dict.fromkeys(_ARRANGED, "N"),
    "/networks/meetings/{net-draft}/defer/{network}": "N", "/networks/meetings/{draft}/defer/{network}": "",
    "/networks/meetings/{net-draft}/move/{network}": "N", "/networks/meetings/{draft}/move/{network}": "",
    _ITEM: "N", f"{_ITEM}/live": "N", f"{_ITEM}/still-open": "N", "/networks/meetings/{net-draft}/items/{net-item}": "",
    f"{_ITEM}/children/{{own}}": "N", f"{_ITEM}/children/{{other}}": "", "/networks/meetings/{net}/close": "N",
    "/networks/actions": "CHDNRSPL", "/networks/actions?whose=mine&when=overdue": "CHDNRSPL",
    "/networks/actions/escalated": "N",
    "/networks/meetings/{net}/agenda.docx": "CHNRS", "/networks/meetings/{net-draft}/agenda.docx": "N",
    "/networks/meetings/{net}/minutes": "", "/networks/meetings/{draft}/minutes": "",
    "/networks/meetings/{net-closed}/minutes": "N", "/networks/meetings/{net-closed}/minutes?version=9": "",
    "/networks/meetings/{net-closed}/minutes.docx": "N",
    "/networks/meetings/{net-closed}/minutes.docx?audience=anonymised": "N",
    "/networks/meetings/{net-closed}/minutes.docx?audience=agency:police": "N",
    "/networks/meetings/{net-closed}/minutes.docx?audience=chair": "N",
    "/networks/meetings/{net-closed}/minutes.docx?audience=child:{own}": "",
    "/networks/meetings/{net-closed}/minutes/items/{net-closed-item}": "N",
    # Nobody is recorded as having attended, so nobody asks for a correction.
    "/networks/meetings/{net-closed}/minutes/corrections/notes": "",
    "/networks/meetings/{net-closed}/minutes/answers/987654": "",
    # The owner is the police; the action is about the suspect.
    "/networks/actions/{net-action}": "HDNR",
} | {f"/networks/meetings/{{{name}}}/{page}": who
    for name, who in (("net", "N"), ("draft", ""))
    for page in _HELD_BY_ITS_CHAIR
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`. `net-item` is the item of `network`, which is being held."""

WRITES: dict[str, str] = {
    "/networks/meetings/{net-draft}/defer/{network}": "N", "/networks/actions/{net-action}": "NR", _ITEM: "N",
    **dict.fromkeys(_ARRANGED, "N"),
    "/networks/meetings/{net-draft}/move/{network}": "N",
    **{
        f"/networks/meetings/{{net}}/{page}": "N"
        for page in (
            *_HELD_BY_ITS_CHAIR, "record/start", "notes", "close", "leave-the-rest", "conflicts/987654/end",
            "referrals/{network-referral}/late",
        )
        if page != "record"
    },
    "/networks/meetings/{net-closed}/minutes/sign": "N", "/networks/meetings/{net-closed}/minutes/issue": "N",
    "/networks/meetings/{net-closed}/minutes/items/{net-closed-item}": "N",
    "/networks/meetings/{net-closed}/minutes/nothing-to-correct": "",
    "/networks/meetings/{net-closed}/minutes/corrections/notes": "",
    "/networks/meetings/{net-closed}/minutes/answers/987654": "",
    **{
        f"{_ITEM}/{page}": "N"
        for page in (
            "actions", "actions/{net-action}/remove", "room", "children/{own}", "matters/987654/remove", "live",
            "set-aside/987654/remove", "set-aside/987654/keep", "still-open",
        )
    },
}  # fmt: skip

READERS: dict[str, str] = {"Canarydo": "HDNR", "Canarytalk": "CHNRS", "Canarysay": "HNR"}
"""What an action about a suspect says, and what the minutes say of a network and of its suspects."""
