from __future__ import annotations

from collections.abc import Iterator

import filing_cases as cases
import pytest
from flask import Flask

from icp.extensions import db
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
