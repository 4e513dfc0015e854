"""``make soak``: thousands of filings through worker and loopback bureau, with every trouble there is."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.postgres import Server
from tests.soak.running import soaked


def main() -> None:
    """Run one soak and say what happened."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--filings", type=int, default=2000, help="how many (2000)")
    parser.add_argument("--seed", type=int, default=0, help="of what is left to chance; a new one without")
    parser.add_argument("--instance", type=Path, help="a folder to keep; one that is thrown away without")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own; SQLite without")
    options = parser.parse_args()
    seed = options.seed or secrets.randbelow(10**9)
    say(f"seed {seed}")
    begun = time.monotonic()
    server = Server() if options.postgres else None
    try:
        with tempfile.TemporaryDirectory() as folder:
            database = server.address(server.create()) if server else ""
            for line in soaked(options.instance or Path(folder) / "soak", options.filings, seed, say, database):
                say(line)
    finally:
        if server:
            server.stop()
    say(f"{time.monotonic() - begun:.0f} s; seed {seed}")


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
