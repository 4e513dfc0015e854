"""A provider with somebody on record, before a browser: records made by verbs, sign-ins by cookie, the officer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask

from icp import create_app
from icp.accounts.people import by_email
from icp.bureau import account as bureau_account
from icp.bureau.client import forget_wsdl
from icp.demo.load import make_account
from icp.extensions import db
from icp.filings.models import Filing
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.core import Bureau
from icp.register.records import SubjectRecord
from tests.browser import people
from tests.bureau.agreeing import agree
from tests.bureau.travelling import Desk
from tests.live import LiveSite
from tests.waiting import until

REVIEWER, COLLEAGUE = "xu@desk.example", "he@desk.example"


@dataclass
class Provider:
    """Site, worker and bureau, with all that stands on record.

    Attributes:
        site: the processes.
        app: the site in this process, over the same instance.
        desk: everything by its verb.
        new_page: opens a page in a browser of its own.
    """

    site: LiveSite
    app: Flask
    desk: Desk
    new_page: Callable[..., Any]

    def signed_in(self, email: str) -> Any:
        """A page of somebody whose account is there already."""
        account = by_email(email)
        assert account is not None, email
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update({"_user_id": account.get_id(), "_fresh": True})
        cookie = client.get_cookie("session")
        assert cookie is not None
        page = self.new_page()
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.site.url}])
        return page

    def state(self, number: str) -> str:
        """Where a filing is."""
        db.session.rollback()
        return db.session.query(Filing.state).filter_by(number=number).scalar() or ""

    def approved(self, number: str) -> dict[str, SubjectRecord]:
        """The officer approves what waits, the worker fetches it; what is on record then, here as at the bureau."""
        bureau = self.desk.bureau
        waiting = until(lambda: bureau.requests("pending"), 30, f"{number} never came: {self.site.log('worker')}")
        for row in waiting:
            bureau.approve(row["number"])
        bureau.settle()
        until(
            lambda: self.state(number) == "approved",
            30,
            f"{number} isn't approved: {self.site.log('worker')}",
        )
        return agree(bureau)

    def accept(self, page: Any, number: str) -> None:
        """A reviewer takes a filing, finds everything right and passes it."""
        people.take(page, self.site, number)
        if page.get_by_role("button", name="答过的都妥").count():
            page.get_by_role("button", name="答过的都妥").click()
        people.pass_on(page)


@contextmanager
def opened(site: LiveSite, new_page: Callable[..., Any]) -> Iterator[Provider]:
    """A provider whose bureau answers; site and worker start when what they find is there."""
    site.settings["ICP_LOOPBACK_DECISION"] = "manual"
    site.start("bureau")
    forget_wsdl()
    app = create_app(instance=site.instance, bureau_url=site.bureau_url)
    with app.app_context():
        bureau_account.seed_account()
        for email, name in ((REVIEWER, "许闻"), (COLLEAGUE, "何田")):
            make_account("staff", email, name, "reviewer")
        db.session.commit()
        bureau = Bureau(Config(instance=site.instance, decision="manual"))
        yield Provider(site, app, Desk(bureau), new_page)
        db.session.remove()
        db.engine.dispose()
