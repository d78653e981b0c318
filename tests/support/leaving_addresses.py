"""Who may open the pages on which a child leaves the list besides the closure gate, and who may send their forms."""

LEAVING: dict[str, str] = {
    "/children/{own}/leave/transfer": "HD", "/children/{other}/leave/transfer": "",
    "/children/{own}/leave/death": "HD", "/children/{other}/leave/death": "",
    "/children/{own}/leave/complete": "HD", "/children/{other}/leave/complete": "",
    "/children/{plain}/leave/complete": "", "/children/{own}/leave/take-back": "HD",
    "/children/{other}/leave/take-back": "", "/children/{merged}/undo-merge": "CHD", "/children/{own}/undo-merge": "",
    "/children/{other}/undo-merge": "",
    # A listed child has no change that comes to no agenda; `test_after_leaving.py` asks who decides on one.
    "/children/{own}/changes/1/answer": "", "/children/{other}/changes/1/answer": "",
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`. A transfer of `own` waits; `merged` points to `own`."""

MERGED: dict[str, str] = {"merged": "CHD"}
"""Who may meet the name on the record that points to another."""
