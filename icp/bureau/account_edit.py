"""Adding and changing accounts, from the desk or the command line; what can't be used is named by its field."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from icp import vocabulary
from icp.bureau import account as accounts
from icp.bureau.models import BureauAccount
from icp.extensions import db

PLAIN = ("name", "base_url", "user", "province", "serves")
FLAGS = ("encrypt", "active", "stacked_identity")
SECRETS = ("password", "key", "iv")
CIPHER_LENGTH = 16
LONGEST_ID = 18


class Unusable(ValueError):
    """Some fields can't be used; ``fields`` names them."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def every() -> list[BureauAccount]:
    """Every account, those in use first."""
    return list(db.session.scalars(select(BureauAccount).order_by(BureauAccount.active.desc(), BureauAccount.id)))


def save(account_id: int | None, typed: Mapping[str, str]) -> BureauAccount:
    """Add an account or change one; the caller commits.

    Args:
        account_id: None for a new one.
        typed: texts by column; a flag is on when its text isn't empty; a secret left empty stays as it is.

    Raises:
        Unusable: nothing is changed.
    """
    account = None if account_id is None else accounts.locked(account_id)
    wrong = _wrong(account, typed)
    if wrong:
        raise Unusable(wrong)
    values = {name: typed.get(name, "") for name in PLAIN}
    values["serves"] = " ".join(values["serves"].split())
    values["base_url"] = values["base_url"].rstrip("/")
    flags = {name: bool(typed.get(name)) for name in FLAGS}
    secrets = {name: typed[name] for name in SECRETS if typed.get(name)}
    more = {"isp_id": int(typed["isp_id"]), "timeout": float(typed["timeout"])}
    if account is None:
        return accounts.new(**values, **flags, **secrets, **more)
    for name, value in {**values, **flags, **secrets, **more}.items():
        setattr(account, name, value)
    db.session.flush()
    return account


def _wrong(account: BureauAccount | None, typed: Mapping[str, str]) -> list[str]:
    words = vocabulary.current()
    served = typed.get("serves", "").split()
    found = {
        "name": not typed.get("name"),
        "base_url": not typed.get("base_url", "").startswith(("http://", "https://")),
        "isp_id": not _is_free_id(account, typed.get("isp_id", "")),
        "user": not typed.get("user"),
        "province": not words.has("provinces", typed.get("province", "")),
        "serves": len(" ".join(served)) > 255 or not all(words.has("provinces", code) for code in served),
        "password": not (typed.get("password") or (account and account.password)),
        "timeout": not _is_seconds(typed.get("timeout", "")),
    }
    for name in ("key", "iv"):
        new = typed.get(name, "")
        stands = new or (account and getattr(account, name))
        encrypts = bool(typed.get("encrypt"))
        found[name] = (bool(new) and len(new.encode()) != CIPHER_LENGTH) or (encrypts and not stands)
    return [name for name, is_wrong in found.items() if is_wrong]


def _is_free_id(account: BureauAccount | None, text: str) -> bool:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID and int(text)):
        return False
    holder = db.session.scalar(select(BureauAccount.id).where(BureauAccount.isp_id == int(text)))
    return holder is None or (account is not None and holder == account.id)


def _is_seconds(text: str) -> bool:
    try:
        return 5 <= float(text) <= 600
    except ValueError:
        return False
