"""Who may open the pages about invites, and who may send their forms: by the letters of `test_who_sees_what.py`."""

PAGES: dict[str, str] = {
    "/meetings/{draft}/answer": "CHR", "/meetings/{elsewhere}/answer": "",
    "/meetings/{draft}/series": "C", "/meetings/{elsewhere}/series": "",
    "/meetings/{draft}/series/end": "C", "/meetings/{elsewhere}/series/end": "",
    "/meetings/mailed-answers": "CN", "/meetings/deputies": "C", "/calendar": "CHDNRSPLZAMU",
}  # fmt: skip

WRITES: dict[str, str] = {
    "/meetings/{draft}/answer": "CHR", "/meetings/{elsewhere}/answer": "",
    "/meetings/{draft}/series": "C", "/meetings/{elsewhere}/series": "",
    "/meetings/{draft}/series/end": "C", "/meetings/{elsewhere}/series/end": "",
}  # fmt: skip

OF_NO_OBJECT = {
    "calendar_feed.make", "calendar_feed.revoke", "meetings.deputy_named", "meetings.deputy_ended",
    "meetings.mailed_answer_seen", "notices.test_mail",
}  # fmt: skip
"""Writes about one's own calendar address, or about a person who may stand in."""
