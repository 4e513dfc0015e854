"""The commands about providers, and about filings that were made elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from icp.loopback_bureau import enrol
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.enrol import Person


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the command line."""
    account = commands.add_parser("account", help="list providers; add, change, remove or restore one")
    account.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="nothing lists them; `add ID name=… password=…`; `remove ID`; `restore ID`; "
        "`[ID] permitted=0 hours=08:00-20:00 businesses='XZBA BGBA' ip_ranges=…` changes one (the first without ID)",
    )
    register = commands.add_parser("register", help="enter a filing that was made through another provider")
    register.add_argument("--provider", type=int, default=enrol.ELSEWHERE, help=f"its id ({enrol.ELSEWHERE})")
    register.add_argument("--file", type=Path, help="an XZBA file; without it a filing is made from what follows")
    register.add_argument("--domain", action="append", default=[], help="a website with this domain; may be repeated")
    register.add_argument("--ip", action="append", default=[], help="address or range of its access; may be repeated")
    register.add_argument("--name", default=Person.name, help="the sponsor")
    register.add_argument("--document", default="", help="its certificate, TYPE:NUMBER")
    register.add_argument("--email", default=Person.email)
    register.add_argument("--province", default="", help="six digits; the bureau's own without")
    register.add_argument("--number", default="", help="the sponsor's number; the next one without")
    register.add_argument("--password", default="", help="the filing password; a new one without")


def run(bureau: Bureau, options: argparse.Namespace) -> Iterator[str]:
    """Run one of the commands.

    Returns:
        Lines to show.

    Raises:
        ValueError: it can't be done; the text says why.
    """
    yield from account(bureau, options.words) if options.command == "account" else register(bureau, options)


def account(bureau: Bureau, words: list[str]) -> Iterator[str]:
    """List the providers, or change something about one."""
    verb = words[0] if words and words[0] in ("add", "remove", "restore") else ""
    rest = words[1:] if verb else words
    isp_id = int(rest[0]) if rest and rest[0].isdecimal() else 0
    if verb and not isp_id:
        raise ValueError(f"account {verb}: the provider's id is missing")
    pairs = dict(item.partition("=")[::2] for item in (rest[1:] if isp_id else rest))
    if verb == "add":
        bureau.add_account(isp_id, **pairs)
    elif verb:
        bureau.retire_account(isp_id, retired=verb == "remove")
    elif pairs:
        bureau.set_account(isp_id or bureau.config.isp_id, **pairs)
    else:
        for row in bureau.accounts():
            yield "\t".join((str(row["isp_id"]), row["name"], row["user_name"], "removed" if row["retired"] else ""))


def register(bureau: Bureau, options: argparse.Namespace) -> Iterator[str]:
    """Enter filings; one line each: the sponsor's number, its password, the websites' numbers."""
    if options.file is not None:
        records = enrol.from_file(options.file.read_bytes())
    else:
        person = Person(options.name, options.document, options.email, options.province or bureau.config.province)
        records = [enrol.from_options(person, options.domain, options.ip or ["198.51.100.10"])]
    for record in records:
        done = bureau.register(record, options.provider, options.number, options.password)
        yield "\t".join((done.number, done.password, *done.websites))
