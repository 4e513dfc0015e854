"""Numbers on the wire: IPv4 addresses are unsigned 32-bit integers in network order."""

from __future__ import annotations

import ipaddress


def ip_to_int(address: str) -> int:
    """``192.0.2.1`` → 3221225985.

    Raises:
        ValueError: not a dotted IPv4 address.
    """
    return int(ipaddress.IPv4Address(address.strip()))


def int_to_ip(number: int) -> str:
    """3221225985 → ``192.0.2.1``.

    Raises:
        ValueError: not from 0 to 2³²−1.
    """
    return str(ipaddress.IPv4Address(number))


def ip_range(text: str) -> tuple[int, int]:
    """First and last address of ``a`` or ``a-b`` (in which a lone address is both).

    Raises:
        ValueError: not an address or range, or the first lies after the last.
    """
    first, dash, last = text.partition("-")
    low = ip_to_int(first)
    high = ip_to_int(last) if dash else low
    if low > high:
        raise ValueError(f"the range ends before it begins: {text}")
    return low, high


def range_text(low: int, high: int) -> str:
    """The text of a range, as ``ip_range`` reads it."""
    return int_to_ip(low) if low == high else f"{int_to_ip(low)}-{int_to_ip(high)}"
