"""One command: start the floor and the site on the production server, measure in alternating rounds, print ratios."""

from __future__ import annotations

import argparse
import cProfile
import io
import itertools
import os
import pstats
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from werkzeug.test import EnvironBuilder

from benchmarks.site import QUEUE, Target, prepare
from icp.run import free_port, wait_for, web_command
from icp.run import start as start_part
from icp.settings import ROOT

CONNECTIONS, SECONDS, ROUNDS, INSIDE = 8, 3, 5, 200
HELLO = Target("hello", "/hello", "", 0)
WRITE = Target("write", "/write", "", 0, body="x")


def measure(wrk: str, base: str, target: Target, folder: Path, seconds: int) -> tuple[float, float]:
    """Requests a second and p99 in milliseconds of one target."""
    script = folder / f"{target.name.replace(' ', '_')}.lua"
    headers = {"Cookie": target.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    if target.token:
        headers["X-CSRFToken"] = target.token
    if target.htmx:
        headers["HX-Request"] = "true"
    lines = [f'wrk.method = "{"POST" if target.body else "GET"}"', f"wrk.body = [[{target.body}]]"]
    lines += [f'wrk.headers["{name}"] = [[{value}]]' for name, value in headers.items() if value]
    if target.other:
        lines += [
            f"local bodies, turn = {{[[{target.body}]], [[{target.other}]]}}, 0",
            "function request() turn = 1 - turn; return wrk.format(nil, nil, nil, bodies[turn + 1]) end",
        ]
    script.write_text("\n".join(lines))
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script), base + target.path]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def must_answer(base: str, target: Target) -> int:
    """Bytes of one answer; a target that doesn't answer as expected stops the run."""
    headers = {"Cookie": target.cookie, "X-CSRFToken": target.token}
    if target.htmx:
        headers["HX-Request"] = "true"
    request = urllib.request.Request(base + target.path, data=target.body.encode() or None, headers=headers)

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object) -> None:
            return None

    try:
        answer = urllib.request.build_opener(NoRedirect).open(request)
    except urllib.error.HTTPError as error:
        answer = error
    if answer.status != target.status:
        raise SystemExit(f"{target.name}: {target.path} answers {answer.status}, not {target.status}")
    return len(answer.read())


def caller(app, target: Target):
    """A function that makes one request in process, without a server or a client."""
    headers = {"X-CSRFToken": target.token, "Cookie": target.cookie} | ({"HX-Request": "true"} if target.htmx else {})
    environs = []
    for body in (target.body, target.other or target.body):
        form = {"data": body, "content_type": "application/x-www-form-urlencoded"} if body else {}
        method = "POST" if body else "GET"
        environs.append((EnvironBuilder(target.path, method=method, headers=headers, **form).get_environ(), body))
    turns = itertools.cycle(environs)

    def once() -> None:
        environ, body = next(turns)
        answer = app({**environ, "wsgi.input": io.BytesIO(body.encode())}, lambda *_: None)
        b"".join(answer)
        answer.close()

    return once


def inside(app, targets: list[Target]) -> None:
    """Time of the processor for one request in process, as a multiple of hello's; other work on the machine matters
    less here than in requests a second."""
    from benchmarks.floor import app as floor

    callers = {t.name: caller(floor if t in (HELLO, WRITE) else app, t) for t in (HELLO, WRITE, *targets)}
    times: dict[str, list[float]] = {name: [] for name in callers}
    for turn in range(20 + INSIDE):
        for name, once in callers.items():
            begin = time.process_time()
            once()
            if turn >= 20:
                times[name].append(time.process_time() - begin)
    least = {name: statistics.quantiles(found, n=20)[0] for name, found in times.items()}
    for name, seconds in least.items():
        print(f"{name:<16}{seconds * 1000:>9.2f} ms{seconds / least['hello']:>9.1f} × hello")


def profile(app, target: Target) -> None:
    """Where the time of one target goes, in process."""
    once = caller(app, target)
    for _ in range(50):
        once()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(500):
        once()
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument("--profile", help="name of a target to profile in process")
    parser.add_argument("--inside", action="store_true", help="measure in process, without a server")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--filings", type=int, default=QUEUE, help="how many wait in the queue")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app, targets = prepare(folder, options.filings)
        if options.profile:
            profile(app, next(t for t in targets if t.name == options.profile))
            return
        if options.inside:
            os.environ["FLOOR_DATABASE"] = str(folder / "floor.sqlite3")
            inside(app, targets)
            return
        wrk = shutil.which("wrk")
        if wrk is None:
            raise SystemExit("wrk is missing: apt-get install wrk, or brew install wrk")
        environment = {**os.environ, "ICP_INSTANCE": name, "FLOOR_DATABASE": str(folder / "floor.sqlite3")}
        ports = free_port(0), free_port(0)
        bases = {"floor": f"http://127.0.0.1:{ports[0]}", "site": f"http://127.0.0.1:{ports[1]}"}
        floor = [*web_command(ports[0], 2)[:-1], "benchmarks.floor:app"]
        parts = [
            start_part("floor", floor, environment, folder),
            start_part("site", web_command(ports[1], 2), environment, folder),
        ]
        try:
            wait_for(bases["floor"] + "/hello", parts[0])
            wait_for(bases["site"] + "/healthz", parts[1])
            report(wrk, bases, targets, folder, options.rounds, options.seconds)
        finally:
            for part in parts:
                part.process.send_signal(signal.SIGTERM)
                part.process.wait()


def report(wrk: str, bases: dict[str, str], targets: list[Target], folder: Path, rounds: int, seconds: int) -> None:
    """Measure in alternating rounds and print medians of the rounds' ratios."""
    sizes = {t.name: must_answer(bases["site"], t) for t in targets}
    found: dict[str, list[tuple[float, float]]] = {t.name: [] for t in (HELLO, WRITE, *targets)}
    for _ in range(rounds):
        for target in (HELLO, WRITE, *targets):
            base = bases["floor" if target in (HELLO, WRITE) else "site"]
            found[target.name].append(measure(wrk, base, target, folder, seconds))
    print(f"{'target':<16}{'req/s':>9}{'ratio':>8}{'goal':>7}{'p99 ms':>9}{'÷ hello':>9}{'bytes':>8}{'goal':>8}")
    for target in (HELLO, WRITE, *targets):
        rates = [rate for rate, _ in found[target.name]]
        line = f"{target.name:<16}{statistics.median(rates):>9.0f}"
        tails = [tail for _, tail in found[target.name]]
        against_hello = statistics.median(a / b[1] for a, b in zip(tails, found["hello"], strict=True))
        if target.floor:
            ratio = statistics.median(r / f[0] for r, f in zip(rates, found[target.floor], strict=True))
            line += f"{ratio:>8.2f}{target.goal or '':>7}{statistics.median(tails):>9.1f}{against_hello:>9.1f}"
            line += f"{sizes[target.name]:>8}{target.most or '':>8}"
        else:
            line += f"{'':>15}{statistics.median(tails):>9.1f}"
        print(line)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
