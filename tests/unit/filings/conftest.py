from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator

import filing_cases as cases
import pytest
import time_machine
from flask import Flask

from icp.extensions import db, now
from icp.filings.states import Actor


@pytest.fixture
def site(app: Flask) -> Iterator[Flask]:
    """A site with the provider's addresses, in its application context."""
    with app.app_context():
        cases.offer_addresses()
        yield app
        db.session.rollback()


@pytest.fixture
def host(site: Flask) -> Actor:
    return Actor("host", cases.account("host", "lin@qingwu.example"))


@pytest.fixture
def reviewer(site: Flask) -> Actor:
    return Actor("staff", cases.account("staff", "xu@desk.example", "reviewer"))


@pytest.fixture
def draft(host: Actor) -> int:
    """A draft that could be submitted."""
    return cases.draft(host, host.account_id)


@pytest.fixture
def later() -> Iterator[Callable[[int], None]]:
    """``later(days)`` moves the clock on."""
    with contextlib.ExitStack() as travels:

        def move(days: int) -> None:
            travels.enter_context(time_machine.travel(now() + dt.timedelta(days=days), tick=True))

        yield move
