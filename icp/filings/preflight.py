"""What else stands in a filing's way: the password, other filings of the same subject, what is on record already.

These ask the database and so are no rules; they are said before submission instead of being learnt from the bureau
(its codes 1003, 1005, 1017, 1018, 1027, 1030, 1032, 1042, 1043, 1048, 1049, 1050).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from icp.extensions import db
from icp.filings import lapsed, marks, passwords
from icp.filings.answers import Answers
from icp.filings.models import Filing
from icp.filings.operations import OPERATIONS, Operation
from icp.filings.states import State
from icp.register import reading
from icp.register import verbs as register
from icp.register.models import Subject, Website
from icp.rules.correction import Correction, Severity, Source
from icp.rules.domains import ascii_form
from icp.rules.filing_numbers import canonical, of_subject
from icp.vocabulary.text import N_, Message

UNDER_WAY = tuple(
    state for state in State if state not in (State.DRAFT, State.APPROVED, State.ABANDONED, State.EXPIRED)
)
"""States in which a filing holds its subject."""

PASSWORD_MISSING = N_("还没有填备案密码。")
PASSWORD_MISSING_REMEDY = N_("请在“备案密码”里填写；忘了的话，那里有找回的办法。")
PASSWORD_WRONG = N_("备案密码错误。")
PASSWORD_WRONG_REMEDY = N_("请重新填写；忘了的话，请在工信部网站找回备案密码。")
PASSWORD_OTHER = N_("备案密码是为 {number} 填的，主体备案号后来改了。")
PASSWORD_OTHER_REMEDY = N_("请为现在的号码重新填写备案密码。")
PASSWORD_AGAIN = N_("退回以后备案密码还没有重新填过。")
PASSWORD_AGAIN_REMEDY = N_("密码只有主办者能填：请退回给他，填过再报送。")
TWICE = N_("这个主体的“{operation}”正在办理（{number}）。")
TWICE_REMEDY = N_("请等那一份办结，或先撤回它；同一业务不能重复提交。")
ENDING = N_("这个主体正在办理“{operation}”（{number}），不能同时办别的。")
ENDING_REMEDY = N_("请等那一份办结，或先撤回它。")
QUEUED = N_("这个主体的“{operation}”正在办理（{number}），这一份会排在它后面。")
QUEUED_REMEDY = N_("照常提交即可：前一份通过后，这一份自动往下走。")
ON_RECORD = N_("这个主体已经有备案号：{number}。")
ON_RECORD_REMEDY = N_("请改办“新增网站”，填过的网站内容都会带过去。")
DOMAIN_OURS = N_("这个域名已经备案在这个主体名下：{number}。")
DOMAIN_OURS_REMEDY = N_("不用再备案；要改内容请办“信息变更”。")
DOMAIN_OTHERS = N_("这个域名已经在别的主体名下备案。")
DOMAIN_OTHERS_REMEDY = N_("请先由对方注销那个网站，再来备案。")
NOT_OURS = N_("{number} 现在不由我们接入，管局只收接入商办的注销。")
NOT_OURS_REMEDY = N_("请由现在的接入商办；没有接入商的，先在这里办“新增接入”，或者请管局注销。")
GONE = N_("{number} 已经注销了。")
GONE_REMEDY = N_("不用再办；请删除这份草稿。")
GONE_ANEW = N_("请核对备案号。主体已经注销的，请办首次备案；只是网站注销了的，请办新增网站。")
ACCESS_ENDED = N_("{number} 在我们这里的接入已经取消了。")
TAKE_OUT = N_("草稿里还是原来登记的样子：请在草稿首页把它去掉。")
NO_CHANGE = N_("{number} 名下现在没有由我们接入的网站，管局只收接入商报的变更。")
NO_CHANGE_REMEDY = N_("请由现在的接入商办；没有接入商的，先在这里办“新增接入”。")


def check(filing: Filing, operation: Operation, answers: Answers) -> list[Correction]:
    """Everything that is known before submission to stand in the way, or to be told."""
    return [
        *_password(filing, operation, answers),
        *_others(filing, answers),
        *_on_record(filing, operation, answers),
        *_gone(filing, operation, answers),
        *_not_ours(filing, operation, answers),
    ]


def predecessor(filing: Filing) -> Filing | None:
    """The newest filing of the same subject that is under way; a queued filing waits for it."""
    if not filing.subject_key:
        return None
    wanted = select(Filing).where(
        Filing.subject_key == filing.subject_key, Filing.id != filing.id, Filing.state.in_(UNDER_WAY)
    )
    return db.session.scalar(wanted.order_by(Filing.id.desc()).limit(1))


def refuses(filing: Filing, other: Filing) -> bool:
    """Whether ``filing`` can't even wait for ``other``."""
    same, operation = filing.operation == other.operation, OPERATIONS[other.operation]
    return operation.ends_subject or (same and (operation.one_at_a_time or filing.domain == other.domain))


def _password(filing: Filing, operation: Operation, answers: Answers) -> Iterator[Correction]:
    if not passwords.needed(filing.province, operation):
        return
    row = passwords.standing(filing.id)
    if row is None:
        yield _say("filing_password", "required.password", PASSWORD_MISSING, PASSWORD_MISSING_REMEDY)
    elif row.verdict == passwords.WRONG:
        yield _say("filing_password", "R084", PASSWORD_WRONG, PASSWORD_WRONG_REMEDY)
    elif of_subject(canonical(answers.text("subject.filing_number")) or "") != row.number:
        yield _say("filing_password", "R084", PASSWORD_OTHER, PASSWORD_OTHER_REMEDY, number=row.number)
    elif filing.state == State.BUREAU_RETURNED and not _mended(filing):
        yield _say("filing_password", "R084", PASSWORD_AGAIN, PASSWORD_AGAIN_REMEDY)


def _mended(filing: Filing) -> bool:
    """Whether the password was typed anew since somebody objected to it, or nobody does."""
    said = [mark for mark in marks.unsettled(filing) if mark.path == passwords.PATH]
    return all(passwords.typed_since(filing.id, mark.created_at) for mark in said)


def _others(filing: Filing, answers: Answers) -> Iterator[Correction]:
    other = predecessor(filing)
    if other is None:
        return
    names: dict[str, Any] = {"operation": Message(OPERATIONS[other.operation].label), "number": other.number}
    if not refuses(filing, other):
        yield _say("filing", "R089", QUEUED, QUEUED_REMEDY, severity=Severity.INFO, **names)
    elif OPERATIONS[other.operation].ends_subject and filing.operation != other.operation:
        yield _say("filing", "R096", ENDING, ENDING_REMEDY, **names)
    else:
        yield _say("filing", "R096", TWICE, TWICE_REMEDY, **names)


def _on_record(filing: Filing, operation: Operation, answers: Answers) -> Iterator[Correction]:
    if operation.begins == "nothing":
        kind, number = answers.text("subject.document_type"), answers.text("subject.document_number")
        subject = register.by_document(kind, number.strip()) if kind and number else None
        if subject is not None:
            path = "subject.document_number"
            yield _say(path, "R013", ON_RECORD, ON_RECORD_REMEDY, number=subject.number)
    if operation.register_effect not in ("record", "add_website"):
        return
    for row in answers.rows("website"):
        path = f"website[{row}].domain"
        name = ascii_form(answers.text(path).strip().lower()) or ""
        website = register.by_domain(name) if name else None
        if website is None:
            continue
        if website.subject_id == filing.subject_id:
            yield _say(path, "R053", DOMAIN_OURS, DOMAIN_OURS_REMEDY, number=website.number)
        else:
            yield _say(path, "R053", DOMAIN_OTHERS, DOMAIN_OTHERS_REMEDY)


def _gone(filing: Filing, operation: Operation, answers: Answers) -> Iterator[Correction]:
    of_record = operation.begins == "record"
    subject = lapsed.subject(filing, operation, answers)
    if subject is not None:
        remedy = GONE_REMEDY if of_record else GONE_ANEW
        yield _say("filing", "cancelled_already", GONE, remedy, number=subject.number)
    found = lapsed.of(filing, operation, answers)
    remedy = TAKE_OUT if lapsed.droppable(operation, answers, found) else GONE_REMEDY
    remedy = remedy if of_record else GONE_ANEW
    for gone in found:
        words = GONE if gone.cancelled else ACCESS_ENDED
        yield _say("filing", "cancelled_already", words, remedy, number=gone.number)


def _not_ours(filing: Filing, operation: Operation, answers: Answers) -> Iterator[Correction]:
    """1048: only the provider that gives access may change or cancel; of a subject, to one of its websites."""
    subject = db.session.get(Subject, filing.subject_id) if filing.subject_id else None
    if not operation.access_here or subject is None or subject.cancelled_at is not None:
        return
    mine = {website.number for website in subject.websites if reading.ours(website)}
    if operation.access_here == "one" and not mine:
        words = (NO_CHANGE, NO_CHANGE_REMEDY) if operation.partial else (NOT_OURS, NOT_OURS_REMEDY)
        yield _say("filing", "1048", *words, number=subject.number)
    for row in answers.rows("website") if operation.access_here == "each" else ():
        number = answers.text(f"website[{row}].filing_number")
        if number and number not in mine and lapsed.cancelled(Website, number) is None:
            yield _say("filing", "1048", NOT_OURS, NOT_OURS_REMEDY, number=number)


def _say(
    path: str, code: str, message: str, remedy: str, severity: Severity = Severity.ERROR, **values: Any
) -> Correction:
    return Correction(path, code, severity, Message(message, **values), Message(remedy), source=Source.WHOLE)
