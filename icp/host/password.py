"""The filing password: typed here, asked of the bureau at once, never stored as it was typed."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from icp.accounts.attempts import TooManyAttempts
from icp.accounts.guards import fills
from icp.bureau import passwords as bureau
from icp.bureau.codec.auth import filing_password_hash
from icp.extensions import db
from icp.filings import drafts, marks, passwords
from icp.filings.states import State
from icp.host import bp
from icp.host.here import Here, here, here_to_edit
from icp.host.step import next_after
from icp.i18n import tr
from icp.rules.filing_numbers import parse
from icp.vocabulary.text import N_, Message

EMPTY = N_("请填写备案密码。")
STRANGE = N_("备案密码里有管局系统写不出的字符。请核对输入法，密码一般只有字母和数字。")
WRONG = N_("备案密码错误。请核对大小写；还可以试 {left} 次。")
LAST = N_("备案密码错误，能试的次数用完了。请 {minutes} 分钟后再试，或先找回密码。")
FEW = N_("试得太多了。请 {minutes} 分钟后再试，或先找回密码。")
FEW_OF_NUMBER = N_("这个备案号的密码一小时里试错得太多了，也可能是别人试的。请 {minutes} 分钟后再试，或先找回密码。")
USED_UP = N_("管局说，这个备案号的密码试得太多了：“{text}”。请过些时候再来，或先找回密码。")
RIGHT = N_("密码正确，已随这份备案封存。")
LATER = N_("暂时连不上管局，密码没能核对。我们先封存着，报送时由管局核对；您可以接着往下填。")
LONGEST = 64


@bp.get("/filings/<number>/password")
@fills
def password(number: str) -> Any:
    """Ask for the filing password."""
    found = here(number)
    if not found.editable:
        return redirect(url_for("host.filing", number=number))
    return _page(found)


@bp.post("/filings/<number>/password")
@fills
def check_password(number: str) -> Any:
    """Ask the bureau whether it is right, and keep what the wire takes of it."""
    found = here_to_edit(number)
    filing_number, typed = _filing_number(found), request.form.get("filing_password", "")
    if not filing_number:
        return redirect(url_for("host.password", number=number), 303)
    if not typed or len(typed) > LONGEST:
        return _page(found, tr(EMPTY)), 422
    try:
        md5 = filing_password_hash(typed)
    except UnicodeEncodeError:
        return _page(found, tr(STRANGE)), 422
    try:
        verdict = bureau.attempt(_person(found), filing_number, typed)
    except TooManyAttempts as few:
        return _page(found, tr(used_up(few))), 429
    return _answer(found, filing_number, md5, verdict)


def _answer(found: Here, filing_number: str, md5: str, verdict: bureau.Verdict) -> Any:
    filing_id, by = found.filing.id, found.by
    kind = {bureau.Right: passwords.RIGHT, bureau.Wrong: passwords.WRONG}.get(type(verdict), passwords.UNCHECKED)
    if isinstance(verdict, bureau.TriesUsedUp):
        return _page(found, tr(Message(USED_UP, text=verdict.text))), 429
    try:
        passwords.keep(filing_id, by, number=filing_number, md5=md5, verdict=kind)
    except drafts.NotEditable:
        abort(409)
    asked = _answer_marks(found) if kind != passwords.WRONG else False
    db.session.commit()
    if kind == passwords.WRONG:
        return _page(found, tr(_wrong(_person(found), filing_number))), 422
    flash(tr(RIGHT if kind == passwords.RIGHT else LATER), "good" if kind == passwords.RIGHT else "note")
    if asked:
        return redirect(url_for("host.mend", number=found.filing.number), 303)
    buffer = drafts.read(filing_id)
    return redirect(next_after(found, found.operation.step("password"), "", buffer), 303)


def _person(found: Here) -> bureau.Person:
    return bureau.Person(found.by.account_id or 0, staff=found.by.kind == "staff")


def used_up(few: TooManyAttempts) -> Message:
    """What is said when no try is left, his own or anybody's for this number."""
    return Message(FEW_OF_NUMBER if few.kind == bureau.OF_NUMBER else FEW, minutes=few.minutes)


def _wrong(person: bureau.Person, number: str) -> Message:
    left = bureau.tries_left(person, number)
    return Message(WRONG, left=left) if left else Message(LAST, minutes=bureau.minutes_left(person, number))


def _answer_marks(found: Here) -> bool:
    """A password typed anew is the answer to what was said of the old one; tells whether anything was."""
    if found.filing.state != State.RETURNED:
        return False
    said = [mark for mark in marks.unanswered(found.filing) if mark.path == passwords.PATH]
    for mark in said:
        marks.answer(found.filing, mark, "mended")
    return bool(said)


def _filing_number(found: Here) -> str:
    """The subject's number in canonical form, '' before it is known."""
    number = parse(drafts.read(found.filing.id).answers.text("subject.filing_number"))
    return number.subject if number is not None else ""


def _page(found: Here, complaint: str = "") -> str:
    html: str = render_template(
        "host/password.html",
        found=found,
        step=found.operation.step("password"),
        filing_number=_filing_number(found),
        standing=passwords.standing(found.filing.id),
        complaint=complaint,
    )
    return html
