"""Settings, from the environment or `.env`; the names are those of the README, "Settings"."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from meetings_app.clock import Clock, clock_from
from meetings_app.errors import ConfigurationError

ENVIRONMENTS = ("development", "production", "demo", "test")
_KNOWN = {
    "MEETINGS_ENV", "MEETINGS_DATABASE_URL", "MEETINGS_SECRET_KEY", "MEETINGS_BASE_URL", "MEETINGS_SMTP_URL",
    "MEETINGS_ORGANISER", "MEETINGS_NOW", "MEETINGS_AGENDAS", "MEETINGS_MARKING", "MEETINGS_AUDIT_KEY",
    "MEETINGS_IMAP_URL", "MEETINGS_OIDC_ISSUER", "MEETINGS_OIDC_CLIENT_ID", "MEETINGS_OIDC_CLIENT_SECRET",
    "MEETINGS_DEMO_PASSWORD", "MEETINGS_INSTANCE", "MEETINGS_PROXIES", "MEETINGS_BACKUP_DIR", "MEETINGS_BACKUP_KEEP",
}  # fmt: skip
_SHORTEST_KEY = 32


@dataclass(frozen=True)
class Settings:
    """Every setting, checked. `clock` stands for `MEETINGS_NOW`."""

    environment: str
    database_url: str
    secret_key: str
    audit_key: str
    base_url: str
    smtp_url: str
    organiser: str
    clock: Clock
    agendas: Path | None
    marking: str
    demo_password: str
    instance: Path
    proxies: int = 0
    imap_url: str = ""
    backup_dir: Path | None = None
    backup_keep: int = 14

    @property
    def production(self) -> bool:
        """Whether this is the real thing, where weak settings are refused."""
        return self.environment == "production"

    @property
    def second_factor_required(self) -> bool:
        """Whether everybody needs a code from an app to sign in: everywhere but in the demo county."""
        return self.environment != "demo"


def load(environ: dict[str, str] | None = None) -> Settings:
    """Read the settings from `environ`, else from `.env` and the environment (which wins).

    Raises `ConfigurationError` with one line that names the setting and what to do.
    """
    values = environ if environ is not None else {**_dotenv(), **os.environ}
    unknown = sorted(
        name
        for name in values
        if name.startswith("MEETINGS_") and name not in _KNOWN and not name.startswith("MEETINGS_TEST_")
    )
    if unknown:
        raise ConfigurationError(
            f"{unknown[0]} is not a setting of this service. Remove it, or see “Settings” in README.md."
        )
    environment = values.get("MEETINGS_ENV") or "development"
    if environment not in ENVIRONMENTS:
        raise ConfigurationError(f"MEETINGS_ENV is “{environment}”. Use one of: {', '.join(ENVIRONMENTS)}.")
    production = environment == "production"
    instance = Path(values.get("MEETINGS_INSTANCE") or "instance").absolute()
    return Settings(
        environment=environment,
        database_url=_database_url(values.get("MEETINGS_DATABASE_URL") or f"sqlite:///{instance / 'meetings.db'}"),
        secret_key=_key("MEETINGS_SECRET_KEY", values, instance, production),
        audit_key=_key("MEETINGS_AUDIT_KEY", values, instance, production),
        base_url=_base_url(values.get("MEETINGS_BASE_URL") or "http://127.0.0.1:8000", production),
        smtp_url=values.get("MEETINGS_SMTP_URL") or "",
        organiser=_organiser(values.get("MEETINGS_ORGANISER") or "rmm@example.invalid"),
        clock=_clock(values.get("MEETINGS_NOW") or "", production),
        agendas=_agendas(values.get("MEETINGS_AGENDAS") or ""),
        marking=values.get("MEETINGS_MARKING") or "OFFICIAL-SENSITIVE",
        demo_password=values.get("MEETINGS_DEMO_PASSWORD") or "",
        instance=instance,
        proxies=_proxies(values.get("MEETINGS_PROXIES") or "0"),
        imap_url=values.get("MEETINGS_IMAP_URL") or "",
        # Not asked for here: a disk for copies that is away must not stop the service. The job says that it is.
        backup_dir=Path(values["MEETINGS_BACKUP_DIR"]).absolute() if values.get("MEETINGS_BACKUP_DIR") else None,
        backup_keep=_backup_keep(values.get("MEETINGS_BACKUP_KEEP") or "14"),
    )


def _dotenv() -> dict[str, str]:
    return {name: value for name, value in dotenv_values(".env").items() if value is not None}


def _database_url(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("MEETINGS_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    return url


def _base_url(url: str, production: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError("MEETINGS_BASE_URL must be an address such as https://meetings.example.org.")
    if production and parts.scheme != "https":
        raise ConfigurationError("MEETINGS_BASE_URL must begin with https:// in production.")
    return url.rstrip("/")


def _organiser(address: str) -> str:
    if address.count("@") != 1 or any(character.isspace() for character in address):
        raise ConfigurationError("MEETINGS_ORGANISER must be one e-mail address.")
    return address


def _clock(text: str, production: bool) -> Clock:
    if text and production:
        raise ConfigurationError("MEETINGS_NOW fixes the clock and is refused in production. Remove it.")
    try:
        return clock_from(text)
    except ValueError:
        raise ConfigurationError("MEETINGS_NOW must be a date and time such as 2026-11-24T09:00:00.") from None


def _agendas(text: str) -> Path | None:
    if not text:
        return None
    path = Path(text)
    if not path.is_dir():
        raise ConfigurationError("MEETINGS_AGENDAS names a folder that is not there.")
    return path


def _proxies(text: str) -> int:
    if not text.isdigit() or int(text) > 5:
        raise ConfigurationError("MEETINGS_PROXIES must be the number of reverse proxies in front, 0 to 5.")
    return int(text)


def _backup_keep(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 3660:
        raise ConfigurationError("MEETINGS_BACKUP_KEEP must be how many nightly copies are kept, 1 to 3660.")
    return int(text)


def _key(name: str, values: dict[str, str], instance: Path, production: bool) -> str:
    """Give the key, or outside production make one on first start and keep it where only the owner reads it."""
    key = values.get(name)
    if key:
        if production and len(key) < _SHORTEST_KEY:
            raise ConfigurationError(f"{name} must have at least {_SHORTEST_KEY} characters in production.")
        return key
    if production:
        raise ConfigurationError(
            f"{name} is required in production. Make one: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return _kept_key(instance / name.removeprefix("MEETINGS_").lower())


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()
