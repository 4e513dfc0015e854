"""What tests of operations on a record share; a file may have a desk of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.client import StrictClient
from tests.web import behalf_cases as cases


@pytest.fixture
def subject_id(app: Flask) -> int:
    """A subject on record."""
    return cases.on_record(app)


@pytest.fixture
def desk(client: StrictClient, people: Callable[..., int]) -> StrictClient:
    """A reviewer at the desk; ``desk.id`` is the account."""
    client.id = people("staff", "xu@desk.example", "reviewer", name="许清")
    return client.sign_in(client.id)
