"""Who calls: the checks every method begins with, in the order of the interface's section on authentication."""

from __future__ import annotations

import datetime as dt

from icp.bureau.codec import MD5, auth
from icp.loopback_bureau import troubles
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.soap import Call
from icp.loopback_bureau.store import CHINA, Row, Store, now

DOWNLOADS = ("isp_download", "isp_downloadack")
UPLOAD = "isp_upload"


class Refused(Exception):
    """A call is refused with a method-call code; ``text`` is added to the code's own."""

    def __init__(self, code: int, text: str = "", missing: tuple[int, ...] = ()) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text
        self.missing = missing


def within(hours: str, at: float) -> bool:
    """Whether a time of day lies within ``HH:MM-HH:MM`` (China time, also over midnight); empty means always."""
    if not hours:
        return True
    opens, _, closes = hours.partition("-")
    clock = dt.datetime.fromtimestamp(at, CHINA).strftime("%H:%M")
    return opens <= clock < closes if opens <= closes else clock >= opens or clock < closes


def sign_in(store: Store, config: Config, call: Call) -> Row:
    """The account of a caller.

    Maintenance is 902 for downloads and acknowledgements, 901 for everything else. Permission (19) and reporting
    hours (20) are asked of reports alone, as their texts say.

    Raises:
        Refused: 901, 902, 16, 12, 13, 4, 5, 10, 19 or 20, the first that holds.
    """
    maintenance = 902 if call.method in DOWNLOADS else 901
    if troubles.strikes(store, f"code_{maintenance}"):
        raise Refused(maintenance)
    rand = call.text("randVal")
    if len(rand) < auth.RAND_LENGTH:
        raise Refused(16)
    with store.read() as connection:
        account: Row | None = connection.execute(
            "SELECT * FROM account WHERE isp_id = ? AND isp_id NOT IN (SELECT isp_id FROM retired)",
            (call.number("ispId"),),
        ).fetchone()
    if account is None:
        raise Refused(12)
    if account["province"] != config.province:
        raise Refused(13)
    if call.text("userName") != account["user_name"]:
        raise Refused(4)
    if not _password_fits(account["password"], rand, call.text("pwdHash")):
        raise Refused(5)
    if call.number("hashAlgorithm") != MD5:
        raise Refused(10)
    if call.method == UPLOAD:
        _may_report(store, account)
    return account


def _password_fits(password: str, rand: str, claimed: str) -> bool:
    try:
        return auth.password_fits(password, rand, claimed)
    except UnicodeEncodeError:
        return False


def _may_report(store: Store, account: Row) -> None:
    if not account["permitted"]:
        raise Refused(19)
    if not within(account["hours"], now()):
        raise Refused(20, account["hours"])
    if troubles.strikes(store, "code_20"):
        raise Refused(20, "00:00-00:00")
