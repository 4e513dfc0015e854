from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from icp.loopback_bureau.server import Running, running
from tests.bureau.loopback_caller import Caller


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
