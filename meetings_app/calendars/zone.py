"""The clock of Europe/London, as every calendar program needs it told."""

# Calendar libraries work this component out from today's time zone data, and the result differs between
# versions (one writes the spring change an hour late). The rule itself has stood since 1996, so it is
# written down once: GMT until 01:00 on the last Sunday of March, BST until 02:00 BST on the last of October.
LONDON_COMPONENT = b"""\
BEGIN:VTIMEZONE\r
TZID:Europe/London\r
BEGIN:DAYLIGHT\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
TZNAME:BST\r
DTSTART:19960331T010000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
TZNAME:GMT\r
DTSTART:19961027T020000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""
