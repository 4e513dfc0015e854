"""Handing the uploads of a filing on to a phone: a code for minutes, which opens slots and nothing else.

The code is short, since it may have to be typed; it lives for minutes, opens little, and guesses are counted. The phone
holds nothing but the id of the link, which is looked at anew with each request.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

import segno
from flask import abort, current_app, make_response, redirect, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy import update

from icp import documents
from icp.accounts import attempts, links
from icp.accounts.guards import fills_or_link, public
from icp.accounts.models import Account, MailLink
from icp.documents import PictureRefused
from icp.drawing.controls import id_of
from icp.extensions import begin_write, db, now
from icp.filings import drafts, operations
from icp.filings.models import Filing
from icp.filings.states import CHINA, Actor
from icp.host import bp
from icp.host.here import here_to_edit
from icp.host.slots import SlotShown, explanation, picture, slots_of, take
from icp.rules.correction import Correction
from icp.settings import Settings

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which people misread; what they type instead is understood."""
MEANT = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})
LENGTH = 8
GIVEN = "handoff"
"""In the session at the desk: the filing, the link and its code, so that the page can show it again."""
PHONE = "phone"
"""In the session of the phone: id of the link, and of the papers it has sent."""
SENT = 40
"""So many ids of papers a phone's session remembers; a cookie holds no more than 4 KB."""


@dataclass(frozen=True)
class Handoff:
    """An open hand-off as the papers page shows it.

    Attributes:
        link_id: its row.
        code: in two groups, as it is read and typed.
        address: what the QR code holds.
        door: where the code is typed, as people read addresses.
        until: hours and minutes in China.
    """

    link_id: int
    code: str
    address: str
    door: str
    until: str

    @property
    def picture(self) -> Markup:
        """The QR code as SVG."""
        code = segno.make(self.address, error="m", micro=False)
        return Markup(code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704 # drawn by us


@bp.post("/filings/<number>/handoff")
@fills_or_link
def hand_off(number: str) -> Any:
    """Open a hand-off; an earlier one of this filing ends."""
    found = here_to_edit(number)
    filing_id, account_id = found.filing.id, found.by.account_id
    begin_write()
    _end(filing_id)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    life = dt.timedelta(minutes=_settings().handoff_minutes)
    account = db.session.get(Account, account_id)
    links.issue("handoff", account=account, filing_id=filing_id, lifetime=life, code=code)
    link = links.find("handoff", code)
    session[GIVEN] = {"number": number, "link": link.id if link else 0, "code": code}
    db.session.commit()
    return redirect(url_for("host.papers", number=number, _anchor="handoff"), 303)


@bp.post("/filings/<number>/handoff/end")
@fills_or_link
def end_hand_off(number: str) -> Any:
    """End it before its time: the phone can send nothing more."""
    found = here_to_edit(number)
    filing_id = found.filing.id
    begin_write()
    _end(filing_id)
    db.session.commit()
    session.pop(GIVEN, None)
    return redirect(url_for("host.papers", number=number, _anchor="handoff"), 303)


@bp.get("/m")
@bp.get("/m/<code>")
@public
def phone_door(code: str = "") -> Any:
    """What a phone opens: a button, and a place for the code when it came without one. Every code looks alike."""
    return render_template("host/handoff_door.html", code=code, complaint="")


@bp.post("/m")
@bp.post("/m/<code>")
@public
def phone_open(code: str = "") -> Any:
    """Open the session that can upload papers of one filing."""
    typed = code or request.form.get("code", "")
    if not attempts.allow("handoff_address", attempts.network_of(request.remote_addr)):
        return render_template("host/handoff_door.html", code="", complaint="many"), 429
    link = links.find("handoff", typed.strip().upper().translate(MEANT))
    if link is None or not _open(link):
        return render_template("host/handoff_door.html", code="", complaint="unknown"), 410
    session[PHONE] = {"link": link.id, "papers": []}
    return redirect(url_for("host.phone"), 303)


@bp.get("/m/papers")
@public
def phone() -> Any:
    """The slots, without anything else of the filing."""
    return _phone_page(*_here())


@bp.post("/m/papers")
@public
def phone_upload() -> Any:
    """Take a picture from the phone."""
    link, filing = _here()
    operation = operations.get(filing.operation)
    try:
        paper_id = take(filing, operation, Actor("host", link.account_id), None).id
    except PictureRefused as refusal:
        db.session.rollback()
        return _refused(refusal.correction, 422)
    db.session.commit()
    held = session[PHONE]
    session[PHONE] = {**held, "papers": [*held["papers"], paper_id][-SENT:]}
    path = request.form["slot"]
    if "HX-Request" in request.headers:
        return _phone_slot(path)
    return redirect(url_for("host.phone", _anchor=id_of(path)), 303)


@bp.post("/m/papers/explain")
@public
def phone_explain() -> Any:
    """Keep why a picture this very phone has sent is used though the machine noticed something; '' takes it back."""
    link, filing = _here()
    paper_id, path = request.form.get("paper", ""), request.form.get("slot", "")
    paper = documents.get(paper_id)
    if paper_id not in session[PHONE]["papers"] or paper is None or (paper.filing_id, paper.path) != (filing.id, path):
        abort(404)
    if paper.removed_at is None:
        drafts.explain(filing.id, Actor("host", link.account_id), path, explanation())
        db.session.commit()
    if "HX-Request" in request.headers:
        return _phone_slot(path)
    return redirect(url_for("host.phone", _anchor=id_of(path)), 303)


@bp.get("/m/papers/<paper_id>.jpg")
@public
def phone_paper(paper_id: str) -> Any:
    """A picture this very phone has sent."""
    _, filing = _here()
    paper = documents.get(paper_id)
    if paper_id not in session[PHONE]["papers"] or paper is None or paper.filing_id != filing.id:
        abort(404)
    return picture(paper, documents.view)


@bp.post("/m/end")
@public
def phone_end() -> Any:
    """The phone is done; its code ends."""
    _, filing = _here()
    filing_id = filing.id
    begin_write()
    _end(filing_id)
    db.session.commit()
    session.pop(PHONE)
    return render_template("host/handoff_over.html", done=True)


def given(filing: Filing) -> Handoff | None:
    """The hand-off this browser has open for a filing."""
    held = session.get(GIVEN) or {}
    link = db.session.get(MailLink, held.get("link", 0))
    if link is None or held["number"] != filing.number or not _alive(link):
        return None
    code = held["code"]
    base = (_settings().external_url or request.host_url).rstrip("/")
    until = link.expires_at.astimezone(CHINA).strftime("%H:%M")
    door = url_for("host.phone_door")
    return Handoff(
        link.id, f"{code[:4]} {code[4:]}", f"{base}{door}/{code}", f"{base}{door}".partition("://")[2], until
    )


def too_large(refusal: Correction) -> Any:
    """A picture that is larger than the site reads at all."""
    _here()
    return _refused(refusal, 413)


def _here() -> tuple[MailLink, Filing]:
    """The link this phone came by, and its filing; looked at anew with every request.

    Raises:
        werkzeug.exceptions.HTTPException: with a page (410) when it has ended.
    """
    link = db.session.get(MailLink, (session.get(PHONE) or {}).get("link", 0))
    filing = _open(link) if link is not None else None
    if link is None or filing is None:
        abort(make_response(render_template("host/handoff_over.html", done=False), 410))
    return link, filing


def _open(link: MailLink) -> Filing | None:
    """The filing of a living hand-off that its host may still write."""
    filing = db.session.get(Filing, link.filing_id or 0)
    open_ = filing is not None and _alive(link) and drafts.may_edit(filing, Actor("host", link.account_id))
    return filing if open_ else None


def _alive(link: MailLink) -> bool:
    return link.purpose == "handoff" and link.used_at is None and link.expires_at > now()


def _end(filing_id: int) -> None:
    db.session.execute(
        update(MailLink)
        .where(MailLink.filing_id == filing_id, MailLink.purpose == "handoff", MailLink.used_at.is_(None))
        .values(used_at=now())
    )


def _refused(refusal: Correction, status: int) -> Any:
    if "HX-Request" in request.headers:
        return make_response(_phone_slot(refusal.path, refusal), status)
    return make_response(_phone_page(*_here(), refusal), status)


def _phone_slot(path: str, refusal: Correction | None = None) -> str:
    _, filing = _here()
    slots = _slots(filing, refusal, path)
    html: str = render_template("host/handoff_slot.html", shown=slots[0] if slots else abort(404), **_words())
    return html


def _phone_page(link: MailLink, filing: Filing, refusal: Correction | None = None) -> str:
    slots = _slots(filing, refusal)
    html: str = render_template(
        "host/handoff_phone.html",
        slots=slots,
        misplaced=refusal if refusal and all(shown.refusal is None for shown in slots) else None,
        until=link.expires_at.astimezone(CHINA).strftime("%H:%M"),
        **_words(),
    )
    return html


def _slots(filing: Filing, refusal: Correction | None, only: str = "") -> list[SlotShown]:
    mine = session[PHONE]["papers"]
    operation = operations.get(filing.operation)
    return slots_of(filing, operation, refusal=refusal, stranger=True, mine=mine, only=only)


def _words() -> dict[str, Any]:
    return {"mine": set(session[PHONE]["papers"]), "limit": _settings().upload_limit_mb}


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
