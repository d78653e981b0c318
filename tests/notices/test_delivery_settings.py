"""The setting MEETINGS_SMTP_URL: what it may say, and one clear line where it cannot be used."""

import pytest

from meetings_app.errors import ConfigurationError
from meetings_app.notices.delivery import SmtpSettings, parse_smtp_url
from meetings_app.notices.smtp_settings import Encryption


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://user:pass@mail.example:587?starttls=1",
            SmtpSettings("mail.example", 587, Encryption.STARTTLS, "user", "pass"),
        ),
        (
            "smtps://rmm%40meetings.example:p%2Fa%40s%3As@mail.example",
            SmtpSettings("mail.example", 465, Encryption.IMPLICIT, "rmm@meetings.example", "p/a@s:s"),
        ),
        ("smtp://mail.example", SmtpSettings("mail.example", 25, Encryption.NONE)),
        ("smtp://127.0.0.1:2525/", SmtpSettings("127.0.0.1", 2525, Encryption.NONE)),
        ("smtp://u:p@[::1]:2525", SmtpSettings("::1", 2525, Encryption.NONE, "u", "p")),
        (
            "smtp://mail.example?starttls=0&timeout=5",
            SmtpSettings("mail.example", 25, Encryption.NONE, timeout=5.0, deadline=15.0),
        ),
    ],
)
def test_a_sound_setting_is_read(url: str, expected: SmtpSettings) -> None:
    assert parse_smtp_url(url) == expected


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must begin with smtp://"),
        ("mail.example", "must begin with smtp://"),
        ("http://mail.example", "must begin with smtp://"),
        ("smtp://", "lacks the mail server's name"),
        ("smtp://:587", "lacks the mail server's name"),
        ("smtp://mail..example", "lacks the mail server's name"),
        ("smtp://mail.example:0", "lacks the mail server's name or port"),
        ("smtp://mail.example:port", "a port between 1 and 65535"),
        ("smtp://mail.example:65536", "a port between 1 and 65535"),
        ("smtp://[::1", "is no address"),
        ("smtp://user@mail.example?starttls=1", "needs a user and a password"),
        ("smtp://:secret@mail.example?starttls=1", "needs a user and a password"),
        ("smtp://user:secret@mail.example", "would send the password unprotected"),
        ("smtp://user:secrét@mail.example?starttls=1", "only ASCII"),
        ("smtp://mail.example?starttls=yes", "starttls=1 or starttls=0"),
        ("smtp://mail.example?tls=1", "only the options"),
        ("smtps://mail.example?starttls=1", "leave starttls out"),
        ("smtp://mail.example?timeout=0", "1 to 300 seconds"),
        ("smtp://mail.example?timeout=soon", "1 to 300 seconds"),
        ("smtp://user:sec/ret@mail.example", ""),
        ("smtp://mail.example/path", "means nothing"),
        ("smtp://mail.example#part", "means nothing"),
    ],
)
def test_an_unusable_setting_is_named_in_one_line_that_does_not_repeat_it(url: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_smtp_url(url)

    assert refused.value.message.startswith("MEETINGS_SMTP_URL ")
    assert problem in refused.value.message
    assert "\n" not in refused.value.message
    assert "secr" not in refused.value.message
    assert "sec/ret" not in refused.value.message


def test_the_password_is_not_shown_where_the_settings_are() -> None:
    assert "secret" not in repr(parse_smtp_url("smtps://user:secret@mail.example"))
