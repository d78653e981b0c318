"""The setting of the mailbox that replies are read from: what is taken, and what is refused without repeating it."""

import pytest

from meetings_app.errors import ConfigurationError
from meetings_app.notices.imap_settings import check_imap_setting, parse_imap_url


def test_the_usual_settings_are_read() -> None:
    plain = parse_imap_url("imaps://rmm%40example.org:p%2Fw@mail.example.org")
    assert (plain.host, plain.port, plain.implicit_tls, plain.user, plain.password, plain.folder) == (
        "mail.example.org", 993, True, "rmm@example.org", "p/w", "INBOX",
    )  # fmt: skip
    full = parse_imap_url("imap://u:p@mail.example.org/RMM%20replies?starttls=1&timeout=5&checked-by=MX.example.org")
    assert (full.port, full.starttls, full.folder, full.timeout) == (143, True, "RMM replies", 5.0)
    assert full.checked_by == "mx.example.org"


@pytest.mark.parametrize(
    "wrong",
    [
        "smtp://u:canary@host", "imap://u:canary@mail.example.org", "imaps://mail.example.org", "imaps://u@host",
        "imaps://u:canary@", "imaps://u:canary@host:0", "imaps://u:canary@host:99999", "imaps://u:canary@host?x=1",
        "imaps://u:canary@host?timeout=0", "imaps://u:canary@host?timeout=5&timeout=6", "imaps://u:canary@host#x",
        "imaps://u:canary@host/Inb%22ox", "imaps://ü:canary@host",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_never_repeated(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="MEETINGS_IMAP_URL") as refused:
        parse_imap_url(wrong)
    assert "canary" not in str(refused.value)
    assert check_imap_setting(wrong) == str(refused.value).rstrip(".")


def test_an_empty_setting_says_what_follows() -> None:
    assert check_imap_setting("").startswith("MEETINGS_IMAP_URL is empty")
    assert check_imap_setting("imaps://u:p@host") == ""
