"""Every page and file of the minutes, asked for by every reader: word for word what it holds, and nothing else.

Written from `domain.md`, "Confidentiality": the staff of the area read what was recorded and what was said beside it,
whoever was in the room the items they attended, and nobody of another area anything.
"""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.minutes.everything_said import EVERY_WORD, NAMES, Everything
from tests.support.browsing import browser
from tests.support.documents import every_word_of

READERS = ("coordinator", "police", "health", "education")
"""Education was in the room, and kept from `missed`; health and police were there for every item."""

STAYS = {
    "Namestays", "Planaim", "Plansaw", "Staysdiscussion", "Staysrationale", "Strategywhy", "Strategyothers",
    "Strategywithout", "Strategyoutcome", "Strategyactions",
}  # fmt: skip
OF_HEALTH = {"Healthfacts", "Healthopinion", "Healthview"}
ACTIONS = {"Actionpolice", "Actionhealth"}
NOT_FOR_POLICE, NOT_FOR_HEALTH = {"Whynotforpolice"}, {"Whynotforhealth"}
"""Why the meeting set aside what a rating of high asks of them."""
DEFERS = {"Namedefers", "Whydeferred"}
LEAVES = {
    "Nameleaves", "Leavesdiscussion", "Whyleaves", "Goodpractice", "Childsview", "Parentsview", "Whyallthesame",
}  # fmt: skip
MISSED = {"Namemissed", "Whynotreached"}
NOTES = {"Notesofall", "Attendancenote"}
WHOLE = STAYS | NOT_FOR_POLICE | NOT_FOR_HEALTH | OF_HEALTH | ACTIONS | DEFERS | LEAVES | MISSED | NOTES
HEARD = WHOLE - MISSED
NAMED = {name.split()[0] for name in NAMES.values()}
NAMELESS = WHOLE - NAMED - {"Attendancenote"} - NOT_FOR_POLICE
CHAIRS = {"Whynotshared", "Healthsource"}
POLICE, EDUCATION = {"Correctionofpolice", "Refusalofpolice"}, {"Correctionofeducation", "Refusalofeducation"}
OF_POLICE = STAYS | NOT_FOR_POLICE | DEFERS | {"Actionpolice"} | NOTES
OF_STAYS = STAYS | NOT_FOR_HEALTH | OF_HEALTH | ACTIONS
STAYS_FOR_HEALTH = STAYS | NOT_FOR_HEALTH | OF_HEALTH | {"Actionhealth"} | NOTES

Table = dict[str, tuple[set[str] | None, ...]]

# By address, what each of the readers is given; None is 404.
DRAFT: Table = {
    "minutes": (WHOLE | POLICE | EDUCATION | {"Whyclosed", "Whyissued"}, WHOLE | POLICE, WHOLE, HEARD | EDUCATION),
    "minutes.docx": (WHOLE | {"Whyclosed"}, WHOLE, WHOLE, HEARD), "minutes.docx?version=2": (None, None, None, None),
    "minutes.docx?audience=chair": (WHOLE | CHAIRS | {"Whyclosed"}, None, None, None),
    "minutes.docx?audience=anonymised": (NAMELESS, NAMELESS, NAMELESS, NAMELESS - MISSED),
    "minutes.docx?audience=agency:police": (OF_POLICE, OF_POLICE, None, None),
    "minutes.docx?audience=agency:health": (
        STAYS_FOR_HEALTH, None, STAYS_FOR_HEALTH, None,
    ),
    "minutes.docx?audience=agency:education": (NOTES, None, None, NOTES),
    "minutes.docx?audience=child:{stays}": (OF_STAYS, OF_STAYS, OF_STAYS, OF_STAYS),
    "minutes.docx?audience=child:{defers}": (DEFERS, DEFERS, DEFERS, DEFERS),
    "minutes.docx?audience=child:{leaves}": (LEAVES, LEAVES, LEAVES, LEAVES),
    "minutes.docx?audience=child:{missed}": (MISSED, MISSED, MISSED, None),
    "minutes/files": ({"Filenote"}, None, None, None), "minutes/files/1.docx": ({"Filetext"}, None, None, None),
    "minutes/texts/{number}": (STAYS | NOT_FOR_POLICE | NOT_FOR_HEALTH | ACTIONS, None, None, None),
    "actions.docx": (set(), {"Actionpolice"}, {"Actionhealth"}, set()),
    "actions.docx?agency=police": ({"Actionpolice"}, {"Actionpolice"}, None, None),
    "items/{number}": (
        STAYS - {"Strategywhy", "Strategyothers", "Strategywithout", "Strategyoutcome", "Strategyactions"}
        | OF_HEALTH | ACTIONS | CHAIRS | {"Notadded", "Setaside"}, None, None, None,
    ),
    "conflicts": ({"Conflictreason"}, None, None, None),
    "pack.docx": (NAMED | CHAIRS | ACTIONS | {"Healthfacts", "Healthopinion"}, None, None, None),
}  # fmt: skip

# What is another thing once both chairs have signed, the next meeting has approved, and an amendment is written.
SIGNED: Table = DRAFT | {
    "minutes": (
        WHOLE | POLICE | EDUCATION | {"Whyclosed", "Whyissued", "Whyearly", "Approvalremark", "Whyreopened"},
        WHOLE | POLICE, WHOLE, HEARD | EDUCATION,
    ),
    "minutes.docx": (WHOLE | {"Whyclosed", "Whyearly"}, WHOLE, WHOLE, HEARD),
    "minutes.docx?version=2": (WHOLE | {"Whyclosed", "Amendedtext"}, None, None, None),
    "minutes.docx?audience=chair": (WHOLE | CHAIRS | {"Whyclosed", "Whyearly"}, None, None, None),
    "minutes/texts/{number}": (STAYS | NOT_FOR_POLICE | NOT_FOR_HEALTH | ACTIONS | {"Amendedtext"}, None, None, None),
}  # fmt: skip


@pytest.fixture
def everything(session: Session) -> Everything:
    return Everything(session)


def wrong_in(app: Flask, told: Everything, table: Table) -> list[str]:
    told.session.commit()
    children = {name: getattr(told, name).reference for name in NAMES}
    wrong = []
    for place, who in enumerate(READERS):
        reader = browser(app, who)
        for address, holds in table.items():
            expected = holds[place]
            answer = reader.get(f"{told.at}/{address.format(number=told.number, **children)}")
            if answer.status_code != (404 if expected is None else 200):
                wrong.append(f"{who} {address} is answered {answer.status_code}")
            said = every_word_of(answer.get_data())
            wrong += [f"{who} {address} lacks {word}" for word in sorted(expected or ()) if word not in said]
            wrong += [
                f"{who} {address} says {word}" for word in sorted(EVERY_WORD - (expected or set())) if word in said
            ]
    for who in ("police-nw", "coordinator-nw"):
        outsider = browser(app, who)
        for address in table:
            answer = outsider.get(f"{told.at}/{address.format(number=told.number, **children)}")
            if answer.status_code != 404:
                wrong.append(f"{who} {address} is answered {answer.status_code}")
    return wrong


def test_of_a_draft_each_reader_gets_what_is_theirs_and_not_a_word_more(app: Flask, everything: Everything) -> None:
    assert wrong_in(app, everything, DRAFT) == []


def test_of_signed_minutes_each_reader_gets_what_is_theirs_and_not_a_word_more(
    app: Flask, everything: Everything
) -> None:
    everything.sign()
    assert wrong_in(app, everything, SIGNED) == []


def test_that_an_agency_disagrees_is_said_wherever_its_view_is(app: Flask, everything: Everything) -> None:
    everything.session.commit()
    staff = browser(app, "coordinator")
    for audience in ("full", "chair", "anonymised", "agency:health", f"child:{everything.stays.reference}"):
        said = every_word_of(staff.get(f"{everything.at}/minutes.docx?audience={audience}").get_data())
        assert re.search(r"disagree|dissent", re.sub(r"<[^>]+>", "", said), re.I), audience
