"""Commands of the loopback bureau: ``python -m icp.loopback_bureau COMMAND``."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from icp.loopback_bureau import admin, decide, troubles
from icp.loopback_bureau import commands as issue
from icp.loopback_bureau.config import Config, ConfigError
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.store import bureau_time


def say(text: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m icp.loopback_bureau", description=__doc__)
    top.add_argument("--instance", type=Path, help="the site's instance folder (ICP_INSTANCE)")
    commands = top.add_subparsers(dest="command")
    serve = commands.add_parser("serve", help="serve the bureau on 127.0.0.1 (the default)")
    serve.add_argument("--host", default="127.0.0.1", help="127.0.0.1; any other address is refused")
    serve.add_argument("--port", type=int, help="TCP port, 0 for a free one (ICP_LOOPBACK_PORT, 8600)")
    serve.add_argument("--decision", choices=("manual", "approve", "reject"), help="ICP_LOOPBACK_DECISION")
    serve.add_argument("--delay", type=float, help="seconds before a decision by policy (ICP_LOOPBACK_DELAY)")
    listing = commands.add_parser("list", help="list requests")
    listing.add_argument("state", nargs="?", default="pending", choices=("pending", "all", *decide.DONE.values()))
    for name, help_text in (("approve", "approve a request"), ("reject", "reject it"), ("fail", "answer it by a code")):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("number", help="its number (收文号), or `all`")
        command.add_argument("--opinion", default="", help="the officer's words")
        if name == "approve":
            command.add_argument("--filing-number", default="", help="number for a new sponsor")
        if name == "fail":
            command.add_argument("--code", type=int, default=1999, help="result code")
    trouble = commands.add_parser("trouble", help="show the switches for trouble, or set one")
    trouble.add_argument("name", nargs="?", choices=tuple(troubles.TROUBLES))
    trouble.add_argument("how", nargs="?", default="on", help="on, off, or how many times")
    issue.add(commands, Config.from_environment().isp_id)
    admin.add(commands)
    clock = commands.add_parser("clock", help="show the bureau's clock, or set it")
    clock.add_argument("to", nargs="?", default="", help="now, +20d, -3h (after `--`), +15m, or `2026-12-01 09:00`")
    reset = commands.add_parser("reset", help="forget everything, as on the first day")
    reset.add_argument("--yes", action="store_true", required=True, help="say that it is meant")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 when it went well, 2 when it can't be done."""
    try:
        options = parser().parse_args(arguments)
        overrides = {
            name: value
            for name in ("instance", "port", "decision", "delay")
            if (value := getattr(options, name, None)) is not None
        }
        config = Config.from_environment(**overrides)
        if options.command in (None, "serve"):
            return serve(config, getattr(options, "host", "127.0.0.1"))
        return run(Bureau(config), options)
    except (ConfigError, decide.Undecidable, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def serve(config: Config, host: str) -> int:
    """Serve until the process is asked to end."""
    # Commands that only touch the database don't need the web program.
    from icp.loopback_bureau.app import create_bureau
    from icp.loopback_bureau.server import prepare

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    app = create_bureau(**{name: getattr(config, name) for name in config.__dataclass_fields__})
    served = prepare(app, host, config.port)
    say(f"loopback bureau: {served.url}")

    def end(number: int, frame: FrameType | None) -> None:
        served.bureau.stop()
        threading.Thread(target=served.server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    worker = threading.Thread(target=served.bureau.work, daemon=True)
    worker.start()
    served.server.serve_forever(0.2)
    served.server.server_close()
    worker.join()
    return 0


def run(bureau: Bureau, options: argparse.Namespace) -> int:
    """Run a command on the database; a server beside it sees the effect at once."""
    match options.command:
        case "list":
            show(bureau, "" if options.state == "all" else options.state)
        case "approve" | "reject" | "fail":
            settle(bureau, options)
        case "trouble":
            trouble(bureau, options.name, options.how)
        case "account" | "register":
            for line in admin.run(bureau, options):
                say(line)
        case "clock":
            bureau.set_clock(options.to)
            say(bureau_time(bureau.now()))
        case "reset":
            bureau.reset()
            say("forgotten")
        case _:
            for name in issue.run(bureau, options):
                say(name)
    return 0


def show(bureau: Bureau, state: str) -> None:
    """List requests, one a line."""
    bureau.settle()
    for row in bureau.requests(state):
        columns = (row["number"], row["group_name"], row["state"], bureau_time(row["received_at"]))
        say("\t".join((*columns, row["subject_name"], row["domain"], row["filing_number"])))


def settle(bureau: Bureau, options: argparse.Namespace) -> None:
    """Decide one request, or all that wait."""
    bureau.settle()
    numbers = [row["number"] for row in bureau.requests("pending")] if options.number == "all" else [options.number]
    for number in numbers:
        decision = decide.Decision(
            options.command,
            options.opinion,
            number=getattr(options, "filing_number", ""),
            code=getattr(options, "code", 1999),
        )
        filing_number = bureau.decide(number, decision)
        say("\t".join((number, decide.DONE[options.command], filing_number)))
    bureau.settle()


def trouble(bureau: Bureau, name: str | None, how: str) -> None:
    """Show the switches, or set one."""
    if name:
        if how not in ("on", "off") and not how.isdecimal():
            raise ValueError(f"{how!r} is neither on, off nor a number")
        words = {"on": troubles.ALWAYS, "off": 0}
        bureau.trouble(name, words[how] if how in words else int(how))
    with bureau.store.read() as connection:
        state = troubles.state(connection)
    for item in troubles.TROUBLES.values():
        left = state.get(item.name, 0)
        say(f"{item.name}\t{'on' if left == troubles.ALWAYS else left or 'off'}\t{item.zh}")


if __name__ == "__main__":
    raise SystemExit(main())
