"""Points where a process of the site may be killed, and what a test says of one.

    live_site.start("worker", kill=point("icp.letters.transport:send", "after"))
    assert live_site.wait_dead("worker") == KILLED

A point is ``module:function`` (or ``module:Class.method``); the wrapping is done by ``launcher/sitecustomize.py``
in the process itself, so that nothing in ``icp/`` knows of it. A function must be called through its module or be
imported by name after its module, which is the usual case.
"""

from __future__ import annotations

from importlib import import_module

KILLED = -9


def point(function: str, when: str, call: int = 1) -> str:
    """Name a point.

    Args:
        function: `module:function`; it must exist, so that a renamed function doesn't make a test pass idly.
        when: `before` or `after` its work.
        call: on which call.
    """
    module, _, path = function.partition(":")
    owner = import_module(module)
    for name in path.split("."):
        owner = getattr(owner, name)
    assert callable(owner), f"{function} can't be called"
    assert when in ("before", "after")
    return f"{module}:{path}:{when}:{call}"
