"""What the tests of a meeting's pages share."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from tests.support.meeting_day import Day


@pytest.fixture
def day(app: Flask, sessions: sessionmaker[Session]) -> Day:
    """A prepared meeting with browsers for its people."""
    return Day(app, sessions)
