"""The whole application on a database of its own, with real commits, for what several people do at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.app import Service, create_app
from meetings_app.partnership import load
from meetings_app.resources import folder
from tests.conftest import make_settings
from tests.support.own_database import own_database


@contextmanager
def own_app(kind: str, place: Path) -> Iterator[tuple[Flask, sessionmaker[Session]]]:
    """Give the application and the sessions of its new database of `kind`."""
    with own_database(kind, place) as sessions:
        engine = sessions.kw["bind"]
        assert isinstance(engine, sa.Engine)
        settings = make_settings(place)
        yield create_app(settings, Service(settings, load(folder("agendas")), engine, sessions)), sessions


def together(*sends: Callable[[], Any]) -> list[Any]:
    """Let everybody send at the same moment, and give the answers in the order of those who sent."""
    barrier = Barrier(len(sends))

    def send(one: Callable[[], Any]) -> Any:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(send, sends))
