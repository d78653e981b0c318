"""What the machine that watches the service is told, and nobody has to sign in for it."""

from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from meetings_app import access
from meetings_app.app import Service, create_app
from meetings_app.db.session import make_sessions
from meetings_app.partnership import load
from meetings_app.resources import folder
from tests.conftest import make_settings


def test_the_service_is_well_while_its_database_is_reached(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_it_says_so_when_the_database_is_not_reached(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'missing.db'}")
    service = Service(settings, load(folder("agendas")), engine, make_sessions(engine, access.criteria))
    answer = create_app(settings, service).test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json()["status"] != "ok"
    engine.dispose()
