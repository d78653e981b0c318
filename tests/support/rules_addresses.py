"""Who may open the pages of the rules, and who may send their forms."""

RULES: dict[str, str] = {
    "/settings/rules": "CHDMU", "/settings/rules/reviews": "M", "/settings/rules/nothing": "",
    "/settings/rules/history": "CHDMU", "/settings/rules/history/ratings/1": "CHDMU",
    "/settings/rules/history/ratings/1/restore": "", "/settings/rules/history/nothing/1": "",
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`; the coordinator there has one area, and so changes no rule."""

WRITE_RULES: dict[str, str] = {
    "/settings/rules/reviews": "M", "/settings/rules/nothing": "", "/settings/rules/history/ratings/1/restore": "",
}  # fmt: skip
