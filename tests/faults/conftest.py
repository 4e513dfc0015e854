from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import KEYS, build
from tests.faults.fault_cases import Letters, Scene
from tests.live import LiveSite


@pytest.fixture(scope="package")
def scene(tmp_path_factory: pytest.TempPathFactory, no_network: None) -> Iterator[Scene]:
    """One site for all: its bureau and mail server stay up, its worker is started and killed by each test."""
    folder: Path = tmp_path_factory.mktemp("faults")
    letters = Letters()
    live = LiveSite(
        folder,
        {
            "ICP_SECRET_KEY": KEYS["secret_key"],
            "ICP_SEAL_KEYS": KEYS["seal_keys"],
            "ICP_LOOPBACK_DECISION": "approve",
            "ICP_BUREAU_TIMEOUT": "20",
            **letters.start(),
        },
    )
    live.prepare()
    live.start("bureau")
    app = build(folder, bureau_url=live.bureau_url, external_url=live.url)
    yield Scene(live, app, letters)
    for part in list(live.parts):
        live.kill(part)
    letters.stop()


@pytest.fixture(autouse=True)
def alone(scene: Scene) -> Iterator[None]:
    """Each test begins with a bureau and without a worker, whatever became of the one before."""
    scene.begin()
    with scene.app.app_context():
        yield
        for part in set(scene.live.parts) - {"bureau"}:
            scene.live.kill(part)
        scene.hurry()  # it may have been asking the bureau for news
