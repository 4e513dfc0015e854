"""Kills this process at a named point: Python imports this module first when its folder leads PYTHONPATH.

``FAULT_POINT=module:function:before|after[:n]`` wraps one function of the site; on its nth call (the first when n is
left out) the process ends by SIGKILL before or after the call. The site knows nothing of it.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import os
import signal
import sys


class Trap(importlib.abc.MetaPathFinder):
    """Finds the one module whose function is the point, and wraps the function once the module is there."""

    def __init__(self, point: str) -> None:
        self.module, self.function, self.when, *nth = point.split(":")
        if self.when not in ("before", "after"):
            raise SystemExit(f"FAULT_POINT: {point}")
        self.left = int(nth[0]) if nth else 1

    def find_spec(self, name, path=None, target=None):
        if name != self.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            *owners, last = self.function.split(".")
            owner = functools.reduce(getattr, owners, module)
            setattr(owner, last, self.wrap(getattr(owner, last)))

        spec.loader.exec_module = exec_module
        return spec

    def wrap(self, function):
        @functools.wraps(function)
        def trapped(*args, **kwargs):
            self.left -= 1
            if self.left == 0 and self.when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            answer = function(*args, **kwargs)
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return trapped


if os.environ.get("FAULT_POINT"):
    sys.meta_path.insert(0, Trap(os.environ["FAULT_POINT"]))
