"""The development mailbox: what would have left as mail or SMS. Not found in production."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from flask import Response, abort, render_template

from icp.accounts.guards import development_only
from icp.accounts_web import bp
from icp.accounts_web.pages import site

MOST = 200


@dataclass(frozen=True)
class Post:
    """One letter or short message, as it lies in the folder."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    at: float


@bp.get("/dev/mail")
@development_only
def dev_mail() -> Any:
    """Everything, newest first."""
    return render_template("accounts_web/dev_mail.html", posts=[_read(path) for path in _newest()])


@bp.get("/dev/mail/<name>")
@development_only
def dev_letter(name: str) -> Any:
    """The text part."""
    return render_template("accounts_web/dev_letter.html", post=_find(name))


@bp.get("/dev/mail/<name>/html")
@development_only
def dev_letter_html(name: str) -> Response:
    """The HTML part, alone on its page and without any right: no script, no form, no origin."""
    post = _find(name)
    if not post.html:
        abort(404)
    policy = "sandbox allow-top-navigation-by-user-activation; default-src 'none'"
    return Response(post.html, headers={"Content-Security-Policy": policy})


def _newest() -> list[Path]:
    folder = site().instance / "mail"
    files = [path for path in folder.glob("*.*") if path.suffix in (".eml", ".txt")]
    return sorted(files, key=lambda path: path.name, reverse=True)[:MOST]


def _find(name: str) -> Post:
    found = [path for path in _newest() if path.name == name]  # only names that are there: none leads elsewhere
    if not found:
        abort(404)
    return _read(found[0])


def _read(path: Path) -> Post:
    at = path.stat().st_mtime
    if path.suffix == ".txt":
        to, _, text = path.read_text(encoding="utf-8").partition("\n")
        return Post(path.name, to, text[:40], text, "", at)
    message = message_from_bytes(path.read_bytes(), policy=default)
    return Post(
        path.name, str(message["To"]), str(message["Subject"]), _part(message, "plain"), _part(message, "html"), at
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
