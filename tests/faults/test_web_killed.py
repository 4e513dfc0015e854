"""The site is killed while a host submits, saves or uploads: afterwards all of it is there, or nothing of it."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import signal
from dataclasses import dataclass

import pytest
import requests
from sqlalchemy import func, select

from icp import documents
from icp.demo import drawings
from icp.documents.models import Paper
from icp.documents.storage import papers_storage
from icp.extensions import db
from icp.filings import drafts, revisions, verbs
from icp.filings.models import Event, Filing, Revision
from icp.outbox.models import OutboxRow
from tests.faults.fault_cases import Scene, fresh_company
from tests.faults.plugin import point
from tests.waiting import until
from tests.web import desk_cases

DOCUMENT = "subject.papers.document"
SUBMIT = [
    ("icp.filings.verbs:submit", "before", False),
    ("icp.filings.revisions:freeze", "after", False),  # the revision written, not committed
    ("icp.filings.verbs:submit", "after", False),
    ("icp.accounts.links:end_of_filing", "after", False),  # all written, not committed
    ("flask.helpers:flash", "before", True),  # committed, nothing answered
]
UPLOAD = [
    ("icp.documents.storage:SealedStorage.put", "after", False),  # one of its files is kept
    ("icp.documents.papers:_derive", "after", False),  # all files, no row
    ("icp.documents.papers:_take_place", "after", False),  # the row, not committed
    ("icp.host.papers:_answer", "before", True),
]


@dataclass
class Said:
    """What the site's log says of a pattern."""

    scene: Scene
    pattern: str

    def all(self) -> list[str]:
        log = self.scene.live.instance / "site.log"
        return re.findall(self.pattern, log.read_text()) if log.exists() else []

    def count(self) -> int:
        return len(self.all())


class Host:
    """Somebody at his filing: pages are looked at in this process, forms are sent to the site that will die."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.company = scene, fresh_company()
        filing = desk_cases.submitted(self.company)
        self.by = desk_cases.host_of(self.company)
        self.filing_id, self.number = filing.id, filing.number
        verbs.withdraw(filing.id, self.by)
        db.session.commit()
        self.client = scene.app.test_client().sign_in(self.by.account_id or 0)

    def send(self, path: str, data: dict[str, str], look: str = "check", **files: bytes) -> requests.Response:
        self.client.look(f"/filings/{self.number}/{look}")
        cookie = self.client.get_cookie("session")
        assert cookie is not None
        return requests.post(
            f"{self.scene.live.url}/filings/{self.number}/{path}",
            data={**data, "csrf_token": self.client.token},
            files={name: (f"{name}.jpg", io.BytesIO(content)) for name, content in files.items()} or None,
            cookies={"session": cookie.value},
            allow_redirects=False,
            timeout=30,
        )

    def sends_and_site_dies(self, *words: object, **files: bytes) -> None:
        deaths = Said(self.scene, "Unexpected exit").count
        before = deaths()
        with pytest.raises(requests.ConnectionError):
            self.send(*words, **files)  # type: ignore[arg-type]
        until(lambda: deaths() > before, 30, "nobody died")
        self.scene.live.kill("site")
        db.session.rollback()

    def books(self) -> dict[str, object]:
        """What the database holds of the filing."""
        db.session.rollback()

        def rows(model, column):
            return db.session.execute(
                select(model.__table__).where(column == self.filing_id).order_by(*model.__table__.primary_key)
            ).all()

        return {
            "filing": rows(Filing, Filing.id),
            "revisions": rows(Revision, Revision.filing_id),
            "events": rows(Event, Event.filing_id),
            "outbox": rows(OutboxRow, OutboxRow.filing_id),
            "papers": rows(Paper, Paper.filing_id),
            "answers": drafts.read(self.filing_id).answers.as_json(),
        }

    def submitted_once_more(self) -> None:
        """Exactly one revision came of the submission, with its event, its letter, and the whole of the answers."""
        filing = db.session.get_one(Filing, self.filing_id, populate_existing=True)
        assert (filing.state, filing.revision_no) == ("submitted", 2)
        wanted = select(Event.action).where(Event.filing_id == self.filing_id).order_by(Event.id)
        assert db.session.scalars(wanted).all() == ["open", "submit", "withdraw", "submit"]
        letters = select(func.count()).where(
            OutboxRow.filing_id == self.filing_id, OutboxRow.kind == "letter.submitted"
        )
        assert db.session.scalar(letters) == 2
        newest = revisions.newest(filing)
        assert newest.answers.get("website[w1].domain") == self.company.domain
        assert newest.hash == newest.answers.digest(newest.papers)


@pytest.mark.parametrize(("function", "when", "done"), SUBMIT)
def test_submit(scene, function, when, done):
    host = Host(scene)
    before = host.books()
    scene.live.start("site", kill=point(function, when))
    host.sends_and_site_dies("submit", {"declare": "yes"})
    if done:
        host.submitted_once_more()
    else:
        assert host.books() == before, "an untouched draft"
    # the host, who saw an error, presses the button again
    host.client.send(f"/filings/{host.number}/submit", {"declare": "yes"})
    host.submitted_once_more()


@pytest.mark.parametrize(("function", "when", "done"), UPLOAD)
def test_upload(scene, function, when, done):
    host = Host(scene)
    before = documents.current(host.filing_id)[DOCUMENT].id
    picture = drawings.licence(host.company)
    scene.live.start("site", kill=point(function, when))
    host.sends_and_site_dies("papers/upload", {"slot": DOCUMENT}, "papers", picture=picture)
    there = documents.current(host.filing_id)[DOCUMENT]
    assert (there.id != before) is done, "the old picture or the new one"
    for read in (documents.reduced, documents.view, documents.original):
        assert read(there).startswith(b"\xff\xd8")
    # what lies about is swept, what is in a slot stays
    db.session.rollback()
    documents.sweep(dt.timedelta(seconds=-1))
    db.session.commit()
    ids = set(db.session.scalars(select(Paper.id)))
    assert {key.split("/")[1] for key in papers_storage().aged(dt.datetime.max.replace(tzinfo=dt.UTC))} <= ids
    assert documents.reduced(documents.current(host.filing_id)[DOCUMENT])
    host.client.send(f"/filings/{host.number}/submit", {"declare": "yes"})
    host.submitted_once_more()


@pytest.mark.parametrize(
    ("function", "when"), [("icp.filings.drafts:write", "before"), ("icp.filings.drafts:write", "after")]
)
def test_saving(scene, function, when):
    host = Host(scene)
    before = host.books()
    scene.live.start("site", kill=point(function, when))
    name, there = "website[w1].name", host.company.website
    host.sends_and_site_dies("answers", {name: "青梧手作文创馆", f"shown:{name}": there}, "steps/website/w1")
    assert host.books() == before


def test_the_site_goes_on_without_one_of_its_processes(scene):
    """One process of several dies: the others answer, and another takes its place."""
    started = Said(scene, r"Started worker-\d")
    spawned = Said(scene, r"Spawning worker-\d with PID: (\d+)")
    before = started.count()
    scene.live.start("site")
    until(lambda: started.count() == before + 2, 60, "two processes don't come up")
    os.kill(int(spawned.all()[-1]), signal.SIGKILL)
    until(lambda: started.count() == before + 3, 60, f"nobody takes its place: {scene.live.log('site')}")

    def answers() -> bool:
        try:
            return requests.get(f"{scene.live.url}/healthz", timeout=10).ok
        except requests.ConnectionError:
            return False

    until(answers, 60, "the site doesn't answer")
    assert scene.live.parts["site"].poll() is None
