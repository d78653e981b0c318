"""Which server runs the jobs: one process on SQLite; several workers, or PostgreSQL, leave them to the scheduler."""

from pathlib import Path
from typing import Any

import pytest

from meetings_app import running
from meetings_app.cli import run
from tests.jobs.processes import address_of
from tests.support.own_database import own_database


@pytest.mark.parametrize("workers", [1, 8])
def test_a_server_with_several_workers_or_on_postgresql_runs_no_job_and_says_so(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workers: int
) -> None:
    served: list[Any] = []

    def alone(service: Any, *_address: Any, scheduler: bool) -> None:
        service.engine.dispose()
        served.append(scheduler)

    monkeypatch.setattr(running, "_check_files", lambda _agendas: None)
    monkeypatch.setattr(running, "serve_alone", alone)
    monkeypatch.setattr(running, "_serve_in_workers", lambda *_args: served.append("workers"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEETINGS_ENV", "test")
    monkeypatch.setenv("MEETINGS_INSTANCE", str(tmp_path))
    with own_database(database, tmp_path) as sessions:
        monkeypatch.setenv("MEETINGS_DATABASE_URL", address_of(sessions))
        assert run(["serve", "--workers", str(workers), "--port", "8131"]) == 0
    said = "The scheduler does not run here" in capsys.readouterr().err
    beside = workers == 1 and database == "sqlite"
    assert (served, said) == ([beside] if workers == 1 else ["workers"], not beside)
