"""What the account pages share: where people go next, and the pages that several of them show."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, request, url_for

from icp.accounts.attempts import TooManyAttempts, network_of
from icp.i18n import language
from icp.settings import Settings
from icp.vocabulary.text import Message

LANDINGS = {
    "reviewer": "reviewer.queue",
    "supervisor": "reviewer.queue",
    "verifier": "reviewer.counter",
    "administrator": "accounts_web.staff",
}
"""Role → the page after signing in; hosts go to their filings."""


def site() -> Settings:
    """The site's settings."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def network() -> str:
    """Where the request comes from, for counting attempts."""
    return network_of(request.remote_addr)


def reader() -> str:
    """The reader's language."""
    return language()


def landing(role: str) -> str:
    """Where somebody goes after signing in without having asked for a page."""
    return url_for(LANDINGS.get(role, "host.filings"))


def local(address: str | None) -> str:
    """A path of this very site, '' for everything else: links may not send people elsewhere."""
    text = address or ""
    if not text.startswith("/") or text.startswith("//"):
        return ""
    return "" if "\\" in text or any(ord(letter) < 32 for letter in text) else text


def too_many(refused: TooManyAttempts) -> Message:
    """What somebody reads who tried too often."""
    return Message("试的次数太多了。请过 {minutes} 分钟再试；已保存的内容都还在。", minutes=refused.minutes)


def letter_sent(address: str, kind: str) -> str:
    """The page after asking for a letter; the same whether the address is known or not."""
    page: str = render_template(
        "accounts_web/sent.html", address=address, kind=kind, minutes=site().account_link_minutes
    )
    return page


def dead_link(again: str) -> tuple[str, int]:
    """The page of a link that doesn't work, the same for every failure, with a way to a new one.

    Args:
        again: endpoint where a new link is asked for; '' when only an administrator can send one.
    """
    return render_template("accounts_web/dead_link.html", again=again), 410


def ours() -> bool:
    """Whether one of our own pages sent this request, as the browser tells.

    A form of another site must not be offered again as if the visitor had typed it here.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    sender = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    return (sender.scheme, sender.netloc) == tuple(urlsplit(request.host_url)[:2])


def kept_fields() -> list[tuple[str, str]]:
    """What somebody had typed when the session ended: handed on by a guard, or carried by the sign-in form."""
    if not ours():
        return []
    if "login" in request.form or "code" in request.form:
        return [
            (name.removeprefix("kept."), value)
            for name, value in request.form.items(multi=True)
            if name.startswith("kept.")
        ]
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "current") and "password" not in name.lower()
    ]


def complain(field: Any, *messages: str) -> None:
    """Say at a field what only the verb could find out."""
    field.errors = [*field.errors, *messages]
