"""What tests of accounts share: passwords, letters that are delivered, links in them, forms as people send them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from icp.accounts import passwords
from icp.accounts.models import Account
from icp.extensions import db
from icp.worker import work_once
from tests.client import StrictClient
from tests.live import letters, text_of

PASSWORD = "青梧手作馆的那张老木桌"
OTHER_PASSWORD = "下雨天要记得收的衣服"
MOBILE = "13800138000"


def deliver(app: Flask) -> None:
    """Send every letter and message that waits, as the worker does."""
    with app.app_context():
        while work_once(60):
            pass


def newest_letter(app: Flask, to: str) -> str:
    """Subject and text of the newest letter to an address."""
    deliver(app)
    found = letters(app.extensions["settings"].instance, to)
    assert found, f"no letter to {to}"
    return f"{found[-1]['subject']}\n{text_of(found[-1])}"


def mailed_link(app: Flask, to: str, begins: str) -> str:
    """The path in the newest letter to an address; it begins as told."""
    text = newest_letter(app, to)
    paths = [urlsplit(url).path for url in re.findall(r"https?://\S+", text)]
    found = [path for path in paths if path.startswith(begins)]
    assert found, f"no link {begins}… in: {text}"
    return found[0]


def texted_code(app: Flask, mobile: str) -> str:
    """The six digits in the newest short message to a number."""
    deliver(app)
    folder = app.extensions["settings"].instance / "mail"
    sent = sorted(folder.glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
    texts = [text for path in sent if (text := path.read_text(encoding="utf-8")).startswith(mobile)]
    found = re.search(r"\b\d{6}\b", texts[-1].partition("\n")[2])
    assert found, texts[-1]
    return found.group()


def press(client: StrictClient, action: str = "", status: int = 302, **typed: Any) -> Any:
    """Fill in the page's form as a browser without script would, and send it; redirects are not followed.

    Args:
        client: with the page open.
        action: the form's address; '' for the only form besides the language's.
        status: what the answer must have.
        typed: control → value.
    """
    forms = [f for f in client.page.all("form") if "/language/" not in f.get("action", "")]
    wanted = [f for f in forms if action in ("", f.get("action"))]
    assert len(wanted) == 1, f"{len(wanted)} forms {action!r} of {[f.get('action') for f in forms]}"
    values = client.page.form_values(wanted[0])
    assert set(typed) <= set(values), f"no control {set(typed) - set(values)}"
    response = client.post(wanted[0].get("action"), data=values | typed)
    assert response.status_code == status, f"{response.status_code}: {client.page.words(client.page.one('main'))}"
    return response


def host(people: Any, email: str = "lin@qingwu.example", **more: object) -> int:
    """A host with a password."""
    account: int = people("host", email, password_hash=passwords.make_hash(PASSWORD), **more)
    return account


def staff(people: Any, role: str, email: str = "", **more: object) -> int:
    """A member of the staff with a password."""
    hashed = passwords.make_hash(PASSWORD)
    account: int = people("staff", email or f"{role}@desk.example", role, password_hash=hashed, **more)
    return account


def sign_in(client: StrictClient, login: str, password: str = PASSWORD, status: int = 302) -> Any:
    """Sign in at the door."""
    client.look("/sign-in")
    return press(client, "/sign-in", status=status, login=login, password=password)


def sign_out(client: StrictClient) -> None:
    """Sign out by the button on the account's page."""
    client.look("/account")
    press(client, "/sign-out")


def may_enter(client: StrictClient) -> bool:
    """Whether this browser is signed in."""
    response = client.get("/account")
    assert response.status_code in (200, 302)
    return response.status_code == 200


def account_of(app: Flask, account_id: int) -> Account:
    """The account as it is now, in an application context."""
    account = db.session.get(Account, account_id, populate_existing=True)
    assert account is not None
    return account
