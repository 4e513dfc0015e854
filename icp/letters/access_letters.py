"""Letters about access that the provider ends: when it is decided, and when it stays after all."""

from __future__ import annotations

from flask import current_app
from flask_babel import format_date
from flask_babel import gettext as _

from icp.filings import drafts, notice, revisions
from icp.filings.models import Filing
from icp.letters.filing_letters import name_of, timeline_of
from icp.letters.letter import Letter, Payload


def _sites(filing: Filing) -> tuple[tuple[str, str], ...]:
    answers = (revisions.newest(filing) if filing.revision_no else drafts.read(filing.id)).answers
    rows = answers.rows("website")
    return tuple((answers.text(f"website[{row}].name"), answers.text(f"website[{row}].filing_number")) for row in rows)


def ending(filing: Filing, about: Payload) -> Letter:
    """The access ends: from when, and what he can do about it."""
    day, phone = notice.until(filing), current_app.extensions["settings"].provider_phone
    first = _("我们将不再为下列网站提供接入，并报管局取消接入。备案号还在。")
    when = (
        _(
            "通知期到%(day)s为止，到期后报送；这之前有异议的，请打 %(phone)s。",
            day=format_date(day, "long"),
            phone=phone,
        )
        if day
        else _("马上报送管局；有异议的，请立即打 %(phone)s。", phone=phone)
    )
    return Letter(
        _("您的网站将取消接入：%(name)s", name=name_of(filing)),
        (first, when),
        facts=_sites(filing),
        button=_("查看进度"),
        path=timeline_of(filing),
        after=(
            _(
                "网站还要用、又没有别家接入的，请尽快在别的接入商那里办“新增接入”；没有任何接入的备案是空壳，会被管局注销。"
            ),
            _("网站不再用的，请办“网站注销”。"),
        ),
        sms=_("您的网站将取消接入（%(number)s），请查看邮件或登录备案台。", number=filing.number),
        number=filing.number,
    )


def stays(filing: Filing, about: Payload) -> Letter:
    """It was announced, and is taken back; what is begun in its place has a letter of its own."""
    said = _("先前通知您的取消接入已经收回，下列网站的接入照旧，您不用做什么。")
    if about.get("instead"):
        said = _(
            "先前通知您的取消接入没有办成：管局说网站没有别的接入。下列网站的接入现在照旧；"
            "改办网站注销的，每个网站另有一封信；没有您的备案密码，谁也注销不了。"
        )
    return Letter(
        _("不取消接入了：%(name)s", name=name_of(filing)),
        (said,),
        facts=_sites(filing),
        number=filing.number,
    )
