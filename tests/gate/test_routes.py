"""Every route, walked by everybody: who enters is who its guard names."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from icp.accounts.models import ROLES

WALKERS = ("anonymous", "host", *ROLES)
OPEN = ("public", "development")


def routes(app: Flask, method: str) -> Iterator[tuple[str, str]]:
    """Address and permission of every route; what it names doesn't exist."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and method in (rule.methods or ()):
            address = adapter.build(rule.endpoint, {name: stand_in(rule, name) for name in rule.arguments}, method)
            yield address, app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]


def stand_in(rule: Rule, name: str) -> object:
    """A value of the right kind."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 999_999 if isinstance(converter, IntegerConverter) else "none"


def may_enter(permission: str, walker: str) -> bool:
    """What the words of a permission mean."""
    if permission in OPEN:
        return True
    if walker == "anonymous":
        return False
    if permission == "host":
        return walker == "host"
    if permission in ("fills", "fills_or_link"):
        return walker in ("host", "reviewer", "supervisor")
    if permission == "signed_in":
        return True
    kind, _, roles = permission.partition(":")
    assert kind == "staff", f"unknown permission {permission!r}"
    return walker in roles.split(",")


@pytest.mark.parametrize("walker", WALKERS)
def test_who_enters_is_who_the_guard_names(app, client, signed_in, walker):
    if walker != "anonymous":
        client = signed_in(*(("host",) if walker == "host" else ("staff", walker)))
    wrong = []
    client.look("/help")
    token = client.token
    addresses = [(method, *route) for method in ("GET", "POST") for route in routes(app, method)]
    assert len(addresses) > 60
    for method, address, permission in addresses:
        if method == "POST" and may_enter(permission, walker):
            continue  # what it does is told elsewhere
        response = client.open(address, method=method, headers={"X-CSRFToken": token})
        asked = response.status_code in (302, 307) and urlsplit(response.location or "").path == "/sign-in"
        if may_enter(permission, walker):
            right = response.status_code < 500 and response.status_code not in (401, 403) and not asked
        else:
            right = asked if walker == "anonymous" else response.status_code == 403
        if not right:
            wrong.append(f"{method} {address} ({permission}): {response.status_code} {response.location or ''}")
    assert wrong == []


def test_a_form_without_the_pages_token_does_nothing(app, client, signed_in):
    """But signing in, which a guard hands a form on to, and which asks for the token itself."""
    client = signed_in()
    client.look("/help")
    accepted = [
        address
        for address, _ in routes(app, "POST")
        if client.post(address, headers={"X-CSRFToken": ""}).status_code != 400
    ]
    assert accepted == ["/sign-in"]
    typed = {"login": "lin@qingwu.example", "password": "x" * 12}
    assert client.post("/sign-in", data=typed, headers={"X-CSRFToken": ""}).status_code == 400
