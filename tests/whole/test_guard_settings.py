"""Settings that cannot be used are refused in one line that says what to do; production takes no weak ones."""

from pathlib import Path

import pytest

from meetings_app.config import load
from meetings_app.errors import ConfigurationError

KEY = "k" * 32
PRODUCTION = {
    "MEETINGS_ENV": "production", "MEETINGS_SECRET_KEY": KEY, "MEETINGS_AUDIT_KEY": KEY,
    "MEETINGS_BASE_URL": "https://meetings.example.org",
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"MEETINGS_ENV": "staging"}, "MEETINGS_ENV is “staging”. Use one of"),
        ({"MEETINGS_DATBASE_URL": "x"}, "MEETINGS_DATBASE_URL is not a setting of this service"),
        ({"MEETINGS_DATABASE_URL": "mysql://x"}, "MEETINGS_DATABASE_URL must begin with"),
        ({"MEETINGS_DATABASE_URL": "postgresql://x"}, "MEETINGS_DATABASE_URL must begin with"),
        ({"MEETINGS_BASE_URL": "meetings.example.org"}, "MEETINGS_BASE_URL must be an address"),
        ({"MEETINGS_BASE_URL": "ftp://meetings.example.org"}, "MEETINGS_BASE_URL must be an address"),
        ({"MEETINGS_ORGANISER": "nobody"}, "MEETINGS_ORGANISER must be one e-mail address"),
        ({"MEETINGS_ORGANISER": "a@b.example c@d.example"}, "MEETINGS_ORGANISER must be one e-mail address"),
        ({"MEETINGS_NOW": "tomorrow"}, "MEETINGS_NOW must be a date and time"),
        ({"MEETINGS_AGENDAS": "/nowhere/at/all"}, "MEETINGS_AGENDAS names a folder that is not there"),
        ({"MEETINGS_PROXIES": "-1"}, "MEETINGS_PROXIES must be the number"),
        ({"MEETINGS_PROXIES": "6"}, "MEETINGS_PROXIES must be the number"),
        ({**PRODUCTION, "MEETINGS_SECRET_KEY": ""}, "MEETINGS_SECRET_KEY is required in production"),
        ({**PRODUCTION, "MEETINGS_AUDIT_KEY": ""}, "MEETINGS_AUDIT_KEY is required in production"),
        ({**PRODUCTION, "MEETINGS_SECRET_KEY": "k" * 31}, "MEETINGS_SECRET_KEY must have at least 32 characters"),
        ({**PRODUCTION, "MEETINGS_AUDIT_KEY": "k" * 31}, "MEETINGS_AUDIT_KEY must have at least 32 characters"),
        ({**PRODUCTION, "MEETINGS_BASE_URL": "http://meetings.example.org"}, "must begin with https://"),
        ({**PRODUCTION, "MEETINGS_BASE_URL": ""}, "must begin with https://"),
        ({**PRODUCTION, "MEETINGS_NOW": "2026-11-24T09:00:00"}, "MEETINGS_NOW fixes the clock and is refused"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(tmp_path: Path, values: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load({"MEETINGS_INSTANCE": str(tmp_path), **values})
    assert says in refused.value.message
    assert "\n" not in refused.value.message


def test_production_takes_strong_settings(tmp_path: Path) -> None:
    settings = load({"MEETINGS_INSTANCE": str(tmp_path), **PRODUCTION})
    assert settings.production
    assert settings.second_factor_required
    assert not list(tmp_path.iterdir())


def test_outside_production_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = (load({"MEETINGS_INSTANCE": str(tmp_path / "instance")}) for _ in range(2))
    assert (first.secret_key, first.audit_key) == (second.secret_key, second.audit_key)
    assert len(first.secret_key) == 64
    assert first.secret_key != first.audit_key
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "instance").iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("environment", "asked"), [("development", True), ("test", True), ("demo", False), ("production", True)]
)
def test_only_the_demonstration_asks_for_no_second_factor(tmp_path: Path, environment: str, asked: bool) -> None:
    values = {**PRODUCTION, "MEETINGS_ENV": environment, "MEETINGS_INSTANCE": str(tmp_path)}
    assert load(values).second_factor_required is asked
