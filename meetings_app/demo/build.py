"""Builds the county where there is none, and leaves one that stands alone."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.passwords import hash_password, matches
from meetings_app.accounts.reference import prepare_reference_data
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.config import Settings
from meetings_app.db.migrate import check_version, upgrade
from meetings_app.db.references import references_by
from meetings_app.db.session import reading, writing
from meetings_app.demo.answers import answer_before_meetings
from meetings_app.demo.assessments import Assessments
from meetings_app.demo.county import County, set_up
from meetings_app.demo.first_list import Newcomers, bring_list_in
from meetings_app.demo.meeting import HeldRmm
from meetings_app.demo.networks import plan_network
from meetings_app.demo.particular import Particular
from meetings_app.demo.place import FINISHED, MARK, Found, clear, what_is_there
from meetings_app.demo.situations import Situations
from meetings_app.demo.story import Story, announce_week_by_week, past_meetings
from meetings_app.demo.week import Week
from meetings_app.demo.weekly_lists import circulate_each_week
from meetings_app.errors import ConfigurationError
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.partnership import Partnership
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from meetings_app.schedule.office import Office

_SEED = 160


class Service(Protocol):
    """What of the running service the demonstration needs (`app.Service`)."""

    @property
    def settings(self) -> Settings:
        """Give the settings of the demonstration."""
        ...  # pragma: no cover

    @property
    def partnership(self) -> Partnership:
        """Give the partnership's configuration."""
        ...  # pragma: no cover

    @property
    def engine(self) -> sa.Engine:
        """Give the demonstration's database."""
        ...  # pragma: no cover

    @property
    def sessions(self) -> sessionmaker[Session]:
        """Give the maker of its sessions."""
        ...  # pragma: no cover


def prepare(service: Service, password: str, *, fresh: bool, say: Callable[[str], object]) -> None:
    """Build the county where there is none or only half of one; leave a whole one as it is, but for the password.

    `fresh` deletes a demonstration first. Raises `ConfigurationError` for a database that is something else.
    """
    found = what_is_there(service.engine)
    if found is Found.SOMETHING_ELSE:
        raise ConfigurationError(
            "The database is not a demonstration, so it was left alone. Unset MEETINGS_DATABASE_URL for this command."
        )
    if found is Found.UNFINISHED or (found is Found.COUNTY and fresh):
        clear(service.engine)
        found = Found.NOTHING
    if found is Found.NOTHING:
        say("Building the fictional county of Exampleshire (about half a minute, once).")
        build(service, password)
        return
    say("The fictional county is there already and was left as it is (--fresh builds it again).")
    _check_version(service.engine)
    _keep_password(service, password)


def build(service: Service, password: str) -> None:
    """Build the whole county in an empty database, through the services that the pages use."""
    upgrade(service.engine)
    office = Office.of(service.settings, service.partnership)
    county = County(service.sessions, office, service.settings.clock.now())
    agendas = service.settings.agendas or folder("agendas")
    with writing(service.sessions, OPERATOR) as session:
        record(session, OPERATOR, county.begins, EventKind.COMMAND_RUN, command=MARK)
        prepare_reference_data(session, service.partnership, agendas, OPERATOR, county.begins)
    with references_by(Random(_SEED)):  # noqa: S311 # The same county each time, no secret.
        _tell(county, password)
    with writing(service.sessions, OPERATOR) as session:
        _mail_of_the_past(session, county)
        record(session, OPERATOR, county.now, EventKind.COMMAND_RUN, command=FINISHED)


def _tell(county: County, password: str) -> None:
    """Let everything happen that happened; references are drawn by lot, for they settle the order of what is alike."""
    set_up(county, hash_password(password))
    newcomers = Newcomers(county)
    listed = bring_list_in(county, newcomers)
    story = Story(county)
    announce_week_by_week(story)
    Week(story, newcomers, listed).plan()
    particular = Particular(county)
    for held in past_meetings(county):
        HeldRmm(story, held, particular).plan()
    Assessments(story).plan()
    answer_before_meetings(story)
    Situations(story).plan()
    plan_network(story)
    circulate_each_week(story)
    story.tell()


def _mail_of_the_past(session: Session, county: County) -> None:
    """Say of the mail of the past weeks that it went out: in the demonstration no server took it at the time."""
    session.execute(
        update(OutboxMail)
        .where(col(OutboxMail.created_at) < county.now - timedelta(days=2))
        .values(state=MailState.SENT, sent_at=OutboxMail.created_at, attempts=1)
        .execution_options(synchronize_session=False)
    )


def _check_version(engine: sa.Engine) -> None:
    try:
        check_version(engine)
    except ConfigurationError:
        raise ConfigurationError(
            "The demonstration was made by another version of this program. Build it again: meetings demo --fresh"
        ) from None


def _keep_password(service: Service, password: str) -> None:
    """Let everybody sign in with the password that is printed, also where it was set anew since."""
    with reading(service.sessions, OPERATOR) as session:
        stored = session.scalars(select(col(Account.password_hash)).order_by(col(Account.id)).limit(1)).first()
    if matches(stored, password):
        return
    hashed = hash_password(password)
    with writing(service.sessions, OPERATOR) as session:
        accounts = session.scalars(select(Account).where(col(Account.password_hash) == stored)).all()
        for account in accounts:
            account.password_hash = hashed
            record(
                session, OPERATOR, service.settings.clock.now(), EventKind.ACCOUNT_CHANGED,
                account=account.key, change="password of the demonstration",
            )  # fmt: skip
