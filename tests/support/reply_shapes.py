"""Answers to an invite in the shapes in which Outlook, Gmail and Apple Mail send them. All names are invented."""

import base64
from dataclasses import dataclass

ORGANISER = "rmm@exampleshire.example"


@dataclass(frozen=True)
class Said:
    """What somebody answers."""

    uid: str
    attendee: str
    answer: str = "ACCEPTED"
    sequence: int = 0
    stamp: str = "20261123T093000Z"
    sender: str = ""
    deputy: str = ""
    method: str = "REPLY"
    message_id: str = "<one@client.example>"
    headers: str = ""

    @property
    def sent_by(self) -> str:
        return self.sender or self.attendee


def outlook(said: Said) -> bytes:
    """Outlook and Exchange: the calendar is the last alternative, in base64, with a Windows time zone."""
    delegated = f'DELEGATED-TO="MAILTO:{said.deputy}";' if said.deputy else ""
    calendar = f"""\
BEGIN:VCALENDAR
METHOD:{said.method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={said.answer};{delegated}CN="McExample, Testy":MAILTO:{said.attendee}
COMMENT;LANGUAGE=en-GB:\\n
UID:{said.uid}
SUMMARY;LANGUAGE=en-GB:Accepted: Risk Management Meeting
DTSTART;TZID=GMT Standard Time:20261124T100000
DTEND;TZID=GMT Standard Time:20261124T120000
CLASS:PRIVATE
PRIORITY:5
DTSTAMP:{said.stamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{said.sequence}
LOCATION;LANGUAGE=en-GB:Room 1\\, Exampleshire House
X-MICROSOFT-CDO-APPT-SEQUENCE:{said.sequence}
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-DISALLOW-COUNTER:FALSE
END:VEVENT
END:VCALENDAR
"""
    encoded = base64.encodebytes(_lines(calendar)).decode()
    return _lines(f"""\
{said.headers}From: "McExample, Testy" <{said.sent_by}>
To: Risk Management Meetings <{ORGANISER}>
Subject: Accepted: Risk Management Meeting
Thread-Topic: Risk Management Meeting
Date: Mon, 23 Nov 2026 09:30:00 +0000
Message-ID: {said.message_id}
Content-Type: multipart/alternative; boundary="_002_outlook_"
MIME-Version: 1.0

--_002_outlook_
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable


--_002_outlook_
Content-Type: text/calendar; charset="utf-8"; method={said.method}
Content-Transfer-Encoding: base64

{encoded}
--_002_outlook_--
""")


def gmail(said: Said) -> bytes:
    """Gmail and Google Calendar: the calendar among the alternatives and once more as a file."""
    delegated = f'DELEGATED-TO="mailto:{said.deputy}";' if said.deputy else ""
    calendar = f"""\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{said.method}
BEGIN:VEVENT
DTSTART:20261124T100000Z
DTEND:20261124T120000Z
DTSTAMP:{said.stamp}
ORGANIZER;CN=Risk Management Meetings:mailto:{ORGANISER}
UID:{said.uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said.answer};{delegated}CN=Tes
 ty McExample;X-NUM-GUESTS=0:mailto:{said.attendee}
X-MICROSOFT-CDO-OWNERAPPTID:-1203312003
CLASS:PRIVATE
CREATED:20261120T100000Z
LAST-MODIFIED:20261123T093000Z
SEQUENCE:{said.sequence}
STATUS:CONFIRMED
SUMMARY:Risk Management Meeting
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
    encoded = base64.encodebytes(_lines(calendar)).decode()
    return _lines(f"""\
{said.headers}MIME-Version: 1.0
Reply-To: Testy McExample <{said.sent_by}>
Sender: Google Calendar <calendar-notification@google.example>
Message-ID: {said.message_id}
Date: Mon, 23 Nov 2026 09:30:00 +0000
Subject: Accepted: Risk Management Meeting @ Tue Nov 24, 2026
From: Testy McExample <{said.sent_by}>
To: {ORGANISER}
Content-Type: multipart/mixed; boundary="000000000000gmail"

--000000000000gmail
Content-Type: multipart/alternative; boundary="000000000001gmail"

--000000000001gmail
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes

Testy McExample has answered this invitation.
--000000000001gmail
Content-Type: text/html; charset="UTF-8"

<p>Testy McExample has answered this invitation.</p>
--000000000001gmail
Content-Type: text/calendar; charset="UTF-8"; method={said.method}
Content-Transfer-Encoding: 7bit

{calendar}
--000000000001gmail--
--000000000000gmail
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{encoded}
--000000000000gmail--
""")


def apple(said: Said) -> bytes:
    """Apple Calendar through Apple Mail: a text, and the calendar as an attached file in quoted-printable."""
    delegated = f'DELEGATED-TO="mailto:{said.deputy}";' if said.deputy else ""
    return _lines(f"""\
{said.headers}From: Testy McExample <{said.sent_by}>
Content-Type: multipart/mixed; boundary="Apple-Mail=_apple"
Mime-Version: 1.0 (Mac OS X Mail 16.0)
Message-Id: {said.message_id}
Date: Mon, 23 Nov 2026 09:30:00 +0000
To: {ORGANISER}
Subject: Testy McExample has answered: Risk Management Meeting

--Apple-Mail=_apple
Content-Transfer-Encoding: 7bit
Content-Type: text/plain; charset=us-ascii

Testy McExample has answered your invitation.

--Apple-Mail=_apple
Content-Disposition: attachment; filename=iCal-20261123-093000.ics
Content-Type: text/calendar; x-unix-mode=0644; name="iCal-20261123-093000.ics"
Content-Transfer-Encoding: quoted-printable

BEGIN:VCALENDAR
CALSCALE:GREGORIAN
METHOD:{said.method}
PRODID:-//Apple Inc.//macOS 15.1//EN
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN=3D"Testy McExample";CUTYPE=3DINDIVIDUAL;EMAIL=3D"{said.attendee}";{delegated.replace("=", "=3D")}=
PARTSTAT=3D{said.answer}:mailto:{said.attendee}
CREATED:20261120T100000Z
DTEND;TZID=3DEurope/London:20261124T120000
DTSTAMP:{said.stamp}
DTSTART;TZID=3DEurope/London:20261124T100000
LAST-MODIFIED:20261123T093000Z
ORGANIZER;CN=3D"Risk Management Meetings":mailto:{ORGANISER}
SEQUENCE:{said.sequence}
SUMMARY:Risk Management Meeting
UID:{said.uid}
END:VEVENT
END:VCALENDAR

--Apple-Mail=_apple--
""")


SHAPES = {"outlook": outlook, "gmail": gmail, "apple": apple}


def _lines(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
