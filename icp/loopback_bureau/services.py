"""The six methods: each takes a call and an account that has signed in, and gives the reply."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from icp.bureau.codec import AES_CBC, ZIP, packing, replies
from icp.bureau.codec.replies import FileInfo, Reply, StatusInfo
from icp.loopback_bureau import mischief, registry, troubles
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.signin import Refused, sign_in
from icp.loopback_bureau.soap import Call
from icp.loopback_bureau.store import Connection, Row, Store, insert, now
from icp.loopback_bureau.texts import code_text
from icp.vocabulary import builtin

LINE = 76
HOUR = 3600.0
LAST, EMPTY, MORE = 0, 2, 3
LAST_WITH_1 = 1
QUERY_LENGTH = range(4, 256)
NAME_BYTES = 128


@dataclass(frozen=True)
class Desk:
    """What the methods work with."""

    config: Config
    store: Store


def wrap(text: str) -> str:
    """base64 in lines of 76 characters, as the bureau's own is."""
    return "\n".join(re.findall(f".{{1,{LINE}}}", "".join(text.split())))


def answer(desk: Desk, call: Call) -> Reply:
    """Sign the caller in and run the method."""
    try:
        account = sign_in(desk.store, desk.config, call)
        reply = METHODS[call.method](desk, account, call)
    except Refused as refused:
        reply = Reply(refused.code, refused.text, refused.missing)
    return replace(reply, message=code_text(reply.code, reply.message))


def _cipher(account: Row) -> packing.Cipher:
    return packing.Cipher(account["aes_key"], account["aes_iv"])


# ---- upload


def upload(desk: Desk, account: Row, call: Call) -> Reply:
    """isp_upload: unpack one data file and keep it with its number and reply; what it holds is judged later.

    Raises:
        Refused: 9, 11, 15, 14, 6, 7, 8, 17 or 18, the first that holds; 8 also when the entry's name is none.
    """
    encrypt_algorithm, sequence = call.number("encryptAlgorithm"), call.number("dataSequence")
    if encrypt_algorithm not in (0, AES_CBC):
        raise Refused(9)
    if call.number("compressionFormat") != ZIP:
        raise Refused(11)
    if troubles.strikes(desk.store, "code_15") or _waiting(desk.store) >= desk.config.queue_limit:
        raise Refused(15)
    if troubles.strikes(desk.store, "code_14"):
        raise Refused(14, missing=(account["last_sequence"] + 1,))
    _check_sequence(account["last_sequence"], sequence)
    data, claimed = call.text("beianInfo"), call.text("beianInfoHash")
    try:
        file = packing.unpack(
            data,
            claimed,
            encrypt_algorithm=encrypt_algorithm,
            hash_algorithm=call.number("hashAlgorithm"),
            compression_format=ZIP,
            cipher=_cipher(account),
        )
    except packing.PackingError as error:
        raise Refused(error.code) from None
    if not _is_name(file.name):
        raise Refused(8, "压缩包内文件名至多 128 字节，不能有控制字符")
    reply = Reply(0)
    with desk.store.write() as connection:
        last = connection.execute(
            "SELECT last_sequence FROM account WHERE isp_id = ?", (account["isp_id"],)
        ).fetchone()["last_sequence"]
        _check_sequence(last, sequence)  # another call may have taken the number while this one was unpacked
        insert(
            connection,
            "upload",
            isp_id=account["isp_id"],
            sequence=sequence,
            file_name=file.name,
            data=data,
            hash=claimed,
            encrypt_algorithm=encrypt_algorithm,
            xml=file.xml,
            reply=replies.build(replace(reply, message=code_text(0))),
            received_at=now(),
        )
        connection.execute("UPDATE account SET last_sequence = ? WHERE isp_id = ?", (sequence, account["isp_id"]))
    return reply


def _is_name(name: str) -> bool:
    """Whether an entry has a name that results can say; the interface has no code for the signs in it."""
    try:
        return bool(name) and name.isprintable() and len(name.encode("gbk")) <= NAME_BYTES
    except UnicodeEncodeError:
        return False


def _waiting(store: Store) -> int:
    with store.read() as connection:
        count = connection.execute("SELECT count(*) FROM upload WHERE processed_at IS NULL").fetchone()[0]
    return int(count)


def _check_sequence(last: int, offered: int) -> None:
    """Only last + 1 is taken. A gap lists what is missing, a number already used lists last + 1."""
    if offered != last + 1:
        first = last + 1
        raise Refused(14, missing=tuple(range(first, min(offered, first + 1000))) or (first,))


def previous_upload(desk: Desk, account: Row, call: Call) -> Reply:
    """isp_querypreviousupload: the file last taken, as it came; number 0 before the first."""
    with desk.store.read() as connection:
        row = connection.execute(
            "SELECT * FROM upload WHERE isp_id = ? ORDER BY sequence DESC LIMIT 1", (account["isp_id"],)
        ).fetchone()
    if row is None:
        return Reply(0, file=FileInfo("", "", "", data_sequence=0))
    file = FileInfo(row["file_name"], wrap(row["data"]), row["hash"], row["encrypt_algorithm"])
    return Reply(0, file=replace(file, data_sequence=row["sequence"]))


# ---- download


def download(desk: Desk, account: Row, call: Call) -> Reply:
    """isp_download: the head of the queue, the same one until it is acknowledged."""
    with desk.store.write() as connection:
        waiting = connection.execute(
            "SELECT * FROM download WHERE isp_id = ? AND acked_at IS NULL"
            " AND id NOT IN (SELECT download_id FROM held) ORDER BY id LIMIT 2",
            (account["isp_id"],),
        ).fetchall()
        if not waiting:
            connection.execute(
                "DELETE FROM held WHERE download_id IN (SELECT id FROM download WHERE isp_id = ?)", (account["isp_id"],)
            )
            return Reply(EMPTY)
        head = waiting[0]
        connection.execute("UPDATE download SET delivered = delivered + 1 WHERE id = ?", (head["id"],))
        code = MORE if len(waiting) > 1 else LAST
        if code == LAST and troubles.spend(connection, "end_with_1"):
            code = LAST_WITH_1
        return Reply(code, file=_packed(connection, account, head))


def _packed(connection: Connection, account: Row, row: Row) -> FileInfo:
    cipher = _cipher(account) if account["encrypt"] else None
    other = packing.Cipher("anotherkey123456", account["aes_iv"])
    packed = mischief.pack(connection, row["xml"], row["file_name"], cipher, other)
    one_line = troubles.spend(connection, "base64_in_one_line")
    data = packed.data_b64 if one_line else wrap(packed.data_b64)
    return FileInfo(row["file_name"], data, packed.hash_b64, packed.encrypt_algorithm)


def acknowledge(desk: Desk, account: Row, call: Call) -> Reply:
    """isp_downloadack: take a file off the queue; doing so again is success as well.

    Raises:
        Refused: 21 without a name, 999 for a name that was never handed out.
    """
    name = call.text("fileName")
    if not name:
        raise Refused(21)
    with desk.store.write() as connection:
        row = connection.execute(
            "SELECT * FROM download WHERE isp_id = ? AND file_name = ? AND delivered > 0", (account["isp_id"], name)
        ).fetchone()
        if row is None:
            raise Refused(999, f"没有名为 {name} 的文件")
        if row["acked_at"] is None and not row["repeats"] and troubles.spend(connection, "duplicate_delivery"):
            connection.execute("UPDATE download SET repeats = 1 WHERE id = ?", (row["id"],))
        elif row["acked_at"] is None:
            connection.execute("UPDATE download SET acked_at = ? WHERE id = ?", (now(), row["id"]))
    return Reply(0)


# ---- queries


def query_status(desk: Desk, account: Row, call: Call) -> Reply:
    """isp_querybeianstatus: whether a domain (kind 0) or a certificate (kinds 1 to 11) is filed.

    Raises:
        Refused: 999 for an unknown kind or a condition that is too short or too long.
    """
    kind, condition = call.number("queryConditionType"), call.text("queryCondition")
    if not builtin().has("query_condition_types", str(kind)):
        raise Refused(999, "查询条件类型错误")
    if len(condition) not in QUERY_LENGTH:
        raise Refused(999, "查询条件长度错误")
    with desk.store.read() as connection:
        found = registry.find_domain(connection, condition) if kind == 0 else None
        sponsor = registry.find_sponsor(connection, str(kind), condition) if kind else None
    if found is not None:
        return Reply(
            0,
            status=StatusInfo(kind, condition, True, found["website_name"], found["sponsor_number"], found["number"]),
        )
    number = sponsor["number"] if sponsor else ""
    return Reply(0, status=StatusInfo(kind, condition, sponsor is not None, subject_number=number))


def verify_password(desk: Desk, account: Row, call: Call) -> Reply:
    """isp_verifybamm: whether a filing password fits a number; attempts are counted whatever their outcome.

    Raises:
        Refused: 22 beyond the attempts allowed per hour.
    """
    number = registry.sponsor_part(call.text("baxh"))
    limit = desk.config.password_attempts
    with desk.store.write() as connection:
        connection.execute("DELETE FROM attempt WHERE at <= ?", (now() - HOUR,))
        used = connection.execute("SELECT count(*) FROM attempt WHERE number = ?", (number,)).fetchone()[0]
        if used >= limit:
            raise Refused(22, f"每小时 {limit} 次")
        insert(connection, "attempt", number=number, at=now())
        sponsor = registry.by_number(connection, number)
    return Reply(0, verified=sponsor is not None and registry.password_fits(sponsor, call.text("bamm")))


METHODS: dict[str, Callable[[Desk, Row, Call], Reply]] = {
    "isp_upload": upload,
    "isp_download": download,
    "isp_downloadack": acknowledge,
    "isp_querypreviousupload": previous_upload,
    "isp_querybeianstatus": query_status,
    "isp_verifybamm": verify_password,
}
