"""What tools say of the sources: style, types, which room imports which, templates, lengths, vendored files, locks."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from icp.settings import ROOT

LONGEST, LONGEST_TEST = 320, 450
"""Lines of a file; past about 300 it is two files. Tables of cases may run longer."""
LINTER = "import sys; from importlinter.cli import lint_imports_command as run; sys.argv[1:] = ['--no-cache']; run()"
SOURCES = [
    *ROOT.glob("icp/**/*.py"),
    *ROOT.glob("tests/**/*.py"),
    *ROOT.glob("templates/**/*.*"),
    *ROOT.glob("static/js/*"),
]


@pytest.mark.parametrize(
    "words",
    [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-m", "djlint", "--lint", "--quiet", "templates"],
        ["-c", LINTER],
    ],
    ids=["ruff", "format", "types", "templates", "imports"],
)
def test_tools_have_nothing_to_say(words: list[str]) -> None:
    run = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_file_is_longer_than_a_reader_likes() -> None:
    lengths = {str(path.relative_to(ROOT)): len(_lines(path)) for path in SOURCES if path.is_file()}
    limits = {path: LONGEST_TEST if path.startswith("tests/") else LONGEST for path in lengths}
    assert {path: lines for path, lines in lengths.items() if lines > limits[path]} == {}


def test_vendored_files_are_as_they_came() -> None:
    listed = dict(
        reversed(line.split("  ")) for line in (ROOT / "tests/gate/vendor.sha256").read_text().splitlines() if line
    )
    folders = ("static/vendor", "tests/vendor")
    found = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted((ROOT / folder).iterdir())
    }
    assert found == listed


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_carry_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|--index-url|--extra-index-url|--find-links|--trusted-host| @ ", text)
    packages = re.split(r"\n(?=\S)", text.strip())
    assert [p.splitlines()[0] for p in packages if "--hash=sha256:" not in p] == []


def test_both_locks_name_the_same_versions() -> None:
    run, dev = (
        dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    found = [
        f"{p.relative_to(ROOT)}:{i}" for p in SOURCES if p.is_file() for i, line in _lines(p) if words.search(line)
    ]
    assert found == []


def _lines(path: Path) -> list[tuple[int, str]]:
    return list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
