"""Letters about filings that wait: behind another of the same subject, for the ministry's SMS check, for the host."""

from __future__ import annotations

from flask import current_app
from flask_babel import format_datetime
from flask_babel import gettext as _

from icp.extensions import db
from icp.filings import operations, revisions, verbs
from icp.filings.models import Filing
from icp.filings.sms_check import phones, until
from icp.i18n import tr
from icp.letters.filing_letters import name_of, timeline_of
from icp.letters.letter import Letter, Payload, path_of


def _what(filing: Filing) -> str:
    return tr(operations.get(filing.operation).label)


def _phones(filing: Filing) -> str:
    found = phones(revisions.answers_of(filing))
    told = [f"{name} {mobile[:3]}****{mobile[-4:]}" for name, mobile in found]
    return str(_("、").join(told) or _("登记的负责人"))


def queued(filing: Filing, about: Payload) -> Letter:
    """It waits until another filing of the subject has ended."""
    first = db.session.get(Filing, filing.after_id) if filing.after_id else None
    return Letter(
        _("%(what)s已排队：%(name)s", what=_what(filing), name=name_of(filing)),
        (
            _(
                "同一主体的“%(first)s”（%(number)s）正在办理，一个主体一次只能办一件。那一件通过以后，这一件会自动往下走。",
                first=_what(first) if first else "",
                number=first.number if first else "",
            ),
            _("您现在不用做什么。要改内容，可以先撤回成草稿。"),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        number=filing.number,
    )


def released(filing: Filing, about: Payload) -> Letter:
    """What it waited for was approved."""
    return Letter(
        _("轮到这一份了：%(what)s，%(name)s", what=_what(filing), name=name_of(filing)),
        (_("前一件已经通过，这一份开始初审。登记的主体信息已换成最新的。"),),
        button=_("查看进度"),
        path=timeline_of(filing),
        number=filing.number,
    )


def unqueued(filing: Filing, about: Payload) -> Letter:
    """What it waited for came to nothing."""
    return Letter(
        _("前一件没有办成，请再看一遍：%(what)s，%(name)s", what=_what(filing), name=name_of(filing)),
        (_("这一份排在它后面，现在回到草稿，内容都在。看一遍，没有问题就可以直接提交。"),),
        button=_("去看草稿"),
        path=path_of("host.filing", number=filing.number),
        number=filing.number,
    )


def sms_check(filing: Filing, about: Payload) -> Letter:
    """The ministry has sent the principal a code."""
    return Letter(
        _("请在 24 小时内完成短信核验：%(name)s", name=name_of(filing)),
        (
            _("已经报送。工信部会给负责人的手机发一条带验证码的短信，请按短信里的说明到工信部网站输入。"),
            _("收短信的是：%(phones)s。", phones=_phones(filing)),
            _("现在轮到：您。超过 24 小时没有完成，管局会退回；我们会替您再报一次，资料不用重审。"),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        sms=_("您的申请 %(number)s 已报送，请在 24 小时内按工信部短信完成核验。", number=filing.number),
        number=filing.number,
    )


def sms_reminder(filing: Filing, about: Payload) -> Letter:
    """The code hasn't been entered yet."""
    last = format_datetime(until(filing), "MM-dd HH:mm")
    return Letter(
        _("还没有完成短信核验：%(name)s", name=name_of(filing)),
        (
            _("最迟 %(until)s 前要完成，过了管局会退回。", until=last),
            _(
                "请找一找工信部发到负责人手机上的短信，按说明输入验证码。收不到的，请检查手机的拦截设置，再联系我们重发。"
            ),
            _("已经完成的，请在进度页上点“完成了”。"),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        sms=_("提醒：申请 %(number)s 的短信核验还没有完成，请尽快处理。", number=filing.number),
        number=filing.number,
    )


def sms_timed_out(filing: Filing, about: Payload) -> Letter:
    """The 24 hours are over; it is reported again."""
    return Letter(
        _("短信核验超时，已重新报送：%(name)s", name=name_of(filing)),
        (_("24 小时内没有完成核验，管局退回了。资料没有变，我们已经重新报送，您会再收到一条工信部的短信。"),),
        button=_("查看进度"),
        path=timeline_of(filing),
        sms=_("申请 %(number)s 短信核验超时，已重新报送，请留意新的短信。", number=filing.number),
        number=filing.number,
    )


def on_behalf(filing: Filing, about: Payload) -> Letter:
    """Staff write the filing for the host, who sees, corrects and confirms it."""
    settings = current_app.extensions["settings"]
    after = [_("没有委托过我们的话，请马上打电话：%(phone)s。", phone=settings.provider_phone)]
    if settings.on_behalf_confirm:
        after.insert(0, _("您确认以后，我们才提交。"))
    said = {"what": _what(filing), "name": name_of(filing)}
    begun = verbs.unfinished(filing)
    return Letter(
        _("我们正在代您填写：%(what)s，%(name)s", **said) if begun else _("请看一遍并确认：%(what)s，%(name)s", **said),
        (
            _(
                "%(provider)s受您委托，代您办理%(what)s。您可以看到填了什么，更正不对的地方，并确认内容。",
                provider=settings.provider_name,
                what=_what(filing),
            ),
        ),
        button=_("看填了什么") if begun else _("查看并确认"),
        path=path_of("host.filing", number=filing.number),
        after=(_("还没有填完；填好以后，请到这里确认。"), *after) if begun else tuple(after),
        number=filing.number,
    )
