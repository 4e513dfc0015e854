"""What tests of a host's papers share: drafts, pictures, slots, and sending them as forms do."""

from __future__ import annotations

import io
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from PIL import Image, ImageDraw
from sqlalchemy import select

from icp import documents
from icp.demo.load import RANGES
from icp.demo.people import COMPANIES
from icp.documents import Paper
from icp.drawing.controls import id_of
from icp.extensions import begin_write, db
from icp.filings import drafts, opening
from icp.filings.models import Filing
from icp.filings.states import Actor
from icp.register import ranges
from tests.client import StrictClient
from tests.html import Page

COMPANY = next(company for company in COMPANIES if company.key == "qingwu")
LICENCE = "subject.papers.document"
FRONT = "subject.principal.papers.identity_front"
CERTIFICATE = "website[w1].papers.domain_certificate"


def drawn(width: int = 1000, height: int = 700, colour: str = "#fbf6e6", kind: str = "JPEG") -> bytes:
    """A sharp, coloured sheet that nothing is to be said against."""
    picture = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(picture)
    for y in range(40, height - 40, 24):
        for x in range(40, width - 40, 18):
            if (x * 7 + y * 13) % 5:
                pen.rectangle((x, y, x + 7, y + 11), fill="#26302e")
    pen.ellipse((width * 0.6, height * 0.5, width * 0.85, height * 0.9), outline="#c0392b", width=12)
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def open_draft(app: Flask, host_id: int, **changes: Any) -> str:
    """The number of a draft with every answer given, without papers."""
    with app.app_context():
        begin_write()
        if not ranges.offered_to(""):
            ranges.import_csv(RANGES)
        by = Actor("host", host_id)
        filing = opening.open_filing("new_filing", by, host_id=host_id)
        values = {**COMPANY.answers("203.0.113.24"), **changes}
        drafts.save(filing.id, by, {path: (None, value) for path, value in values.items()})
        db.session.commit()
        return filing.number


def there(app: Flask, number: str) -> dict[str, Paper]:
    """Path → the paper that lies there."""
    with app.app_context():
        filing = db.session.scalars(select(Filing).where(Filing.number == number)).one()
        return documents.current(filing.id)


def brought_to(app: Flask, number: str, state: str) -> None:
    """The filing in another state, as if others had acted meanwhile."""
    with app.app_context():
        db.session.scalars(select(Filing).where(Filing.number == number)).one().state = state
        db.session.commit()


def send(
    client: StrictClient, where: str, slot: str, data: bytes | None, name: str = "IMG_2031.jpg", **more: Any
) -> Any:
    """Post a picture as the slot's form does; the answer, redirects not followed."""
    form: dict[str, Any] = {"slot": slot}
    if data is not None:
        form["picture"] = (io.BytesIO(data), name)
    query = {"slot": slot} if slot else {}
    answer = client.post(where, data=form, query_string=query, content_type="multipart/form-data", **more)
    answer.request.environ["wsgi.input"].close()  # a large body lies in a file that the test client leaves open
    return answer


def section(page: Page, path: str) -> Element:
    """The slot at a path, as the page shows it."""
    return page.one("section", id=id_of(path))


def id_of_filing(number: str) -> int:
    """Its row; within an application context."""
    return db.session.scalars(select(Filing.id).where(Filing.number == number)).one()
