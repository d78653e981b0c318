"""Who may open the pages on which minutes are edited, issued, corrected and amended, and minutes to try it on."""

import io

from docx import Document

from meetings_app.meetings.minutes import latest_minutes
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.files import add_file
from meetings_app.minutes.issuing import issue, propose
from meetings_app.minutes.signing import reopen
from meetings_app.schedule.models import Meeting
from tests.support.rmm import OFFICE, Rmm
from tests.support.world import NOW

_NONE = {"/meetings/{elsewhere}/minutes/texts": "", "/meetings/{draft}/minutes/texts": ""}
PAGES: dict[str, str] = _NONE | {
    "/meetings/{closed}/minutes.docx?audience=chair": "CHD",
    "/meetings/{closed}/minutes.docx?audience=anonymised": "CHDR",
    "/meetings/{closed}/minutes.docx?audience=agency:police": "CHDR",
    "/meetings/{signed}/minutes.docx?audience=chair": "CHD",
    "/meetings/{signed}/minutes.docx?audience=child:{own}": "CHDR",
    "/meetings/{signed}/minutes.docx?audience=child:{gone}": "CHD",
    "/meetings/{closed}/minutes.docx?audience=child:{other}": "",
    "/meetings/{closed}/minutes?version=1": "CHDR", "/meetings/{closed}/minutes?version=2": "CHD",
    "/meetings/{closed}/minutes.docx?version=2": "CHD", "/meetings/{closed}/minutes?version=9": "",
    "/meetings/{signed}/minutes?version=1": "CHDR",
    # An agency’s list is for its people; everybody here but the coordinator and the chairs is of the police.
    "/meetings/{closed}/actions": "CHDR", "/meetings/{closed}/actions.docx": "CHDR",
    "/meetings/{closed}/actions?agency=health": "CHD", "/meetings/{closed}/actions.docx?agency=health": "CHD",
    "/meetings/{draft}/actions": "", "/meetings/{elsewhere}/actions": "", "/meetings/{elsewhere}/actions.docx": "",
    "/meetings/{closed}/minutes/texts": "CHD", "/meetings/{signed}/minutes/texts": "CHD",
    "/meetings/{closed}/minutes/texts/notes": "CHD", "/meetings/{closed}/minutes/texts/{closed-item}": "CHD",
    "/meetings/{closed}/minutes/texts/99.9": "", "/meetings/{elsewhere}/minutes/texts/notes": "",
    # A correction is asked for by those who attended: here the chair and the police.
    "/meetings/{closed}/minutes/corrections/notes": "HR", "/meetings/{closed}/minutes/corrections/{closed-item}": "HR",
    "/meetings/{closed}/minutes/corrections/99.9": "", "/meetings/{signed}/minutes/corrections/notes": "",
    "/meetings/{elsewhere}/minutes/corrections/notes": "",
    "/meetings/{closed}/minutes/answers/{police-correction}": "HD",
    "/meetings/{closed}/minutes/answers/{health-correction}": "HD",
    "/meetings/{signed}/minutes/answers/{police-correction}": "",
    "/meetings/{elsewhere}/minutes/answers/{police-correction}": "",
    "/meetings/{signed}/minutes/reopen": "HD", "/meetings/{elsewhere}/minutes/reopen": "",
    "/meetings/{closed}/minutes/without-names": "CHDR", "/meetings/{draft}/minutes/without-names": "",
    "/meetings/{elsewhere}/minutes/without-names": "",
    "/meetings/{closed}/minutes/issue": "CHD", "/meetings/{elsewhere}/minutes/issue": "",
    "/meetings/{closed}/minutes/files": "CHD", "/meetings/{elsewhere}/minutes/files": "",
    "/meetings/{closed}/minutes/files/1.docx": "CHD", "/meetings/{signed}/minutes/files/1.docx": "",
}  # fmt: skip
"""By the letters of `test_who_sees_what.py`. The text of `closed` was edited after version 1 was issued."""

WRITES: dict[str, str] = {
    "/meetings/{closed}/minutes/issue": "CHD", "/meetings/{elsewhere}/minutes/issue": "",
    "/meetings/{closed}/minutes/version": "CHD", "/meetings/{elsewhere}/minutes/version": "",
    "/meetings/{signed}/minutes/reopen": "HD", "/meetings/{elsewhere}/minutes/reopen": "",
    "/meetings/{closed}/minutes/approve": "CHD", "/meetings/{elsewhere}/minutes/approve": "",
    "/meetings/{closed}/minutes/texts/notes": "CHD", "/meetings/{elsewhere}/minutes/texts/notes": "",
    "/meetings/{closed}/minutes/texts/{closed-item}": "CHD",
    "/meetings/{closed}/minutes/corrections/{closed-item}": "HR", "/meetings/{elsewhere}/minutes/corrections/notes": "",
    "/meetings/{closed}/minutes/nothing-to-correct": "HR", "/meetings/{elsewhere}/minutes/nothing-to-correct": "",
    "/meetings/{closed}/minutes/answers/{police-correction}": "HD",
    "/meetings/{elsewhere}/minutes/answers/{police-correction}": "",
    "/meetings/{closed}/minutes/files": "CHD", "/meetings/{elsewhere}/minutes/files": "",
}  # fmt: skip

READERS = {
    "Canaryedited": "CHD", "Canarycorrection": "CHDR", "Canaryhealthcorrection": "CHD", "Canaryfile": "CHD",
    "Canaryreopened": "CHD", "Canarydespite": "CHD",
}  # fmt: skip
"""Text that is not issued yet, what the police and health ask to have corrected, a file put back, why one reopened."""


def work_on_minutes(day: Rmm, signed: Meeting) -> dict[str, str]:
    """Issue the minutes of the meeting of `day`, let two ask for corrections, edit on, and reopen those of `signed`."""
    session = day.session
    day.operator()
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    number = str(minutes.facts["items"][0]["number"])
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Canarydespite")
    shown, made = frozenset({number}), {}
    for who, word in (("police", "Canarycorrection"), ("health", "Canaryhealthcorrection")):
        made[f"{who}-correction"] = str(propose(session, day.act(who), NOW, day.meeting, number, word, shown).key)
    _edit_on(day, number)
    reopen(session, day.act("chair_cs"), NOW, OFFICE, signed, "Canaryreopened")
    day.operator()
    return {"closed-item": number, **made}


def _edit_on(day: Rmm, number: str) -> None:
    session, coordinator = day.session, day.act("coordinator")
    save_text(session, coordinator, NOW, day.meeting, number, 0, "Canaryedited in version 2.")
    make_version(session, coordinator, NOW, day.meeting)
    add_file(session, coordinator, NOW, day.meeting, word_file("Canaryfile"), "")


def word_file(text: str) -> bytes:
    """Give a Word document that says `text`."""
    document, written = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(written)
    return written.getvalue()
