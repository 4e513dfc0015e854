"""A test client that looks at every page as a strict reader would."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from tests.html import XHTML, Page, check, parse

__all__ = ["XHTML", "Htmx", "Page", "StrictClient", "check", "parse"]


class Htmx:
    """What htmx sends and gets: the same addresses with its headers, redirects not followed."""

    def __init__(self, client: StrictClient) -> None:
        self.client = client

    def get(self, path: str, target: str = "", **kwargs: Any) -> Any:
        return self.client.get(path, headers=self._headers(target), **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, target: str = "", **kwargs: Any) -> Any:
        return self.client.post(path, data=data or {}, headers=self._headers(target), **kwargs)

    def _headers(self, target: str) -> dict[str, str]:
        return {"HX-Request": "true", **({"HX-Target": target} if target else {})}


class StrictClient(FlaskClient):
    """Checks each HTML answer, adds the CSRF token of the last page to posts, and signs people in."""

    page: Page
    token: str = ""

    @property
    def htmx(self) -> Htmx:
        """This client as htmx: ``client.htmx.post(path, data)``."""
        return Htmx(self)

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("method", "GET").upper() == "POST":
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("Origin", "http://localhost")  # as browsers do
            if self.token:
                headers.setdefault("X-CSRFToken", self.token)
            kwargs["headers"] = headers
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308) and response.data:
            text = response.get_data(as_text=True)
            fragment = not text.lstrip().lower().startswith("<!doctype")
            self.page = parse(text, fragment)
            check(self.page, response.request.path, fragment)
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
            if found:
                self.token = found.group(1)
        return response

    def look(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET a page, follow redirects, and parse it."""
        response = self.get(path, follow_redirects=True, **kwargs)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return self.page

    def send(
        self, path: str, data: dict[str, Any] | None = None, status: int = 200, htmx: bool = False, **kwargs: Any
    ) -> Page:
        """POST a form, follow redirects, and parse the answer."""
        if not self.token:
            self.look("/help")
        headers = {"HX-Request": "true"} if htmx else {}
        response = self.post(path, data=data or {}, headers=headers, follow_redirects=not htmx, **kwargs)
        assert response.status_code == status, f"{path}: {response.status_code} {response.get_data(as_text=True)[:400]}"
        return self.page

    def sign_in(self, account_id: int, stamp: str = "test") -> StrictClient:
        """Carry a session of the account, as after signing in."""
        with self.session_transaction() as session:
            session["_user_id"] = f"{account_id}.{stamp}"
            session["_fresh"] = True
        return self
