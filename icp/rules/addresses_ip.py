"""IP addresses of an access: public IPv4 of this provider, single or as ranges (R065, R066). The wire has no IPv6."""

from __future__ import annotations

import ipaddress
import re

from icp.rules.canonical import as_list, plain, without_spaces
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

_QUAD = re.compile(r"\d{1,3}(\.\d{1,3}){3}", re.ASCII)
DOCUMENTATION = tuple(ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
LARGE = 4096

Range = tuple[int, int]


def split(value: Value) -> list[str]:
    """The addresses and ranges in an answer, half-width, without the spaces around hyphens."""
    entries: list[str] = []
    for part in as_list(value):
        text = re.sub(r"\s*([-~至到]\s*)+", "-", plain(part))
        entries += [entry for entry in re.split(r"[\s,;]+", text) if entry]
    return entries


def to_text(first: int, last: int) -> str:
    """A range as it is stored: `a`, or `a-b` when it has more than one address."""
    start = str(ipaddress.IPv4Address(first))
    return start if first == last else f"{start}-{ipaddress.IPv4Address(last)}"


def parse(entry: str) -> Range | None:
    """First and last address of `a`, `a-b` (also `a-24`, the last part alone) or `a/24`, as integers.

    None when it can't be read. The first may be greater than the last.
    """
    if "/" in entry:
        return _network(entry)
    start, hyphen, end = entry.partition("-")
    first = _quad(start)
    if first is None or not hyphen:
        return None if first is None else (first, first)
    if re.fullmatch(r"\d{1,3}", end, re.ASCII):
        end = start.rpartition(".")[0] + "." + end
    last = _quad(end)
    return None if last is None else (first, last)


def _network(entry: str) -> Range | None:
    try:
        network = ipaddress.IPv4Network(entry, strict=False)
    except ValueError:
        return None
    return int(network.network_address), int(network.broadcast_address)


def _quad(text: str) -> int | None:
    if not _QUAD.fullmatch(text):
        return None
    parts = [int(part) for part in text.split(".")]
    if max(parts) > 255:
        return None
    return int.from_bytes(bytes(parts), "big")


def ip_addresses(path: str, value: Value, context: Context) -> Checked:
    """Check each address; what can be read is stored in one form, doubles once."""
    found = Findings(path)
    stored: list[str] = []
    for entry in split(value):
        span = parse(entry)
        text = entry if span is None else _judge(span, found, context)
        if span is None:
            _unreadable(entry, found)
        if text in stored:
            found.inform("ip.twice", address=text)
        else:
            stored.append(text)
    return found.checked(stored)


def _judge(span: Range, found: Findings, context: Context) -> str:
    first, last = span
    if first > last:
        found.error("ip.reversed", to_text(last, first), first=to_text(first, first), last=to_text(last, last))
        return f"{to_text(first, first)}-{to_text(last, last)}"
    text = to_text(first, last)
    ours = any(low <= first and last <= high for low, high in context.provider_ranges)
    if _documentation(span):
        if context.provider_ranges and not ours:
            found.error("R065", address=text)
        elif not ours:
            found.error("ip.documentation", address=text)
    elif not _public(span):
        found.error("R066", address=text)
    elif context.provider_ranges and not ours:
        found.error("R065", address=text)
    elif last - first >= LARGE:
        found.warn("ip.large", address=text, count=last - first + 1)
    return text


def _documentation(span: Range) -> bool:
    return any(int(n.network_address) <= span[0] and span[1] <= int(n.broadcast_address) for n in DOCUMENTATION)


def _public(span: Range) -> bool:
    """Whether no address of the range is private, reserved, for documentation or for groups."""
    return not any(span[0] <= int(n.broadcast_address) and int(n.network_address) <= span[1] for n in _NOT_PUBLIC)


# RFC 6890 and its successors: what can't be reached from the Internet.
_NOT_PUBLIC = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)


def _unreadable(entry: str, found: Findings) -> None:
    bare = without_spaces(entry).strip("[]")
    try:
        ipaddress.IPv6Network(bare.split("-")[0], strict=False)
    except ValueError:
        pass
    else:
        found.error("ip.v6")
        return
    if any(_QUAD.fullmatch(part) for part in entry.split("-")):
        found.error("ip.octet", address=entry)
    else:
        found.error("ip.shape", address=entry[:60])
