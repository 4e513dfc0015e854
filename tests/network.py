"""No test leaves the machine: names aren't looked up, and sockets reach loopback and local sockets only."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "", None)


def is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a local (Unix) socket
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] in LOCAL_NAMES


def forbid(patch: pytest.MonkeyPatch) -> None:
    """Make every way out fail, loudly, for as long as ``patch`` holds."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> None:
        if not is_local(address):
            pytest.fail(f"a test reached for the network: {address}")
        return connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        if not is_local(address):
            pytest.fail(f"a test reached for the network: {address}")
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local((host.decode() if isinstance(host, bytes) else host,)):
            pytest.fail(f"a test looked up a name: {host}")
        return look_up(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded)
    patch.setattr(socket.socket, "connect_ex", guarded_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
