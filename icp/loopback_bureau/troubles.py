"""Switches for trouble: the bureau misbehaves on request, once, some times, or until told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icp.loopback_bureau.store import Connection, Store, insert

ALWAYS = -1


@dataclass(frozen=True)
class Trouble:
    """One switch: its name on the command line, what the officer reads, and the heading it stands under."""

    name: str
    zh: str
    group: str


CALLS, FILES, CONTENT, FORM = "调用", "下发顺序", "下发文件", "答复写法"
GROUPS = (CALLS, FILES, CONTENT, FORM)

TROUBLES = {
    name: Trouble(name, zh, group)
    for group, switches in (
        (
            CALLS,
            (
                ("no_reply_after_acceptance", "收下文件后不答复"),
                ("slow", "答复很慢"),
                ("garbled_reply", "答复不是 XML"),
                ("fault", "答复 SOAP 错误（Fault）"),
                ("code_14", "报送一律答 14（漏报）"),
                ("code_15", "报送一律答 15（受理量已满）"),
                ("code_20", "报送一律答 20（非报备时段）"),
                ("code_901", "系统维护：报送和查询答 901"),
                ("code_902", "系统维护：下载和回执答 902"),
            ),
        ),
        (
            FILES,
            (
                ("duplicate_delivery", "回执后同一文件再下发一次"),
                ("duplicate_file", "同一结果以两个文件名下发"),
                ("gjsh_without_jg", "只发管局审核（Gjsh），不发处理结果（Jg_xx）"),
                ("jg_without_gjsh", "只发处理结果（Jg_xx），不发管局审核（Gjsh）"),
                ("results_without_data", "只发结果，不发备案数据（BASJ）"),
                ("data_late", "备案数据（BASJ）晚发：先答一次没有数据"),
                ("access_zxsj", "注销接入后也发注销数据（ZXSJ，Zxlb 2）"),
                ("reverse_order", "结果文件倒序下发"),
                ("end_with_1", "最后一个文件以代码 1 下发"),
            ),
        ),
        (
            CONTENT,
            (
                ("bad_hash", "哈希值不符"),
                ("undecryptable", "无法解密"),
                ("plain_download", "不加密"),
                ("damaged_zip", "压缩包损坏"),
                ("two_files", "压缩包内有两个文件"),
                ("other_entry_name", "压缩包内文件名与 return_FileName 不同"),
                ("zip_bomb", "压缩炸弹：自称 1000 字节，实为 100 MB"),
                ("truncated", "XML 被截断"),
                ("oversized", "XML 超过 50 MB"),
                ("deep", "XML 嵌套过深"),
                ("wrong_encoding", "XML 有不属于 GBK 的字节"),
                ("utf8_as_gbk", "XML 自称 GBK，实为 UTF-8"),
                ("entity_bomb", "XML 带文档类型和实体炸弹"),
                ("external_entity", "XML 带外部实体"),
                ("comment", "XML 带注释"),
                ("other_version", "版本号是 V.4.0"),
                ("other_root", "根元素是 UploadData"),
                ("empty_file", "文件里没有业务组（空的 ICP）"),
                ("unknown_element", "有没见过的元素"),
                ("unread_group", "有没见过的业务组"),
                ("czlx_35", "处理结果的操作类型（Czlx）是 35"),
                ("unknown_code", "处理结果的代码（Jgdm）是 8888"),
            ),
        ),
        (
            FORM,
            (
                ("return_cdata", "return 以 CDATA 书写"),
                ("no_declaration", "return 里的文档没有 GBK 声明"),
                ("no_version", "return 没有 version"),
                ("base64_in_one_line", "base64 不折行（平常每行 76 个字符）"),
                ("padded_values", "空元素和多余的空白"),
            ),
        ),
    )
    for name, zh in switches
}
"""All switches by name, in the order the officer reads them."""


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


def striking(store: Store, names: Iterable[str]) -> list[str]:
    """Those of the switches that strike now, each spent once; a transaction of its own, only when one is on."""
    wanted = tuple(names)
    with store.read() as connection:
        on = [name for name in wanted if name in state(connection)]
    if not on:
        return []
    with store.write() as connection:
        return [name for name in on if spend(connection, name)]


def strikes(store: Store, name: str) -> bool:
    """As ``striking`` for one switch."""
    return bool(striking(store, [name]))
