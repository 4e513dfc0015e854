from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from icp.bureau import account as accounts
from icp.bureau.client import forget_wsdl
from icp.extensions import db
from icp.loopback_bureau.server import Running, running
from tests.bureau.loopback_caller import Caller
from tests.bureau.loopback_changes import enter
from tests.bureau.loopback_filing import filing
from tests.bureau.loopback_scene import Scene
from tests.bureau.soap_bureau import Bureau as Remote
from tests.bureau.soap_bureau import Server
from tests.bureau.travelling import Desk
from tests.conftest import build


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Serve a loopback bureau: ``serve(decision="approve")``; work is done on ``settle()`` and downloads."""
    with ExitStack() as stack:

        def start(**settings: object) -> Running:
            return stack.enter_context(running(tmp_path / "instance", background=False, **settings))

        yield start


@pytest.fixture
def bureau(serve: Callable[..., Running]) -> Running:
    return serve()


@pytest.fixture
def caller(bureau: Running) -> Caller:
    return Caller(bureau.url)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("groups") / "instance", background=False) as served:
        yield served


@pytest.fixture
def scene(served: Running) -> Scene:
    served.bureau.reset()
    return Scene(served, Caller(served.url), enter(served, filing()))


@pytest.fixture
def remote():
    remote = Remote()
    server = Server(remote)
    forget_wsdl()
    yield remote
    server.stop()


@pytest.fixture
def site(tmp_path, empty_database, remote):
    """A site whose account is at the tiny bureau."""
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "beian.sqlite3").write_bytes(empty_database.read_bytes())
    app = build(
        tmp_path / "instance",
        bureau_url=remote.address,
        bureau_password=remote.password,
        bureau_aes_key="ABCDEFGHIJKLMNOP",
        bureau_timeout=5.0,
        bureau_batch=1,
    )
    with app.app_context():
        accounts.seed_account()
        db.session.commit()
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(tmp_path: Path, database: str, serve: Callable[..., Running]) -> Iterator[Desk]:
    """A provider's desk and the loopback bureau; the operator has nothing to see to at the end."""
    served = serve()
    forget_wsdl()
    app = build(tmp_path / "instance", database_uri=database, bureau_url=served.url, bureau_timeout=10.0)
    with app.app_context():
        accounts.seed_account()
        db.session.commit()
        desk = Desk(served.bureau)
        yield desk
        db.session.rollback()
        assert {alert.kind for alert in accounts.open_alerts()} == desk.expected_alerts
        db.session.remove()
        db.engine.dispose()
