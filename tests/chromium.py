"""A Chromium for the browser tests, wherever one can be had, in a fixed order; never silently none."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = [*AXE_RULES, "best-practice"]
SHELL = "chromium-headless-shell"
"""Debian's Chromium without its windows: the same pages for half the work."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter(a => a.effect.getComputedTiming().endTime !== Infinity).map(a => a.finished))"""
"""Until colours that change have changed: half-way they have too little contrast."""
REMEDY = (
    "no Chromium for the browser tests. Install one with `apt-get install chromium` or "
    "`playwright install --only-shell chromium`, or name one with ICP_CHROMIUM=/path/to/chromium"
)


def runs(program: str) -> bool:
    """Whether this program is a browser and not a stub that only tells to install one."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and any(name in answer.stdout for name in ("Chrom", "chrom"))


def on_path() -> str | None:
    """A browser of this machine."""
    places = [shutil.which(name) for name in NAMES] + [MAC]
    return next((place for place in places if place and runs(place)), None)


def of_playwright(playwright: Playwright) -> str | None:
    """A browser Playwright has fetched before: the whole one, or the shell that is enough for tests."""
    usual = Path(playwright.chromium.executable_path)
    store = next((p for p in usual.parents if p.name == "ms-playwright"), usual.parent)
    shells = sorted(store.glob("chromium_headless_shell-*/*/*headless*shell*"), reverse=True)
    return next((str(place) for place in (usual, *shells) if place.is_file() and runs(str(place))), None)


def find(playwright: Playwright) -> str:
    """The program to start, installed first if it must and may be.

    Raises:
        pytest.fail.Exception: none can be had, and ICP_REQUIRE_BROWSER or CI asks for one.
    """
    named = os.environ.get("ICP_CHROMIUM")
    if named:
        return named
    with (Path(tempfile.gettempdir()) / f"beian-chromium-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run side by side, and one installation is enough
        found = on_path() or of_playwright(playwright) or installed(playwright)
    if found is None:
        if os.environ.get("CI") or os.environ.get("ICP_REQUIRE_BROWSER") == "1":
            pytest.fail(REMEDY)
        pytest.skip(REMEDY)
    return found


def installed(playwright: Playwright) -> str | None:
    """A browser installed for the tests: the system's where that is allowed, else the one Playwright fetches."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["install", "-y", "--no-install-recommends", "fonts-noto-cjk"]
        for command in (["update"], [*install, SHELL], [*install, "chromium"]):
            subprocess.run(["apt-get", *command], env=quiet, capture_output=True, timeout=300, check=False)
            found = on_path()
            if found:
                return found
    fetch = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(fetch, capture_output=True, timeout=180, check=False)
    return of_playwright(playwright)


def violations(page: Page, rules: list[str] = AXE_RULES) -> list[str]:
    """What axe finds on the page by these tags or rules, one line each: rule, where, why."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(SETTLED)
    report = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        f"{found['id']}: {node['target']}: {node.get('failureSummary', found['help'])}"
        for found in report["violations"]
        for node in found["nodes"]
    ]
