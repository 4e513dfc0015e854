"""Switches for trouble: the bureau misbehaves on request, once, some times, or until told otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from icp.loopback_bureau.store import Connection, Store, insert

ALWAYS = -1


@dataclass(frozen=True)
class Trouble:
    """One switch: its name on the command line, and what the officer reads."""

    name: str
    zh: str


TROUBLES = {
    t.name: t
    for t in (
        Trouble("no_reply_after_acceptance", "收下文件后不答复"),
        Trouble("slow", "答复很慢"),
        Trouble("code_14", "报送一律答 14（漏报）"),
        Trouble("code_15", "报送一律答 15（受理量已满）"),
        Trouble("code_20", "报送一律答 20（非报备时段）"),
        Trouble("code_901", "系统维护：报送和查询答 901"),
        Trouble("code_902", "系统维护：下载和回执答 902"),
        Trouble("bad_hash", "下载文件的哈希值不符"),
        Trouble("undecryptable", "下载文件无法解密"),
        Trouble("duplicate_delivery", "回执后同一文件再下发一次"),
        Trouble("duplicate_file", "同一结果以两个文件名下发"),
        Trouble("gjsh_without_jg", "只发管局审核（Gjsh），不发处理结果（Jg_xx）"),
        Trouble("jg_without_gjsh", "只发处理结果（Jg_xx），不发管局审核（Gjsh）"),
        Trouble("results_without_data", "只发结果，不发备案数据（BASJ）"),
        Trouble("reverse_order", "结果文件倒序下发"),
        Trouble("end_with_1", "最后一个文件以代码 1 下发"),
    )
}


class UnknownTrouble(KeyError):
    """There is no such switch."""


def switch(connection: Connection, name: str, times: int) -> None:
    """Set a switch.

    Args:
        connection: inside a write transaction.
        name: one of ``TROUBLES``.
        times: 0 off, ``ALWAYS`` on until switched off, otherwise how often.

    Raises:
        UnknownTrouble: no such switch.
    """
    if name not in TROUBLES:
        raise UnknownTrouble(name)
    connection.execute("DELETE FROM trouble WHERE name = ?", (name,))
    if times:
        insert(connection, "trouble", name=name, remaining=times)


def state(connection: Connection) -> dict[str, int]:
    """The switches that are on: name → remaining times, ``ALWAYS`` for no limit."""
    return {row["name"]: row["remaining"] for row in connection.execute("SELECT name, remaining FROM trouble")}


def spend(connection: Connection, name: str) -> bool:
    """Whether the trouble strikes now; one time fewer is left afterwards. Inside a write transaction."""
    row = connection.execute("SELECT remaining FROM trouble WHERE name = ?", (name,)).fetchone()
    if row is None:
        return False
    if row["remaining"] != ALWAYS:
        switch(connection, name, row["remaining"] - 1)
    return True


def strikes(store: Store, name: str) -> bool:
    """As ``spend``, in a transaction of its own, and only when the switch is on."""
    with store.read() as connection:
        if name not in state(connection):
            return False
    with store.write() as connection:
        return spend(connection, name)
