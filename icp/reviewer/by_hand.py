"""Escape hatches: decisions that came by telephone, provinces held back, and results only a person can place."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from icp import audit, vocabulary
from icp.accounts import second_person
from icp.accounts.second_person import SamePerson
from icp.bureau import choosing, holding, settling
from icp.bureau.holding import NotHeld
from icp.bureau.models import BureauRecord, BureauResult, Outcome, Settlement
from icp.bureau.settling import NotSettled
from icp.extensions import db, row_id
from icp.filings import states, wording
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import Action, NotAllowed, StaleRevision, State
from icp.i18n import language, tr
from icp.reviewer import bp, desk
from icp.reviewer.bureau import numbers_of
from icp.reviewer.desk import OPERATES, SUPERVISES
from icp.vocabulary.text import N_, Message

SETTLE: dict[str, str] = {
    "reason": N_("写明结果是怎么来的：谁、什么时候、电话还是管局页面。"),
    "numbers": N_("写管局给的备案号，一行一个，例如 闽ICP备12345678号-1。"),
    "taken": N_("登记库里，这里有备案号属于别的主体或网站。请照管局给的再核对一遍。"),
    "words": N_("写管局的退回意见。"),
    "open": N_("这份备案已有一条认定在等人确认。"),
    "outcome": N_("选通过还是退回。"),
    "person": N_("认定要由另一个人确认。"),
}
FIELD = {"taken": "numbers"}
SAID = {"person": SETTLE["person"]}
CONFIRMED = N_("{name} 已经确认过，备案已按认定办结。")
DECLINED = N_("{name} 已经作废过，备案没有变。")
PLACED = N_("{name} 在 {at} 已经办过：是 {number} 的结果。")
SHELVED = N_("{name} 在 {at} 已经办过：哪份都不是。")
UNMOVED = N_("没有改变备案：它已经有了结果，或不在管局了。")


@bp.get("/desk/bureau/by-hand")
@OPERATES
def by_hand() -> str:
    """What waits for a second person, which provinces are held, and which results nobody has placed."""
    return _page()


def _page(problem: str = "", typed: dict[str, str] | None = None) -> str:
    asked, held, results = settling.waiting(), holding.held(), choosing.waiting()
    fitting: dict[int, list[BureauRecord]] = {row.id: choosing.candidates(row) for row in results}
    ids = [row.filing_id for row in asked] + [record.filing_id for found in fitting.values() for record in found]
    return render_template(
        "reviewer/by_hand.html",
        asked=asked,
        held=held,
        results=results,
        fitting=fitting,
        said={row.id: choosing.read(row) for row in results},
        numbers=numbers_of(ids),
        names=desk.names([row.asked_by_id for row in asked] + [row.by_id for row in held]),
        provinces=_provinces(),
        others={row.province: second_person.others(row.by_id, current_user.id) for row in held},
        problem=problem,
        typed=typed or {},
        supervises=current_user.role == "supervisor",
        moment=desk.moment,
    )


def _provinces() -> dict[str, str]:
    chosen = language()
    return {option.code: option.label(chosen) for option in vocabulary.current().options("provinces")}


@bp.get("/desk/filings/<number>/settle")
@SUPERVISES
def settle_form(number: str) -> Any:
    """Note a decision that came another way."""
    return _settle_page(desk.find(number), {}, [])


@bp.post("/desk/filings/<number>/settle")
@SUPERVISES
def settle(number: str) -> Any:
    """Ask for a decision to be noted; somebody else confirms it."""
    filing = lock(desk.find(number).id)
    typed = {name: request.form.get(name, "").strip()[:2000] for name in ("outcome", "reason", "numbers", "words")}
    try:
        if typed["outcome"] not in (Outcome.APPROVED, Outcome.REFUSED):
            raise NotSettled("outcome")
        given = typed["numbers"].splitlines()
        row = settling.ask(
            filing, current_user.id, Outcome(typed["outcome"]), typed["reason"], numbers=given, words=typed["words"]
        )
    except NotAllowed as refusal:
        db.session.rollback()
        return desk.refused(number, refusal)
    except NotSettled as error:
        db.session.rollback()
        if error.field == "open" and _asked_just_now(filing.id, typed):
            flash(gettext("已提出，等另一个人确认。"), "good")
            return redirect(url_for("reviewer.by_hand"), 303)
        return _settle_page(desk.find(number), typed, [error.field]), 422
    audit.record("ask_settlement", actor=current_user, object_kind="filing", object_id=number, details={"id": row.id})
    db.session.commit()
    flash(gettext("已提出，等另一个人确认。"), "good")
    return redirect(url_for("reviewer.by_hand"), 303)


def _asked_just_now(filing_id: int, typed: dict[str, str]) -> bool:
    """Whether what waits is what the visitor asks for: the second of two clicks."""
    row = settling.waiting_for(filing_id)
    return row is not None and (row.asked_by_id, row.outcome, row.reason) == (
        current_user.id,
        typed["outcome"],
        typed["reason"][:500],
    )


def _settle_page(filing: Filing, typed: dict[str, str], wrong: list[str]) -> str:
    asked = settling.of_filing(filing.id)
    return render_template(
        "reviewer/settle.html",
        filing=filing,
        state=wording.label(filing.operation, State(filing.state)),
        possible=states.can(filing, Action.APPROVED),
        typed=typed,
        problems={FIELD.get(name, name): tr(SETTLE[name]) for name in wrong},
        asked=asked,
        names=desk.names([i for row in asked for i in (row.asked_by_id, row.answered_by_id)]),
        moment=desk.moment,
    )


@bp.post("/desk/bureau/settlements/<int:settlement_id>/<any(confirm, decline):act>")
@SUPERVISES
def answer_settlement(settlement_id: int, act: str) -> Any:
    """A second person confirms what the first asked, or says that it isn't so."""
    row = db.session.get(Settlement, settlement_id)
    if row is None:
        abort(404)
    asked_by = desk.name_of(row.asked_by_id)
    try:
        if act == "confirm":
            filing = settling.confirm(settlement_id, current_user.id, (asked_by, current_user.name))
        else:
            filing = settling.decline(settlement_id, current_user.id)
    except NotSettled as error:
        db.session.rollback()
        flash(*_answered(settlement_id, act) if error.field == "open" else (tr(SAID[error.field]), "mend"))
        return _back()
    except (NotAllowed, StaleRevision):
        db.session.rollback()
        flash(tr(UNMOVED), "mend")
        return _back()
    audit.record(f"{act}_settlement", actor=current_user, object_kind="filing", object_id=filing.number)
    db.session.commit()
    flash(gettext("已按认定办结。") if act == "confirm" else gettext("已作废，备案没有变。"), "good")
    return _back()


def _answered(settlement_id: int, act: str) -> tuple[str, str]:
    """What to say to whoever answers what is answered: done where it is what he wants, else who was faster."""
    row = db.session.get_one(Settlement, settlement_id, populate_existing=True)
    said = Message(CONFIRMED if row.confirmed else DECLINED, name=desk.name_of(row.answered_by_id))
    return tr(said), "good" if row.confirmed == (act == "confirm") else "mend"


@bp.post("/desk/bureau/provinces/hold")
@SUPERVISES
def hold_province() -> Any:
    """Keep the ready filings of a province here."""
    typed = {name: request.form.get(name, "").strip()[:500] for name in ("province", "reason")}
    if typed["province"] not in _provinces() or not typed["reason"]:
        return _page(gettext("选省份，并写明原因。"), typed), 422
    try:
        holding.hold(typed["province"], current_user.id, typed["reason"])
    except NotHeld:
        db.session.rollback()
        if any((row.province, row.by_id) == (typed["province"], current_user.id) for row in holding.held()):
            flash(gettext("已暂缓报送这个省的备案。"), "note")
            return _back()
        return _page(gettext("这个省已经暂缓报送了。"), typed), 422
    about = {"province": typed["province"], "reason": typed["reason"]}
    audit.record(
        "hold_province", actor=current_user, object_kind="province", object_id=typed["province"], details=about
    )
    db.session.commit()
    flash(gettext("已暂缓报送这个省的备案。"), "note")
    return _back()


@bp.post("/desk/bureau/provinces/<province>/release")
@SUPERVISES
def release_province(province: str) -> Any:
    """End a province's hold; what waited is offered at once."""
    try:
        waited = holding.release(province, current_user.id)
    except NotHeld:
        db.session.rollback()
        if province not in _provinces():
            abort(404)
        flash(gettext("这个省没有在暂缓，备案照常报送。"), "good")
        return _back()
    except SamePerson:
        db.session.rollback()
        flash(gettext("谁暂缓的，要由另一个主管恢复。"), "mend")
        return _back()
    audit.record("release_province", actor=current_user, object_kind="province", object_id=province)
    db.session.commit()
    flash(gettext("已恢复，%(n)s 份备案马上报送。", n=waited), "good")
    return _back()


@bp.post("/desk/bureau/results/<int:result_id>/place")
@SUPERVISES
def place_result(result_id: int) -> Any:
    """Say which request a result means, or that it means none of ours."""
    try:
        if request.form.get("record") == "none":
            choosing.shelve(result_id)
            why = ""
        else:
            why = choosing.place(result_id, _record())
    except LookupError:
        db.session.rollback()
        flash(*(_placed(result_id) or (gettext("没有找到它指的备案，没有改变什么。"), "mend")))
        return _back()
    audit.record("place_result", actor=current_user, object_kind="bureau_result", object_id=result_id)
    db.session.commit()
    flash(tr(UNMOVED) if why else gettext("已照你说的办。"), "note" if why else "good")
    return _back()


def _placed(result_id: int) -> tuple[str, str] | None:
    """What to say to whoever places what a person placed: by whom, when and where, as done where it is what he wants;
    None where nobody placed it."""
    act = audit.first("place_result", "bureau_result", result_id)
    if act is None:
        return None
    result = db.session.get_one(BureauResult, result_id, populate_existing=True)
    filing = db.session.get(Filing, result.filing_id) if result.filing_id else None
    who = {"name": desk.name_of(act.actor_id), "at": desk.moment(act.at)}
    said = Message(SHELVED, **who) if filing is None else Message(PLACED, **who, number=filing.number)
    wanted = {request.form.get("record"), request.form.get("number", "").strip()}
    done = {"none"} if filing is None else {str(result.record_id), filing.number}
    return tr(said), "good" if wanted & done else "mend"


def _record() -> int:
    """The record chosen, or the only open one of a filing that was named by its number.

    Raises:
        LookupError: none, or more than one.
    """
    chosen = request.form.get("record", "")
    with suppress(ValueError):
        return row_id(chosen)
    number = request.form.get("number", "").strip()
    filing = db.session.query(Filing).filter_by(number=number).one_or_none() if number else None
    found: list[BureauRecord] = choosing.open_records(filing.id) if filing is not None else []
    if len(found) != 1:
        raise LookupError(number)
    return found[0].id


def _back() -> Any:
    return redirect(url_for("reviewer.by_hand"), 303)
