"""Role by route by object: what each person sees, from a table written by hand, and nothing of what they do not.

The table was written from `domain.md`, "Confidentiality", not from the code. A page that is not there for somebody
answers byte for byte like one that does not exist, and no page, document or file that is there for them holds a trace
of a child they may not see.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app import access
from meetings_app.db import session as db_session
from tests.support import feature_addresses
from tests.support.browsing import browser
from tests.support.guarded_county import PEOPLE, GuardedCounty, guarded_county, name_of
from tests.support.remembered import remembered

LETTERS = {
    "C": "coordinator", "H": "chair", "D": "deputy-chair", "N": "network-chair", "R": "representative",
    "S": "specialist", "P": "school", "L": "lead-professional", "Z": "list-holder", "A": "analyst",
    "M": "administrator", "U": "auditor",
}  # fmt: skip
EVERYBODY = "CHDNRSPLZAMU"

SEES: dict[str, str] = feature_addresses.PAGES | {
    "/": EVERYBODY, "/account": EVERYBODY, "/confirm": EVERYBODY, "/not-sent": EVERYBODY, "/signed-in": EVERYBODY,
    # A child's record. `own` follows everybody who follows a child; `plain` is listed in the same area, at another
    # school; `waiting` is not on the list; `other` lives in another area.
    "/children/{own}": "CHDRSPL", "/children/{plain}": "CHDR", "/children/{waiting}": "CHD", "/children/{other}": "",
    "/children/{drafted}": "CHD", "/children/{gone}": "CHD", "/children/{twin}": "CHD",
    "/children/{own}/note": "CHDRSL", "/children/{plain}/note": "CHDR", "/children/{other}/note": "",
    "/children/{own}/change": "CHDRSL", "/children/{other}/change": "",
    "/children/{own}/details": "CHD", "/children/{other}/details": "",
    "/children/{own}/lead": "CHD", "/children/{other}/lead": "",
    "/children/{own}/specialists": "CHD", "/children/{other}/specialists": "",
    "/children/{own}/trail": "CHD", "/children/{other}/trail": "",
    "/children/{own}/propose-closure": "R", "/children/{other}/propose-closure": "",
    "/children/{own}/duplicates/{twin}": "CHD", "/children/{own}/duplicates/{other}": "",
    # Assessments: of a record that is read whole, and by who made it; a school reads none but its own.
    "/children/{own}/assessments": "CHDRSL", "/children/{plain}/assessments": "CHDR",
    "/children/{waiting}/assessments": "CHD", "/children/{other}/assessments": "",
    "/assessments/{assessment}": "CHDRSL", "/assessments/{school-assessment}": "CHDRSPL",
    "/assessments/{far-assessment}": "",
    "/assessments/{assessment}/compare": "CHDRSL", "/assessments/{school-assessment}/compare": "CHDRSPL",
    "/assessments/{far-assessment}/compare": "",
    "/assessments/{assessment}/word": "CHDRSL", "/assessments/{school-assessment}/word": "CHDRSPL",
    "/assessments/{far-assessment}/word": "",
    "/children/{own}/assessments/new": "CHDRSPL", "/children/{other}/assessments/new": "",
    "/assessments/{draft-assessment}": "CHDRSL", "/assessments/{far-draft-assessment}": "",
    "/assessments/{draft-assessment}/section/about": "CHDRSL", "/assessments/{far-draft-assessment}/section/about": "",
    "/assessments/{draft-assessment}/check": "CHDRSL", "/assessments/{far-draft-assessment}/check": "",
    "/assessments/{draft-assessment}/discard": "CHDRSL", "/assessments/{far-draft-assessment}/discard": "",
    "/assessments": "CHDNRSPL", "/assessments/{assessment}/flags/consider_for_list": "CHDRSL",
    "/assessments/{far-assessment}/flags/consider_for_list": "",
    # Strategy discussions: read by who reads the whole record; asked for and recorded by fewer.
    "/children/{own}/strategy/{own-strategy}": "CHDRSL", "/children/{plain}/strategy/{plain-strategy}": "CHDR",
    "/children/{waiting}/strategy/{waiting-strategy}": "CHD", "/children/{other}/strategy/{other-strategy}": "",
    "/children/{plain}/strategy/{own-strategy}": "",
    "/children/{own}/strategy/new/ask": "CHDRL", "/children/{other}/strategy/new/ask": "",
    "/children/{own}/strategy/{own-strategy}/held": "CHDRL", "/children/{other}/strategy/{other-strategy}/held": "",
    "/children/{plain}/strategy/{own-strategy}/held": "", "/meetings/{running}/items/{item}/strategy/new/ask": "CHD",
    "/meetings/{elsewhere}/items/{item}/strategy/new/ask": "",
    "/meetings/{running}/items/{item}/strategy/{plain-strategy}/held": "CHD",
    "/meetings/{running}/items/{item}/strategy/{own-strategy}/held": "", "/my-children": "SPL",
    "/list": "CHDRZ", "/list/export.xlsx": "CHDRZ", "/list/export.docx": "CHDRZ",
    # Referrals: by those who triage, and by who made it.
    "/referrals": "CHDNRSPL", "/referrals/new": "CHDNRSPL",
    "/referrals/{referral}": "CHDR", "/referrals/{far-referral}": "",
    "/referrals/{referral}/sent": "R", "/referrals/{far-referral}/sent": "",
    # Assessments: by who reads the child's whole record. What they recommend is given by those who may give actions.
    "/assessments/{own-assessment}/actions/1": "CHDL", "/assessments/{other-assessment}/actions/1": "",
    "/meetings/{running}/items/{item}/recommended/{plain-assessment}/1": "CHD",
    "/meetings/{running}/items/{item}/recommended/{own-assessment}/1": "",
    # Actions: an area's staff, the agency it is for, and who works with the child.
    "/actions": "CHDNRSPL", "/actions/{police-action}": "CHDRSL", "/actions/{health-action}": "CHDRSL",
    "/actions/{hidden-action}": "CHD", "/actions/escalated": "CHD",
    "/actions/{police-action}/reassign": "CHDR", "/actions/{hidden-action}/reassign": "CHD",
    # Meetings: `draft` is not published, `running` is being held, `closed` waits for signatures.
    "/meetings": "CHDR", "/meetings/{draft}": "CHDR", "/meetings/{elsewhere}": "",
    "/meetings/{draft}/agenda": "CHDR", "/meetings/{draft}/agenda.docx": "CHD",
    "/meetings/{running}/agenda": "CHDR", "/meetings/{running}/agenda.docx": "CHDR",
    "/meetings/{running}/agenda.docx?chair=1": "HD",
    "/meetings/{signed}/agenda": "CHDR", "/meetings/{signed}/agenda.docx": "CHDR",
    "/meetings/{elsewhere}/agenda": "", "/meetings/{elsewhere}/agenda.docx": "",
    "/meetings/{draft}/agenda/others": "CHD", "/meetings/{elsewhere}/agenda/others": "",
    "/meetings/{draft}/agenda/add": "CHD", "/meetings/{elsewhere}/agenda/add": "",
    "/meetings/{draft}/agenda/publish": "CHD", "/meetings/{elsewhere}/agenda/publish": "",
    "/meetings/{draft}/agenda/{drafted}/defer": "CHD", "/meetings/{draft}/agenda/{other}/defer": "",
    "/meetings/{running}/record": "CHD", "/meetings/{elsewhere}/record": "",
    "/meetings/{running}/attendance": "CHD", "/meetings/{elsewhere}/attendance": "",
    "/meetings/{running}/items/{item}": "CHD", "/meetings/{elsewhere}/items/{item}": "",
    "/meetings/{running}/close": "CHD", "/meetings/{elsewhere}/close": "",
    "/meetings/{closed}/minutes": "CHDR", "/meetings/{closed}/minutes.docx": "CHDR",
    "/meetings/{signed}/minutes": "CHDR", "/meetings/{signed}/minutes.docx": "CHDR",
    "/meetings/{draft}/minutes": "", "/meetings/{elsewhere}/minutes": "", "/meetings/{elsewhere}/minutes.docx": "",
    "/meetings/{draft}/members": "C", "/meetings/{elsewhere}/members": "",
    "/meetings/{draft}/move": "C", "/meetings/{elsewhere}/move": "",
    "/meetings/{draft}/cancel": "C", "/meetings/{elsewhere}/cancel": "",
    "/meetings/series": "CN", "/meetings/extra": "CN", "/closures": "HD",
    # Imports: nobody but who brought the file.
    "/import": "C", "/import/{own-import}": "C", "/import/{other-import}": "",
    "/import/{own-import}/to-mend": "C", "/import/{other-import}/to-mend": "",
    "/import/template/list.xlsx": "C", "/import/template/referrals.xlsx": "C",
    # What is about no child, or about no child by name.
    "/totals": "A", "/audit/": "U", "/timetable": "CM",
    "/accounts": "M", "/accounts/{account}": "M", "/accounts/invite": "M", "/accounts/{account}/agency": "M",
    "/waiting/duplicates": "CHD", "/waiting/no-meeting": "CHD", "/waiting/uploads": "C", "/waiting/closures": "HD",
    "/waiting/invitations": "M", "/waiting/strategy": "CHD", "/waiting/plans": "CHD", "/waiting/closure-tasks": "CHD",
    "/waiting/look-backs": "CHD", "/waiting/breaches": "CHD", "/waiting/hands": "CHD", "/waiting/leads": "CHD",
    "/waiting/information": "CHD", "/accounts/{account}/disable": "M", "/accounts/{account}/roles/{grant}/end": "M",
    "/closures/{left}/look-back": "CHD", "/closures/{far-left}/look-back": "",
    "/closures/{left}/tasks/education": "CHD", "/closures/{far-left}/tasks/education": "",
    "/children/{own}/transition/package": "CHD", "/children/{other}/transition/package": "",
}  # fmt: skip

MAY_MEET: dict[str, str] = feature_addresses.MAY_MEET | {
    "own": "CHDNRSPLZ", "plain": "CHDRZ", "waiting": "CHDR", "drafted": "CHD", "twin": "CHD", "gone": "CHD",
    "left": "CHD", "farleft": "", "heard": "CHDR", "uploaded": "C", "other": "N", "far": "", "othersupload": "",
}  # fmt: skip
"""On whose pages the name of each child may stand. `gone` was heard at a meeting whose minutes are signed since."""

MAY_READ: dict[str, str] = {
    "Canaryintelligence": "CHDRSL", "Canarynote": "CHDRSL", "Canaryaims": "CHDRSPL", "Canaryrationale": "CHDR",
    "Canaryhidden": "CHD", "Canarytask": "CHD", "Canarystrategy": "CHDRSL", "Canaryview": "CHDR",
} | feature_addresses.READERS  # fmt: skip

WRITES: dict[str, str] = feature_addresses.WRITES | {
    "/children/{own}/note": "CHDRSL", "/children/{own}/change": "CHDRSL", "/children/{own}/details": "CHD",
    "/children/{own}/lead": "CHD", "/children/{own}/propose-closure": "R",
    "/children/{own}/duplicates/{twin}": "CHD", "/children/{other}/note": "", "/children/{other}/details": "",
    "/children/{own}/specialists": "CHD", "/children/{other}/specialists": "",
    "/children/{other}/lead": "", "/children/{other}/propose-closure": "",
    "/referrals/{referral}/decision": "CHD", "/referrals/{far-referral}/decision": "",
    "/referrals/{referral}/answer": "CHDR", "/referrals/{far-referral}/answer": "",
    "/referrals/{referral}/same/{own}": "CHD", "/referrals/{far-referral}/same/{own}": "",
    "/referrals/{referral}/assessments": "CHDR", "/referrals/{far-referral}/assessments": "",
    "/assessments/{assessment}/refer": "CHDRSL", "/assessments/{far-assessment}/refer": "",
    "/assessments/{assessment}/no-referral": "CHDRSL", "/assessments/{far-assessment}/no-referral": "",
    "/assessments/{assessment}/flags/consider_for_list": "CHDRSL",
    "/assessments/{far-assessment}/flags/consider_for_list": "",
    "/actions/{police-action}": "CHDRSL", "/actions/{hidden-action}": "CHD",
    "/actions/{police-action}/reassign": "CHDRSL",
    "/children/{own}/strategy/new/ask": "CHDRL", "/children/{other}/strategy/new/ask": "",
    "/children/{own}/strategy/new/not-held": "CHDRL", "/children/{other}/strategy/new/not-held": "",
    "/children/{own}/strategy/{own-strategy}/held": "CHDRL", "/children/{other}/strategy/{other-strategy}/held": "",
    "/children/{own}/strategy/{own-strategy}/not-held": "CHDRL",
    "/children/{other}/strategy/{other-strategy}/not-held": "",
    "/meetings/{running}/items/{item}/strategy/new/ask": "CHD",
    "/meetings/{elsewhere}/items/{item}/strategy/new/ask": "",
    "/meetings/{running}/items/{item}/strategy/{plain-strategy}/held": "CHD",
    "/meetings/{running}/items/{item}/strategy/{own-strategy}/held": "",
    "/children/{own}/assessments/new": "CHDRSPL", "/children/{other}/assessments/new": "",
    "/assessments/{draft-assessment}/section/about": "CHDRSL", "/assessments/{far-draft-assessment}/section/about": "",
    "/assessments/{draft-assessment}/finish": "CHDRSL", "/assessments/{far-draft-assessment}/finish": "",
    "/assessments/{draft-assessment}/discard": "CHDRSL", "/assessments/{far-draft-assessment}/discard": "",
    "/assessments/{own-assessment}/actions/1": "CHDL", "/assessments/{other-assessment}/actions/1": "",
    "/assessments/{own-assessment}/actions/1/decline": "CHDL", "/assessments/{other-assessment}/actions/1/decline": "",
    "/meetings/{running}/items/{item}/recommended/{plain-assessment}/1": "CHD",
    "/meetings/{running}/items/{item}/recommended/{plain-assessment}/1/decline": "CHD",
    "/meetings/{running}/items/{item}/recommended/{own-assessment}/1": "",
    "/meetings/{running}/items/{item}/recommended/{own-assessment}/1/decline": "",
    "/meetings/{draft}/announce": "C", "/meetings/{elsewhere}/announce": "",
    "/meetings/{draft}/move": "C", "/meetings/{elsewhere}/move": "",
    "/meetings/{draft}/cancel": "C", "/meetings/{elsewhere}/cancel": "",
    "/meetings/{draft}/members": "C", "/meetings/{elsewhere}/members": "",
    "/meetings/{draft}/members/remove": "C", "/meetings/{elsewhere}/members/remove": "",
    "/meetings/{draft}/agenda/add": "CHD", "/meetings/{elsewhere}/agenda/add": "",
    "/meetings/{draft}/agenda/move": "CHD", "/meetings/{elsewhere}/agenda/move": "",
    "/meetings/{draft}/agenda/publish": "CHD", "/meetings/{elsewhere}/agenda/publish": "",
    "/meetings/{draft}/agenda/{drafted}/defer": "CHD", "/meetings/{elsewhere}/agenda/{drafted}/defer": "",
    "/meetings/{running}/record/start": "CHD", "/meetings/{elsewhere}/record/start": "",
    "/meetings/{running}/attendance": "CHD", "/meetings/{elsewhere}/attendance": "",
    "/meetings/{running}/notes": "CHD", "/meetings/{elsewhere}/notes": "",
    "/meetings/{running}/items/{item}": "CHD", "/meetings/{elsewhere}/items/{item}": "",
    "/meetings/{running}/items/{item}/actions": "CHD", "/meetings/{elsewhere}/items/{item}/actions": "",
    "/meetings/{running}/items/{item}/actions/{police-action}": "CHD",
    "/meetings/{running}/items/{item}/actions/{police-action}/remove": "CHD",
    "/meetings/{running}/items/{item}/withdraw/{police-action}": "CHD",
    "/meetings/{running}/items/{item}/views": "CHD", "/meetings/{elsewhere}/items/{item}/views": "",
    "/meetings/{running}/items/{item}/views/police/remove": "CHD",
    "/meetings/{elsewhere}/items/{item}/views/police/remove": "",
    "/meetings/{running}/defer-the-rest": "CHD", "/meetings/{elsewhere}/defer-the-rest": "",
    "/meetings/{running}/close": "CHD", "/meetings/{elsewhere}/close": "",
    "/meetings/{closed}/minutes/sign": "HD", "/meetings/{elsewhere}/minutes/sign": "",
    "/closures/{left}/look-back": "CHD", "/closures/{far-left}/look-back": "",
    "/closures/{left}/tasks/education": "CHD", "/closures/{far-left}/tasks/education": "",
    "/children/{own}/transition/package": "CHD", "/children/{other}/transition/package": "",
    "/closures/{own}/sign": "HD", "/import/{own-import}/confirm": "C", "/import/{other-import}/confirm": "",
    "/import/{own-import}/discard": "C", "/import/{other-import}/discard": "",
    **dict.fromkeys([f"/accounts/{{account}}/{what}" for what in ("disable", "reset", "roles", "agency")], "M"),
}  # fmt: skip

ASK_NOTHING_OF_AN_OBJECT = {
    "accounts.end_role", "accounts.change_password", "accounts.sign_out_everywhere", "accounts.invite_sent",
    "accounts.confirm_sent", "imports.upload", "meetings.extra_sent", "meetings.series_sent", "notices.again",
    "accounts.not_sent_discarded", "accounts.stay_signed_in", "accounts.typed_words", "language.prompts",
} | feature_addresses.OF_NO_OBJECT  # fmt: skip
"""Writes about no child, meeting, referral or action; `test_guard.py` asks them of every role."""

ACTIONS_OF_AN_ITEM = {"meetings.item_action_change", "meetings.item_action_withdraw"}
"""Their pages are the forms of an action that is proposed or open on that item; both are asked by their writes."""

_NUMBERED = ("account", "grant", "link", "far-link", "police-correction", "health-correction")
NONE = feature_addresses.NONE | {"item": "99.9"} | dict.fromkeys(_NUMBERED, "987654")


def address_of(pattern: str, objects: dict[str, str]) -> str:
    return re.sub(r"\{([^}]+)\}", lambda found: objects[found.group(1)], pattern)


def missing_of(pattern: str) -> str:
    """Give the same address with references that nothing has."""
    return re.sub(r"\{([^}]+)\}", lambda found: NONE.get(found.group(1), "X-NONE"), pattern)


def plain(answer: Any) -> str:
    """Give an answer without what differs every time: the nonce, the tokens of its forms, and its own address."""
    said = answer.get_data().decode("utf-8", "replace")
    return re.sub(r'nonce="[^"]*"|name="(csrf_token|form_id)"[^>]*value="[^"]*"', "", said)


def words_of(answer: Any) -> str:
    """Give everything an answer says, its headers and the parts of a file too."""
    content: bytes = answer.get_data()
    said = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    if content[:2] != b"PK":
        return said + content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
    return said + "\n".join(texts) + re.sub(r"<[^>]+>", "", "\n".join(texts))


def wrong_of(client: FlaskClient, letter: str, county: GuardedCounty) -> Iterator[str]:
    """Walk over every address as one person; give each cell that is not as the table says."""
    for pattern, roles in SEES.items():
        answer = client.get(address_of(pattern, county.objects))
        expected = 200 if letter in roles else 404
        if answer.status_code != expected:
            yield f"{letter} {pattern}: {answer.status_code} instead of {expected}"
        if expected == 404 and "{" in pattern and plain(answer) != plain(client.get(missing_of(pattern))):
            yield f"{letter} {pattern}: does not look like what does not exist"
        said = words_of(answer)
        for child, readers in MAY_MEET.items():
            if letter not in readers and name_of(child).split()[0] in said:
                yield f"{letter} {pattern}: names {child}"
        yield from (
            f"{letter} {pattern}: says {canary}"
            for canary, readers in MAY_READ.items() if letter not in readers and canary in said
        )  # fmt: skip


@pytest.fixture
@remembered
def county(session: Session) -> GuardedCounty:
    return guarded_county(session)


def test_everybody_sees_what_the_table_says_and_no_trace_of_more(
    app: Flask, county: GuardedCounty, database: str
) -> None:
    letters = LETTERS if database == "sqlite" else "CRSP"  # One of each kind of scope; the walk is a long one.
    wrong = [found for letter in letters for found in wrong_of(browser(app, PEOPLE[LETTERS[letter]]), letter, county)]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_sees_anything_without_signing_in(app: Flask, county: GuardedCounty) -> None:
    client = app.test_client()
    for pattern in SEES:
        answer = client.get(address_of(pattern, county.objects))
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in"), pattern
        assert "feather" not in words_of(answer)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_writes_where_the_table_says_they_may_not(app: Flask, county: GuardedCounty) -> None:
    wrong = []
    for letter, role in LETTERS.items():
        client = browser(app, PEOPLE[role])
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account").text)
        assert token
        for pattern, roles in WRITES.items():
            if letter not in roles:
                values = {"csrf_token": token.group(1), "text": "x", "reason": "x", "version": "1"}
                answer = client.post(address_of(pattern, county.objects), data=values)
                if answer.status_code != 404 or "feather" in words_of(answer):
                    wrong.append(f"{letter} {pattern}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_tables_name_every_address_there_is(app: Flask) -> None:
    places = app.url_map.bind("localhost")
    objects = dict.fromkeys(re.findall(r"\{([^}]+)\}", " ".join([*SEES, *WRITES])), "9")
    asked = {
        method: {places.match(address_of(pattern, objects).partition("?")[0], method=method)[0] for pattern in table}
        for method, table in (("GET", SEES), ("POST", WRITES))
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        declared: Any = app.view_functions[rule.endpoint]
        if declared.declared.public:
            continue
        if "GET" in (rule.methods or set()):
            assert rule.endpoint in asked["GET"] | ACTIONS_OF_AN_ITEM, rule
        if "POST" in (rule.methods or set()):
            assert rule.endpoint in asked["POST"] | ASK_NOTHING_OF_AN_OBJECT, rule


PLANTED: dict[str, tuple[str, Any, str, str]] = {
    "area staff see every area": ("_in_areas", lambda _column, _areas: sa.true(), "C", "/meetings/{elsewhere}"),
    "a representative reads every agenda for ever": (
        "_items", lambda actor: [sa.true()] if actor.grants else [], "R", "/meetings/{signed}/minutes",
    ),
    "whoever uploads sees every upload": (
        "_made_by", lambda _actor, _column: [sa.true()], "C", "/import/{other-import}",
    ),
    "whoever follows one child follows all": (
        "_followed_children", lambda _actor: [sa.true()], "S", "/actions/{hidden-action}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("bug", PLANTED)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_walk_finds_a_bug_that_was_planted(
    app: Flask, county: GuardedCounty, bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, wrong_one, letter, pattern = PLANTED[bug]
    monkeypatch.setattr(access, place, wrong_one)
    _forget_scopes()
    try:
        wrong = wrong_of(browser(app, PEOPLE[LETTERS[letter]]), letter, county)
        assert any(found.startswith(f"{letter} {pattern}:") for found in wrong)
    finally:
        _forget_scopes()


def _forget_scopes() -> None:
    """Let every statement be narrowed anew, also those that are built once."""
    access.criteria.cache_clear()
    db_session._narrowed.cache_clear()
