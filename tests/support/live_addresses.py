"""Who may read and send what is typed on an item while the meeting is held."""

LIVE: dict[str, str] = {
    "/meetings/{running}/items/{item}/live": "CHD", "/meetings/{elsewhere}/items/{item}/live": "",
    "/meetings/{running}/items/{item}/room": "CHD", "/meetings/{elsewhere}/items/{item}/room": "",
    "/meetings/{running}/conflicts": "CHD", "/meetings/{elsewhere}/conflicts": "",
    "/meetings/{running}/statement": "CHD", "/meetings/{elsewhere}/statement": "",
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`."""

SCREEN: dict[str, str] = {
    "/meetings/{running}/screen": "CHD", "/meetings/{elsewhere}/screen": "",
    "/meetings/{running}/screen/mark": "CHD", "/meetings/{elsewhere}/screen/mark": "",
}  # fmt: skip
"""The big screen is only looked at."""

SAVE_LIVE: dict[str, str] = LIVE | {
    "/meetings/{running}/items/{item}/set-aside/9/remove": "CHD",
    "/meetings/{elsewhere}/items/{item}/set-aside/9/remove": "",
    "/meetings/{running}/items/{item}/set-aside/9/keep": "CHD",
    "/meetings/{elsewhere}/items/{item}/set-aside/9/keep": "",
    "/meetings/{running}/items/{item}/bring-up": "CHD", "/meetings/{elsewhere}/items/{item}/bring-up": "",
    "/meetings/{running}/conflicts/9/end": "CHD", "/meetings/{elsewhere}/conflicts/9/end": "",
    "/meetings/{running}/conflicts/6.1/9/taken-back": "CHD", "/meetings/{elsewhere}/conflicts/6.1/9/taken-back": "",
}  # fmt: skip
