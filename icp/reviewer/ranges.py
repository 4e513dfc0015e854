"""The provider's address ranges: looked at, searched, and replaced by a CSV."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from icp import audit, vocabulary
from icp.accounts.models import Account
from icp.extensions import begin_write, db
from icp.i18n import language
from icp.register import ranges as register
from icp.register.models import ProviderRange
from icp.register.ranges import BadLine
from icp.reviewer import bp
from icp.reviewer.desk import OPERATES
from icp.rules.addresses_ip import to_text

SHOWN = 200
LARGEST = 4 * 1024 * 1024
BAD_SHOWN = 50


@bp.get("/desk/ranges")
@OPERATES
def ranges() -> Any:
    """The ranges, or those of one customer, or the one that holds an address."""
    return _page()


@bp.post("/desk/ranges")
@OPERATES
def import_ranges() -> Any:
    """Replace all ranges by those of a CSV; a bad line changes nothing."""
    file = request.files.get("file")
    text = _decoded(file.stream.read(LARGEST + 1)) if file and file.filename else ""
    if not text.strip():
        return _page(problem=gettext("选一份 CSV 文件，UTF-8 或 GB18030 编码，不超过 4 MB。")), 422
    begin_write()
    count, bad = register.import_csv(io.StringIO(text, newline=""))
    if bad:
        db.session.rollback()
        return _page(bad), 422
    if not count:
        db.session.rollback()
        return _page(problem=gettext("文件里只有列名，没有地址段。没有导入。")), 422
    audit.record("import_ranges", actor=current_user, object_kind="ranges", details={"ranges": count})
    db.session.commit()
    flash(gettext("已导入 %(n)s 段，原来的都换掉了。", n=count), "good")
    return redirect(url_for("reviewer.ranges"), 303)


def _decoded(data: bytes) -> str:
    """A CSV as people's programs save it; '' when it is too large or none of these."""
    if len(data) > LARGEST:
        return ""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _page(bad: list[BadLine] | None = None, problem: str = "") -> str:
    text = "".join(c for c in request.args.get("q", "") if c.isprintable()).strip()
    try:
        found = register.listed(customer=text, limit=SHOWN) if "@" in text else register.listed(text, limit=SHOWN)
        unreadable = False
    except ValueError:
        found, unreadable = [], True
    words, chosen = vocabulary.current(), language()
    return render_template(
        "reviewer/ranges.html",
        found=found,
        text=text,
        unreadable=unreadable,
        total=register.total(),
        shown=SHOWN,
        addresses=lambda row: to_text(row.first, row.last),
        customers=_customers(found),
        locations={o.code: o.label(chosen) for o in words.options("server_locations")},
        methods={o.code: o.label(chosen) for o in words.options("access_methods")},
        columns=",".join(register.COLUMNS),
        bad=(bad or [])[:BAD_SHOWN],
        bad_count=len(bad or []),
        problem=problem,
    )


def _customers(found: list[ProviderRange]) -> dict[str, str]:
    """Hash of a customer's address → his name and masked address, of those with an account."""
    hashes = {row.customer_hash for row in found if row.customer_hash}
    accounts = db.session.scalars(select(Account).where(Account.email_hash.in_(hashes))) if hashes else ()
    return {account.email_hash: f"{account.name} {account.masked_email}".strip() for account in accounts}
