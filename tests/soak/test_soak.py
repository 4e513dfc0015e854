"""A short soak on each database; ``make soak`` runs a long one."""

from __future__ import annotations

import secrets

from tests.soak.running import soaked

FILINGS, FEWER = 40, 20


def test_everything_arrives_once_whatever_goes_wrong(tmp_path):
    soaked(tmp_path / "soak", FILINGS, secrets.randbelow(10**9))


def test_on_postgresql_too(tmp_path, postgres_server):
    database = postgres_server.create()
    try:
        address = postgres_server.address(database)
        soaked(tmp_path / "soak", FEWER, secrets.randbelow(10**9), database=address)
    finally:
        postgres_server.drop(database)
