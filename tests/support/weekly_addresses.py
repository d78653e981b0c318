"""Who may open the pages of the weekly list, and who may say who is sent it. Two lists are taken."""

WEEKLY: dict[str, str] = {
    "/weekly-lists": "CHDRZ", "/weekly-lists/1": "CHDRZ", "/weekly-lists/2": "CHDRZ",
    "/weekly-lists/2/list.xlsx": "CHDRZ", "/weekly-lists/2/list.docx": "CHDRZ",
    "/weekly-lists/1/list.xlsx": "CHDRZ", "/weekly-lists/1/list.docx": "CHDRZ",
    "/weekly-lists/recipients": "C",
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`. Of the older list those it is sent to see that it is superseded."""

WRITE_WEEKLY: dict[str, str] = {"/weekly-lists/recipients": "C", "/weekly-lists/recipients/end": "C"}
