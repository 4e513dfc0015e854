"""What a filing is about, ended as the bureau or a file says; within an application context."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from icp.extensions import begin_write, db
from icp.register import verbs as register
from icp.register.models import RegisterEvent, Subject
from tests.unit.register.register_cases import OURS, access, subject, website
from tests.web import operation_cases
from tests.web.operation_cases import NUMBER, SITE

OTHER = f"{NUMBER}-2"
DAY = dt.datetime(2026, 3, 16, 20, 30, tzinfo=dt.UTC)
TOLD = "2026-03-17"
"""The day in China."""


def on_record() -> Subject:
    """A subject with two websites, both with access here."""
    operation_cases.offer()
    here = (access(provider=OURS),)
    other = website(OTHER, domain="haiyan.example", bureau_id=201, accesses=(access(bureau_id=301, provider=OURS),))
    found = register.record(subject(website(accesses=here), other), filing_id=None, our_isp_id=OURS)
    db.session.flush()
    return found


def end(what: str, number: str, **more: object) -> None:
    """End the subject, a website or the access to it on ``DAY``; committed. ``more``: source and filing_id."""
    begin_write()
    (about,) = db.session.scalars(select(Subject))
    if what == "subject":
        register.cancel_subject(about, **more)
    site = next(site for site in about.websites if site.number == (SITE if what == "subject" else number))
    if what == "website":
        register.cancel_website(site, **more)
    for one in list(site.accesses) if what == "access" else []:
        register.cancel_access(one, **more)
    for event in db.session.scalars(select(RegisterEvent).where(RegisterEvent.kind.endswith("_cancelled"))):
        event.at = DAY
    db.session.commit()
