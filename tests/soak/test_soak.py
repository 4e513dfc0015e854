"""A short soak; ``make soak`` runs a long one."""

from __future__ import annotations

import secrets

from tests.soak.running import soaked

FILINGS = 40


def test_everything_arrives_once_whatever_goes_wrong(tmp_path):
    soaked(tmp_path / "soak", FILINGS, secrets.randbelow(10**9))
