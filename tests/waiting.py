"""Waiting for another process: by asking it, never for a fixed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(ask: Callable[[], T | bool | None], seconds: float, else_say: str) -> T:
    """The first truthy answer of ``ask``, which is asked again and again.

    Raises:
        AssertionError: none came within ``seconds``.
    """
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        answer = ask()
        if answer:
            return answer  # type: ignore[return-value]
        assert time.monotonic() < end, f"{else_say} (waited {seconds:.0f} s)"
        pause.wait(0.05)
