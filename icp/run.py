"""``python -m icp.run``: the whole site on this machine, with one command.

Migrates the database, starts web, worker and loopback bureau on loopback ports, says where to click, and stops all of
it together. In production each part is started by the machine's own service manager instead (see the README).
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from icp.settings import ROOT, Settings

SITE_PORT, BUREAU_PORT = 8080, 8600
PATIENCE = 60.0  # seconds to wait for a part to answer
QUICK_POLL = "5"  # the loopback bureau doesn't mind being asked often


@dataclass
class Part:
    """One child process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def free_port(wanted: int) -> int:
    """The wanted loopback port, or another free one when it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("no free loopback port")


def start(name: str, command: list[str], environment: dict[str, str], logs: Path) -> Part:
    """Start one part in a session of its own, so that Ctrl-C reaches it only through us."""
    log = logs / f"{name}.log"
    out: IO[bytes] = log.open("ab")
    process = subprocess.Popen(  # noqa: S603 # our own command
        command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT, start_new_session=True
    )
    return Part(name, process, log)


def wait_for(url: str, part: Part) -> None:
    """Wait until a part answers.

    Raises:
        SystemExit: it ended, or doesn't answer in time; the end of its log is shown.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and part.process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 # loopback
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    tail = "\n".join(part.log.read_text(errors="replace").splitlines()[-15:])
    raise SystemExit(f"{part.name} doesn't answer at {url}; the end of {part.log}:\n{tail}")


def stop(parts: list[Part]) -> None:
    """Ask every part to end, and end those that don't."""
    for part in reversed(parts):
        if part.process.poll() is None:
            part.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 15
    for part in parts:
        try:
            part.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.process.kill()


def web_command(port: int, workers: int) -> list[str]:
    """The production server, granian, on a loopback port."""
    granian = shutil.which("granian", path=str(Path(sys.executable).parent)) or "granian"
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    lasting = ["--respawn-failed-workers", "--workers-kill-timeout", "30"]  # else one lost process ends them all
    return [granian, *options, "--blocking-threads", "1", "--no-ws", *lasting, "app:app"]


def prepare(environment: dict[str, str]) -> str | None:
    """Migrate the database and give the path of the first administrator's link, if there is no staff yet."""
    from flask_migrate import upgrade

    from icp import create_app
    from icp.accounts.verbs import first_administrator_code
    from icp.extensions import db

    os.environ.update(environment)
    app = create_app()
    with app.app_context():
        upgrade()
        code = first_administrator_code()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return f"/staff/first/{code}" if code else None


def main() -> None:
    """Run everything until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m icp.run", description="Run site, worker and loopback bureau.")
    parser.add_argument("--demo", action="store_true", help="load a small believable provider")
    parser.add_argument("--port", type=int, default=SITE_PORT)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    settings = Settings.from_environment()
    logs = settings.instance / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    site_port, bureau_port = free_port(options.port), free_port(BUREAU_PORT)
    site, bureau = f"http://127.0.0.1:{site_port}", f"http://127.0.0.1:{bureau_port}"
    own_bureau = "ICP_BUREAU_URL" not in os.environ
    environment = {**os.environ, "ICP_EXTERNAL_URL": os.environ.get("ICP_EXTERNAL_URL", site), "PYTHONUNBUFFERED": "1"}
    if own_bureau:
        environment |= {"ICP_BUREAU_URL": bureau, "ICP_LOOPBACK_PORT": str(bureau_port)}
        environment.setdefault("ICP_BUREAU_POLL_SECONDS", QUICK_POLL)
    first = prepare(environment)
    parts: list[Part] = []
    try:
        if own_bureau:
            command = [sys.executable, "-m", "icp.loopback_bureau", "serve"]
            parts.append(start("bureau", command, environment, logs))
            wait_for(bureau + "/healthz", parts[-1])
        parts.append(start("site", web_command(site_port, options.workers), environment, logs))
        wait_for(site + "/healthz", parts[-1])
        parts.append(start("worker", [sys.executable, "-m", "icp.worker"], environment, logs))
        say(site, bureau if own_bureau else "", first, settings, options.demo)
        if options.demo:
            demo = [sys.executable, "-m", "flask", "--app", "app", "demo", "load"]
            subprocess.run(demo, env=environment, cwd=ROOT, check=True)  # noqa: S603 # our own command
        watch(parts)
    except KeyboardInterrupt:
        print("\nstopping")  # noqa: T201 # this is the console
    finally:
        stop(parts)


def say(site: str, bureau: str, first: str | None, settings: Settings, demo: bool) -> None:
    """Tell where to click, the site's address first."""
    lines = [f"备案台 Beian Desk: {site}"]
    if first and not demo:
        lines.append(f"first administrator (one-time link): {site}{first}")
    lines.append(f"development mailbox: {site}/dev/mail")
    if bureau:
        lines.append(f"loopback bureau, the officer's page: {bureau}/")
    lines.append(f"data and logs: {settings.instance}    stop: Ctrl-C")
    print("\n".join(lines), flush=True)  # noqa: T201 # this is the console


def watch(parts: list[Part]) -> None:
    """Wait; when one part ends by itself, say so and stop the rest."""
    signal.signal(signal.SIGTERM, _interrupt)
    while True:
        for part in parts:
            if part.process.poll() is not None:
                raise SystemExit(f"{part.name} ended with {part.process.returncode}; see {part.log}")
        time.sleep(0.5)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
