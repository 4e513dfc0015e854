"""E-mail addresses (R034). The filing number and the password of the filing are sent there."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from icp.rules.canonical import as_text, plain, settle, without_spaces
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

# What fingers make of the mail services most used; taken only as a suggestion.
SLIPS = {
    "qq.con": "qq.com",
    "qq.cm": "qq.com",
    "qq.co": "qq.com",
    "qq.cn": "qq.com",
    "qq.vom": "qq.com",
    "163.con": "163.com",
    "163.cm": "163.com",
    "163.cn": "163.com",
    "126.con": "126.com",
    "sina.con": "sina.com",
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.con": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmail.con": "hotmail.com",
    "outlook.con": "outlook.com",
    "foxmail.con": "foxmail.com",
}


def canonical(text: str) -> str:
    """An address in the form in which two can be compared and in which it is sent to: host in lower-case ASCII."""
    return settle(_bare, _bare(plain(text)))


def _bare(text: str) -> str:
    if match := re.search(r"<([^<>]+@[^<>]+)>", text):
        text = match.group(1)
    text = re.sub(r"^(mailto|e-?mail|邮箱)\s*:\s*", "", text, flags=re.IGNORECASE)
    text = without_spaces(text).strip("<>;,.\"'")
    local, at, host = text.rpartition("@")
    return f"{local}@{host.lower()}" if at else text


def email(path: str, value: Value, context: Context) -> Checked:
    """One address, deliverable by any mail server: the part before @ in ASCII. DNS isn't asked."""
    found = Findings(path)
    address = canonical(as_text(value))
    local, at, host = address.rpartition("@")
    if not at:
        found.error("email.no_at")
    elif "@" in local:
        found.error("email.several")
    elif not local.isascii():
        found.error("email.local_part")
    else:
        try:
            valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            found.error("email.shape")
        else:
            address = valid.ascii_email or address
            if host in SLIPS:
                found.warn("email.slip", f"{local}@{SLIPS[host]}", host=host, meant=SLIPS[host])
    return found.checked(address)
