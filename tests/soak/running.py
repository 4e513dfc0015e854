"""A site to soak: its bureau and worker as processes, everybody else in this one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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


def soaked(
    instance: Path, filings: int, seed: int, say: Callable[[str], None] = lambda text: None, database: str = ""
) -> list[str]:
    """Run a soak to its proof; what happened, as lines.

    Args:
        instance: the site's folder.
        filings: how many.
        seed: of what is left to chance.
        say: hears how far it is.
        database: address of an empty one on PostgreSQL; '' for SQLite in the folder.

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
            **({"ICP_DATABASE_URI": database} if database else {}),
        },
    )
    live.prepare()
    live.start("bureau")
    forget_wsdl()
    settings = {"bureau_url": live.bureau_url, "external_url": live.url, "database_uri": database}
    app = build(instance, bureau_timeout=float(PATIENT), **settings)
    try:
        with app.app_context():
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
