"""A site to soak: its bureau and worker as processes, everybody else in this one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from icp.bureau import account as accounts
from icp.bureau.client import forget_wsdl
from icp.extensions import db
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.core import Bureau
from tests.bureau.travelling import Desk
from tests.conftest import KEYS, build
from tests.live import LiveSite
from tests.soak.proving import prove
from tests.soak.soaking import Soak

PATIENT, SLOW = "4", "6"  # seconds until the worker gives a call up, and how long the bureau takes when it is slow


def soaked(instance: Path, filings: int, seed: int, say: Callable[[str], None] = lambda text: None) -> list[str]:
    """Run a soak to its proof; what happened, as lines.

    Raises:
        AssertionError: something was lost, done twice, or differs; it names the seed.
    """
    live = LiveSite(
        instance,
        {
            "ICP_SECRET_KEY": KEYS["secret_key"],
            "ICP_SEAL_KEYS": KEYS["seal_keys"],
            "ICP_BUREAU_TIMEOUT": PATIENT,
            "ICP_LOOPBACK_SLOW_SECONDS": SLOW,
            "ICP_LOOPBACK_PASSWORD_ATTEMPTS": "1000",
        },
    )
    live.prepare()
    live.start("bureau")
    forget_wsdl()
    app = build(instance, bureau_url=live.bureau_url, external_url=live.url, bureau_timeout=float(PATIENT))
    try:
        with app.app_context():
            event.listen(db.engine, "connect", _patient)
            accounts.seed_account()
            db.session.commit()
            desk = Desk(Bureau(Config(instance=instance)))
            soak = Soak(live, desk, filings, seed, say)
            soak.run()
            prove(soak)
            return soak.told()
    except Exception as error:
        raise AssertionError(f"soak of {filings} filings, seed {seed}: {error}") from error
    finally:
        for part in list(live.parts):
            live.kill(part)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _patient(connection: Any, record: Any) -> None:
    """A synchronisation of the whole register holds SQLite's lock for longer than a page may wait."""
    connection.execute("PRAGMA busy_timeout=120000")
