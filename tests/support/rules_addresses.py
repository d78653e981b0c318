"""Who may open the pages of the rules, and who may send their forms."""

RULES: dict[str, str] = {"/settings/rules": "CHDMU", "/settings/rules/reviews": "M", "/settings/rules/nothing": ""}
"""By the letters of `test_who_sees_what.py`; the coordinator there has one area, and so changes no rule."""

WRITE_RULES: dict[str, str] = {"/settings/rules/reviews": "M", "/settings/rules/nothing": ""}
