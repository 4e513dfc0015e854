"""The commands by which the bureau says something unasked: one for each kind of file."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from icp.loopback_bureau import cancelling, codes, issuing, listing
from icp.loopback_bureau.core import Bureau
from icp.loopback_bureau.issuing import Finding
from icp.loopback_bureau.listing import Listing
from icp.loopback_bureau.store import Connection

Issue = Callable[[Connection, argparse.Namespace], list[str]]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser], isp_id: int) -> None:
    """Add the commands to the command line; ``isp_id`` is the provider meant when none is named."""
    task = commands.add_parser("issue-task", help="HSRW: have a filing verified by its access providers")
    task.add_argument("filing", help="filing number of a sponsor or of one of its websites")
    result = commands.add_parser("check-result", help="HCJG: tell what a check found")
    result.add_argument("kind", choices=tuple(issuing.FINDINGS))
    result.add_argument("filing", help="filing number: of a sponsor with `subject`, of a website otherwise")
    result.add_argument("--under", action="store_true", help="access: one is missing on record, not one too many")
    result.add_argument("--alive", action="store_true", help="shell: the site answers")
    result.add_argument("--ip", default="", help="access: where the domain resolves to")
    result.add_argument("--text", default="", help="the reason of the error, or a remark")
    notice = commands.add_parser("notice", help="XGTZ: ask for corrected data")
    notice.add_argument("filing", help="filing number of a sponsor or of a website")
    notice.add_argument("text", help="what is to be corrected")
    notice.add_argument("--by", choices=("number", "id", "both"), default="both", help="how the filing is named")
    notice.add_argument("--remark", default="")
    cancel = commands.add_parser("cancel", help="ZXSJ: cancel without being asked")
    cancel.add_argument("kind", choices=tuple(cancelling.KINDS))
    cancel.add_argument("filing", help="filing number; for an access its bureau id (Jrid)")
    again = commands.add_parser("send-again", help="hand a file out once more that a provider couldn't read")
    again.add_argument("file", help="its name")
    _add_lists(commands, isp_id)
    _add_tables(commands, isp_id)


def _add_lists(commands: argparse._SubParsersAction[argparse.ArgumentParser], isp_id: int) -> None:
    black = commands.add_parser("blacklist", help="HMDLB: change the black list and tell every provider")
    black.add_argument("how", choices=tuple(listing.OPERATIONS))
    black.add_argument("kind", choices=("domain", "sponsor"))
    black.add_argument("value", nargs="?", default="", help="domains with `;` between, or a certificate number; "
                       "a sponsor without one is an entry that names nobody")  # fmt: skip
    black.add_argument("--name", default="", help="name of the website or sponsor; from the registry without")
    black.add_argument("--document-type", default="", help="certificate type; from the registry without")
    black.add_argument("--remark", default="")
    black.add_argument("--quiet", action="store_true", help="enter it at the bureau and tell nobody")
    illegal = commands.add_parser("illegal-access", help="FFJRHMD: tell of an illegal access")
    unfiled = commands.add_parser("unfiled", help="WBAWZLB: tell a provider of an unfiled site")
    for command in (illegal, unfiled):
        command.add_argument("domain")
        command.add_argument("ip", help="IPv4 address")
        command.add_argument("--provider", type=int, default=isp_id, help=f"id of the access provider ({isp_id})")
    illegal.add_argument("--remark", default="")
    unfiled.add_argument("--carrier", type=int, default=0, help="id of the carrier; the provider itself without")
    unfiled.add_argument("--times", type=int, default=1, help="how often it was seen")


def _add_tables(commands: argparse._SubParsersAction[argparse.ArgumentParser], isp_id: int) -> None:
    tables = commands.add_parser("codes", help="JCDM: send the code tables")
    tables.add_argument("table", nargs="*", help=f"only these: {', '.join((*codes.NAMES, codes.UNITS))}")
    tables.add_argument("--set", action="append", default=[], type=codes.changed, metavar="TABLE:CODE=NAME",
                        help="a row renamed or added; may be repeated")  # fmt: skip
    tables.add_argument("--withdraw", action="append", default=[], type=codes.withdrawn, metavar="TABLE:CODE",
                        help="a row no longer valid; may be repeated")  # fmt: skip
    sync = commands.add_parser("synchronise", help="SJTB: send everything a provider gives access to")
    sync.add_argument("--provider", type=int, default=isp_id, help=f"id of the access provider ({isp_id})")
    sync.add_argument("--codes", action="store_true", help="the code tables as well")


def _check_result(connection: Connection, options: argparse.Namespace) -> list[str]:
    finding = Finding(
        options.kind, options.filing, under=options.under, dead=not options.alive, ip=options.ip, text=options.text
    )
    return issuing.check_result(connection, finding)


def _blacklist(connection: Connection, options: argparse.Namespace) -> list[str]:
    said = Listing(
        options.how, options.kind, options.value, options.name, options.document_type, options.remark, options.quiet
    )
    return listing.blacklist(connection, said)


ISSUES: dict[str, Issue] = {
    "issue-task": lambda connection, o: issuing.task(connection, o.filing),
    "check-result": _check_result,
    "notice": lambda connection, o: issuing.notice(connection, o.filing, o.text, by=o.by, remark=o.remark),
    "cancel": lambda connection, o: cancelling.cancel(connection, o.kind, o.filing),
    "blacklist": _blacklist,
    "illegal-access": lambda connection, o: listing.illegal_access(connection, o.domain, o.ip, o.provider, o.remark),
    "unfiled": lambda connection, o: listing.unfiled(connection, o.domain, o.ip, o.provider, o.carrier, o.times),
    "send-again": lambda connection, o: issuing.again(connection, o.file),
    "codes": lambda connection, o: issuing.code_tables(connection, o.table, [*o.set, *o.withdraw]),
    "synchronise": lambda connection, o: issuing.synchronise(connection, o.provider, tables=o.codes),
}
"""Command → what it does."""


def run(bureau: Bureau, options: argparse.Namespace) -> list[str]:
    """Run one of ``ISSUES``; gives the names of the files queued."""
    return bureau.issue(ISSUES[options.command], options)
