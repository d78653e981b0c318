"""Who may open the pages of networks, and who may send their forms.

The representative of `test_who_sees_what.py` is of the police, and so sees every network; the network chair does.
"""

_PAGES: dict[str, str] = {
    "/networks": "CHDNRS", "/networks/referrals": "CHDNRSPL", "/networks/referrals/new": "CHDNRSPL",
    "/networks/new": "CHDNR", "/networks/new/suspect": "CHDNR", "/networks/disruption": "CHDNRS",
    "/networks/{network}": "CHDNRS", "/networks/{suspect}": "HDNR", "/networks/{far-network}": "NRS",
    "/networks/referrals/{network-referral}": "CHDNR", "/networks/referrals/{far-network-referral}": "N",
    "/networks/disruption/{disruption}": "HDNR", "/networks/charmm": "CHDNRS", "/networks/charmm/{charmm}": "HDNR",
    "/networks/extracts": "CHDNRS", "/networks/extracts/{extract}": "NR",
    "/networks/extracts/{extract}/copies/{copy}/word": "NR",
}  # fmt: skip
_OF_EACH = (
    "edit", "name", "authority", "close", "links/new", "children/new", "disruption/new", "open-again", "same",
    "extracts/new",
)  # fmt: skip
_RECORDED: dict[str, str] = {
    f"/networks/{{{name}}}/{page}": who
    for name, who in (("network", "CHDNR"), ("suspect", "HDNR"), ("far-network", "NR"))
    for page in _OF_EACH
}
# A network is closed by the network meeting, and on no page of its own.
_RECORDED |= {"/networks/{network}/close": "", "/networks/{far-network}/close": ""}
_OF_SUSPECTS: dict[str, str] = {
    "/networks/{suspect}/own-record": "HDNR", "/networks/{network}/own-record": "",
    "/networks/{suspect}/readers/new": "HDNR", "/networks/{network}/readers/new": "",
}  # fmt: skip
_ENDED: dict[str, str] = {
    "/networks/{network}/links/{subject-link}/end": "HDNR", "/networks/{network}/children/{subject-child}/end": "CHDNR",
    "/networks/{far-network}/children/{far-subject-child}/end": "N",
    "/networks/disruption/{disruption}/step": "HDNR", "/networks/charmm/{charmm}/outcome": "R",
    "/networks/{suspect}/charmm/new": "R", "/networks/{network}/charmm/new": "",
}  # fmt: skip
_BORDERS: dict[str, str] = {
    "/networks/{twin-place}/not-same": "CHDNR", "/networks/{network}/not-same": "",
    "/networks/{network}/authority/{authority}/contact": "CHDNR",
    "/networks/{network}/authority/{authority}/child": "CHDNR",
    "/networks/{network}/outside-children/{outside-child}/end": "CHDNR",
    "/networks/{far-network}/authority/{authority}/contact": "",
    "/networks/{far-network}/authority/{authority}/child": "",
}  # fmt: skip

_PASSED: dict[str, str] = {
    f"/networks/actions-of-rmms/{{{action}}}{page}": "CHD"
    for action in ("police-action", "health-action")
    for page in ("", "/back")
}  # fmt: skip
"""An action is passed on, and called back, by who records the RMM."""

NETWORKS: dict[str, str] = _PAGES | _RECORDED | _OF_SUSPECTS | _ENDED | _BORDERS | _PASSED
"""By the letters of `test_who_sees_what.py`. The link of `network` joins it and `suspect`, its child is `own`."""

WRITE_NETWORKS: dict[str, str] = _RECORDED | _OF_SUSPECTS | _ENDED | _BORDERS | _PASSED | {
    "/networks/referrals/{network-referral}/accept": "N", "/networks/referrals/{far-network-referral}/accept": "N",
    "/networks/referrals/{network-referral}/turn-down": "N",
    "/networks/extracts/{extract}/decide": "N", "/networks/extracts/{extract}/copies": "NR",
    "/networks/{suspect}/readers/{reader}/end": "R", "/networks/{network}/readers/{reader}/end": "",
}  # fmt: skip

OF_NO_OBJECT = {"networks.refer", "networks.choose_kind", "networks.new", "networks.index", "networks.register"}
"""Forms about no record that is there, and the two searches; `test_guard.py` asks them of every role."""

READERS: dict[str, str] = {
    "Canarynetwork": "CHDNRS", "Canarysuspect": "HDNR", "Canaryremote": "NRS", "Canaryknown": "CHDNR",
    "Canaryhint": "NR", "Canaryoutside": "CHDNR", "Canarysame": "CHDNR", "Canarykept": "CHDNR",
    "Canarydistrict": "HDNR", "Canarypurpose": "NR", "Canaryextract": "NR",
}  # fmt: skip
"""Who may read each text. What a referral hints of suspects is for the police and the network chair."""

NONE = {"subject-link": "987654", "subject-child": "987654", "far-subject-child": "987654", "reader": "987654",
    "authority": "987654", "outside-child": "987654", "copy": "987654",
}  # fmt: skip
