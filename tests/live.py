"""The real thing on this machine: site, worker and loopback bureau as processes, which tests may kill."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ROOT / "tests" / "faults" / "launcher"
START = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LiveSite:
    """Processes that share an instance folder.

    Attributes:
        instance: the folder.
        settings: ``ICP_*`` variables of all parts.
        url: the site's address.
        bureau_url: the loopback bureau's address.
    """

    instance: Path
    settings: dict[str, str] = field(default_factory=dict)
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.instance.mkdir(parents=True, exist_ok=True)
        self.ports = {"site": free_port(), "bureau": free_port()}
        self.url = f"http://127.0.0.1:{self.ports['site']}"
        self.bureau_url = f"http://127.0.0.1:{self.ports['bureau']}"
        self.settings = {
            "ICP_INSTANCE": str(self.instance),
            "ICP_EXTERNAL_URL": self.url,
            "ICP_BUREAU_URL": self.bureau_url,
            "ICP_LOOPBACK_PORT": str(self.ports["bureau"]),
            "ICP_BUREAU_POLL_SECONDS": "0.5",
            "ICP_WORKER_PAUSE": "0.1",
            "ICP_LEASE_SECONDS": "5",
            **self.settings,
        }

    def command(self, part: str) -> list[str]:
        """How a part is started, as in production."""
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"]
        lasting = ["--respawn-failed-workers", "--workers-kill-timeout", "30"]
        return {
            "site": [*granian, *lasting, "--no-ws", "--port", str(self.ports["site"]), "app:app"],
            "worker": [sys.executable, "-m", "icp.worker"],
            "bureau": [sys.executable, "-m", "icp.loopback_bureau", "serve", "--port", str(self.ports["bureau"])],
        }[part]

    def environment(self, kill: str = "", **more: str) -> dict[str, str]:
        """Variables of a part; ``kill`` names the point where it dies (see ``tests/faults/plugin.py``)."""
        variables = {k: v for k, v in os.environ.items() if not k.startswith("ICP_")} | self.settings | more
        variables["PYTHONPATH"] = str(ROOT)
        if kill:
            variables |= {"FAULT_POINT": kill, "PYTHONPATH": os.pathsep.join((str(FAULTS), str(ROOT)))}
        return variables

    def prepare(self) -> None:
        """Make the database."""
        self.flask("db", "upgrade")

    def flask(self, *words: str) -> str:
        """Run a command of the site; its output."""
        run = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, f"flask {' '.join(words)}: {run.stdout}{run.stderr}"
        return run.stdout

    def start(self, *parts: str, kill: str = "", **more: str) -> None:
        """Start parts side by side and wait until they answer; one that answers nobody starts when the others do."""
        for part in sorted(parts, key=lambda part: part not in self.ports):
            if part not in self.ports:
                self._wait(*parts)
            self._open(part, self.environment(kill, **more))
        self._wait(*parts)

    def _open(self, part: str, environment: dict[str, str]) -> None:
        assert part not in self.parts, f"{part} runs already"
        with (self.instance / f"{part}.log").open("ab") as log:
            self.parts[part] = subprocess.Popen(
                self.command(part), cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self, *parts: str) -> None:
        for part in self.ports.keys() & set(parts):
            until(lambda part=part: self._answers(part), START, f"{part} doesn't answer: {self.log(part)}")

    def stop(self, *parts: str) -> None:
        """Ask parts (all, when none is named) to end, and wait for them."""
        for part in parts or tuple(self.parts):
            process = self.parts.pop(part)
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                self._kill(process)
                raise AssertionError(f"{part} doesn't end when asked to: {self.log(part)}") from None

    def kill(self, part: str) -> None:
        """Kill a part and its children, as a power cut would."""
        self._kill(self.parts.pop(part))

    def wait_dead(self, part: str, seconds: float = 30.0) -> int:
        """Wait until a part is dead; its exit code (-9 when killed)."""
        process = self.parts[part]
        until(lambda: process.poll() is not None, seconds, f"{part} lives on: {self.log(part)}")
        del self.parts[part]
        return process.returncode

    def log(self, part: str) -> str:
        """The end of what a part said."""
        path = self.instance / f"{part}.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def letters(self, to: str = "") -> list[EmailMessage]:
        """Development mail, oldest first."""
        return letters(self.instance, to)

    def wait_letter(self, to: str, pattern: str, seconds: float = 30.0) -> re.Match[str]:
        """The first match of ``pattern`` in subject or text of a letter to an address."""

        def look() -> re.Match[str] | None:
            said = (f"{m['subject']}\n{text_of(m)}" for m in reversed(self.letters(to)))
            return next((found for text in said if (found := re.search(pattern, text))), None)

        return until(look, seconds, f"no letter to {to} with {pattern}: {self.log('worker')}")

    def _answers(self, part: str) -> bool:
        process = self.parts[part]
        assert process.poll() is None, f"{part} ended with {process.returncode}: {self.log(part)}"
        address = urlsplit(self.url if part == "site" else self.bureau_url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def letters(instance: Path, to: str = "") -> list[EmailMessage]:
    """Mail in an instance's folder, oldest first; only that to an address when one is given."""
    files = sorted((instance / "mail").rglob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    return [m for m in found if isinstance(m, EmailMessage) and to in str(m["to"])]


def text_of(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    return body.get_content() if body is not None else ""
