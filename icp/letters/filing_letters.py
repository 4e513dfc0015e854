"""Letters about filings, to every host account of the filing, in the language in force."""

from __future__ import annotations

from flask_babel import format_date
from flask_babel import gettext as _

from icp.filings import marks, operations
from icp.filings.models import Filing
from icp.filings.operations import Operation
from icp.i18n import tr
from icp.letters.letter import Letter, Payload, Point, path_of
from icp.register.verbs import of_filing


def name_of(filing: Filing) -> str:
    """What a letter calls the filing."""
    return filing.website_name or filing.subject_name or filing.number


def timeline_of(filing: Filing) -> str:
    """Where the filing's page is."""
    return path_of("host.filing", number=filing.number)


def _label(operation: Operation, path: str) -> str:
    return tr(operation.label_of(path)) if operation.has_field(path) else tr(operation.label_of_paper(path))


def _points(filing: Filing) -> tuple[Point, ...]:
    operation = operations.get(filing.operation)
    found = []
    for mark in marks.open_for_host(filing):
        correction = mark.correction
        found.append(Point(_label(operation, mark.path), tr(correction.message), tr(correction.remedy)))
    return tuple(found)


def submitted(filing: Filing, about: Payload) -> Letter:
    """The provider has it."""
    return Letter(
        _("备案已收到：%(name)s", name=name_of(filing)),
        (
            _(
                "%(name)s（%(domain)s）的备案已经交到我们手上，接下来由我们初审。",
                name=name_of(filing),
                domain=filing.domain,
            ),
            _("现在轮到：接入商。最迟 %(day)s 前有结果，会写信告诉您。", day=format_date(filing.due_on, "long")),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        after=(_("初审期间请保持手机畅通，审核员可能会打电话核对。"),),
        number=filing.number,
    )


def returned(filing: Filing, about: Payload) -> Letter:
    """Sent back, with the list of what to mend."""
    points = _points(filing)
    return Letter(
        _("备案退回了 %(count)s 处，请您修改", count=len(points)),
        (
            _(
                "%(name)s（%(domain)s）的备案看完了。有 %(count)s 处要您改一下，或告诉我们为什么原来是对的。"
                "其余内容不用再动。",
                name=name_of(filing),
                domain=filing.domain,
                count=len(points),
            ),
            _(
                "现在轮到：您。请在 %(day)s 前提交。在您手上的日子，不计入我们和管局的时限。",
                day=format_date(filing.due_on, "long"),
            ),
        ),
        points=points,
        button=_("去改这 %(count)s 处", count=len(points)),
        path=path_of("host.mend", number=filing.number),
        sms=_("您的备案 %(number)s 退回了 %(count)s 处，请登录备案台修改。", number=filing.number, count=len(points)),
        number=filing.number,
    )


def accepted_visit(filing: Filing, about: Payload) -> Letter:
    """Through the first review: come and be met."""
    return Letter(
        _("初审通过，请网站负责人到场核验"),
        (
            _(
                "%(name)s 的备案初审通过了。下一步是当面核验：网站负责人本人带证件原件到场，约 15 分钟。",
                name=name_of(filing),
            ),
            _("请带：负责人证件原件；单位证件原件；域名证书；有前置审批的，带批准文件。"),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        sms=_("您的备案 %(number)s 初审通过，请网站负责人带证件原件到场核验。", number=filing.number),
        number=filing.number,
    )


def ready(filing: Filing, about: Payload) -> Letter:
    """Everything is together; the bureau is next."""
    return Letter(
        _("资料齐全，正在报送管局"),
        (_("%(name)s 的备案资料已经齐全，正在报送省通信管理局。管局审核期间网站请不要开通。", name=name_of(filing)),),
        button=_("查看进度"),
        path=timeline_of(filing),
        number=filing.number,
    )


def approved(filing: Filing, about: Payload) -> Letter:
    """The numbers, and what to do next."""
    facts = [
        (_("网站备案号（%(name)s）", name=website.name), website.number)
        for subject in of_filing(filing.id)
        for website in subject.websites
    ]
    facts = [(_("主体备案号"), subject.number) for subject in of_filing(filing.id)] + facts
    return Letter(
        _("备案成功：%(name)s", name=name_of(filing)),
        (_("%(name)s（%(domain)s）的备案已由管局批准。", name=name_of(filing), domain=filing.domain),),
        facts=tuple(facts),
        button=_("查看备案号和下一步"),
        path=timeline_of(filing),
        after=(
            _(
                "接下来：一、把网站备案号放在网站首页底部，并链接到 beian.miit.gov.cn；"
                "二、网站开通后 30 日内办理公安联网备案；三、把域名解析到备案的地址。"
            ),
            _("备案密码由管局直接寄给主体负责人，我们看不到，请妥善保管。"),
        ),
        sms=_("您的备案 %(number)s 已由管局批准，备案号请登录备案台查看。", number=filing.number),
        number=filing.number,
    )


def bureau_returned(filing: Filing, about: Payload) -> Letter:
    """The bureau returned it to the provider, who corrects first."""
    return Letter(
        _("管局退回了备案，我们正在处理"),
        (
            _(
                "%(name)s 的备案被管局退回。现在轮到：接入商。能由我们更正的，我们改好再报；"
                "需要您改的，会另外写信告诉您改哪里。",
                name=name_of(filing),
            ),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        number=filing.number,
    )


def corrected_by_staff(filing: Filing, about: Payload) -> Letter:
    """Staff corrected on the host's behalf; he can see what."""
    return Letter(
        _("我们按管局的意见更正了备案"),
        (
            _(
                "%(name)s 的备案我们按管局的意见更正了。"
                "改了哪里、接下来做什么，进度页上都写着；有不对的，请马上告诉我们。",
                name=name_of(filing),
            ),
        ),
        button=_("看改了什么"),
        path=timeline_of(filing),
        number=filing.number,
    )


def resume(filing: Filing, about: Payload) -> Letter:
    """The link to go on writing."""
    return Letter(
        _("继续填写备案：%(name)s", name=name_of(filing)),
        (_("点下面的按钮，回到上次停下的地方接着写。链接用多少次都可以，到期前一直有效。"),),
        button=_("接着写"),
        path=path_of("host.resume", code=about["code"]),
        after=(
            _("链接 %(days)s 天内有效。拿到链接的人能看到这份草稿，请不要转发。提交时需要登录。", days=about["days"]),
        ),
        number=filing.number,
    )


def withdrawn(filing: Filing, about: Payload) -> Letter:
    """Back in the host's hands."""
    return Letter(
        _("备案已撤回"),
        (_("%(name)s 的备案已撤回成草稿，内容都还在，改好后可以再提交。", name=name_of(filing)),),
        button=_("打开草稿"),
        path=timeline_of(filing),
        number=filing.number,
    )


def expired(filing: Filing, about: Payload) -> Letter:
    """Closed because nobody touched it in time."""
    return Letter(
        _("备案已过期关闭"),
        (_("%(name)s 的备案到期没有提交，已经关闭。需要时可以把内容抄进一份新的草稿。", name=name_of(filing)),),
        button=_("查看这份备案"),
        path=timeline_of(filing),
        number=filing.number,
    )
