"""Who may open the pages of the safety plan, and who may send their forms."""

PLANS: dict[str, str] = {
    "/children/{own}/plan/1": "CHDRSPL", "/children/{other}/plan/1": "",
    "/children/{own}/plan/write": "CHDL", "/children/{other}/plan/write": "",
    "/children/{own}/plan/update": "CHDL", "/children/{other}/plan/update": "",
    "/children/{own}/plan/compare": "CHDRSPL", "/children/{other}/plan/compare": "",
    "/children/{own}/plan/2/word": "CHDRSL", "/children/{other}/plan/1/word": "",
    "/children/{own}/raised/high/1": "CHDL", "/children/{other}/raised/medium/1": "",
    "/children/{own}/plan/1/school-copy": "CHDRSPL", "/children/{other}/plan/1/school-copy": "",
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`. Two versions of the plan of `own` and one of `other` are written."""

WRITE_PLANS: dict[str, str] = {
    address: who
    for address, who in PLANS.items()
    if address.endswith(("/write", "/update", "/1")) and "plan/1" not in address
} | {"/meetings/{draft}/replies/updates": "CHD", "/meetings/{elsewhere}/replies/updates": ""}
