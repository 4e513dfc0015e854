"""Letters about filings, to every host account of the filing, in the language in force."""

from __future__ import annotations

from flask_babel import format_date
from flask_babel import gettext as _

from icp.filings import marks, operations, outcome, revisions, wording
from icp.filings.models import Filing
from icp.filings.operations import Operation
from icp.i18n import say, tr
from icp.letters.letter import Letter, Payload, Point, path_of


def name_of(filing: Filing) -> str:
    """What a letter calls the filing."""
    return filing.website_name or filing.subject_name or filing.number


def what_of(filing: Filing) -> str:
    """The noun of the filing's operation, as it stands within a sentence: 备案, 信息变更, 网站注销申请 …"""
    noun = tr(wording.of(filing).what)
    return noun[:1].lower() + noun[1:]


def described(filing: Filing) -> str:
    """Name and domain, as far as there is one."""
    return _("%(name)s（%(domain)s）", name=name_of(filing), domain=filing.domain) if filing.domain else name_of(filing)


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
        _("%(what)s已收到：%(name)s", what=what_of(filing), name=name_of(filing)),
        (
            _("%(name)s的%(what)s已经交到我们手上，接下来由我们初审。", name=described(filing), what=what_of(filing)),
            _("现在轮到：接入商。最迟%(day)s前有结果，会写信告诉您。", day=format_date(filing.due_on, "long")),
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
        _("%(what)s退回了 %(count)s 处，请您修改", what=what_of(filing), count=len(points)),
        (
            _(
                "%(name)s的%(what)s看完了。有 %(count)s 处要您改一下，或告诉我们为什么原来是对的。其余内容不用再动。",
                name=described(filing),
                what=what_of(filing),
                count=len(points),
            ),
            _(
                "现在轮到：您。请在%(day)s前提交。在您手上的日子，不计入我们和管局的时限。",
                day=format_date(filing.due_on, "long"),
            ),
        ),
        points=points,
        button=_("去改这 %(count)s 处", count=len(points)),
        path=path_of("host.mend", number=filing.number),
        sms=_(
            "您的%(what)s %(number)s 退回了 %(count)s 处，请登录备案台修改。",
            what=what_of(filing),
            number=filing.number,
            count=len(points),
        ),
        number=filing.number,
    )


def accepted_visit(filing: Filing, about: Payload) -> Letter:
    """Through the first review: come and be met."""
    return Letter(
        _("初审通过，请网站负责人到场核验"),
        (
            _(
                "%(name)s的%(what)s初审通过了。下一步是当面核验：网站负责人本人带证件原件到场，约 15 分钟。",
                name=name_of(filing),
                what=what_of(filing),
            ),
            _("请带：负责人证件原件；单位证件原件；域名证书；有前置审批的，带批准文件。"),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        sms=_(
            "您的%(what)s %(number)s 初审通过，请网站负责人带证件原件到场核验。",
            what=what_of(filing),
            number=filing.number,
        ),
        number=filing.number,
    )


def ready(filing: Filing, about: Payload) -> Letter:
    """Everything is together; the bureau is next."""
    says = _("%(name)s的%(what)s资料已经齐全，正在报送省通信管理局。", name=name_of(filing), what=what_of(filing))
    closed = (_("管局审核期间网站请不要开通。"),) if wording.of(filing).closed else ()
    return Letter(
        _("资料齐全，正在报送管局"),
        (says, *closed),
        button=_("查看进度"),
        path=timeline_of(filing),
        number=filing.number,
    )


def approved(filing: Filing, about: Payload) -> Letter:
    """What the bureau approved, the numbers it is about, and what to do next; by operation."""
    words, found = wording.of(filing), outcome.concerned(filing)
    facts = [(_("网站备案号（%(name)s）", name=name), number) for name, number in found.websites]
    if found.subject:
        facts.insert(0, (_("主体备案号"), found.subject))
    return Letter(
        _("%(done)s：%(name)s", done=tr(words.done), name=name_of(filing)),
        (say(words.approved, name=described(filing)), *changed(filing)),
        facts=tuple(facts),
        button=_("查看进度") if words.goes else _("查看备案号和下一步"),
        path=timeline_of(filing),
        after=tuple(f"{number}. {tr(step)}" for number, step in enumerate(words.next, 1)),
        sms=_("您的%(what)s %(number)s 已由管局批准，请登录备案台查看。", what=what_of(filing), number=filing.number),
        number=filing.number,
    )


def changed(filing: Filing) -> tuple[str, ...]:
    """Which answers a change changed, by their names; values stay out of letters."""
    operation = operations.get(filing.operation)
    if not operation.partial:
        return ()
    answers = revisions.answers_of(filing)
    paths = (path for path in operation.all_paths(answers) if answers.changed(path))
    names = dict.fromkeys(tr(operation.label_of(path)) for path in paths)
    return (_("变更了：%(names)s。", names=_("、").join(names)),) if names else ()


def bureau_returned(filing: Filing, about: Payload) -> Letter:
    """The bureau returned it to the provider, who corrects first."""
    return Letter(
        _("管局退回了%(what)s，我们正在处理", what=what_of(filing)),
        (
            _(
                "%(name)s的%(what)s被管局退回。现在轮到：接入商。能由我们更正的，我们改好再报；"
                "需要您改的，会另外写信告诉您改哪里。",
                name=name_of(filing),
                what=what_of(filing),
            ),
        ),
        button=_("查看进度"),
        path=timeline_of(filing),
        number=filing.number,
    )


def corrected_by_staff(filing: Filing, about: Payload) -> Letter:
    """Staff corrected on the host's behalf; he can see what."""
    return Letter(
        _("我们按管局的意见更正了%(what)s", what=what_of(filing)),
        (
            _(
                "%(name)s的%(what)s我们按管局的意见更正了。"
                "改了哪里、接下来做什么，进度页上都写着；有不对的，请马上告诉我们。",
                name=name_of(filing),
                what=what_of(filing),
            ),
        ),
        button=_("看改了什么"),
        path=timeline_of(filing),
        number=filing.number,
    )


def resume(filing: Filing, about: Payload) -> Letter:
    """The link to go on writing."""
    return Letter(
        _("继续填写%(what)s：%(name)s", what=what_of(filing), name=name_of(filing)),
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
        _("%(what)s已撤回", what=what_of(filing)),
        (
            _(
                "%(name)s的%(what)s已撤回成草稿，内容都还在，改好后可以再提交。",
                name=name_of(filing),
                what=what_of(filing),
            ),
        ),
        button=_("打开草稿"),
        path=timeline_of(filing),
        number=filing.number,
    )


def expired(filing: Filing, about: Payload) -> Letter:
    """Closed because nobody touched it in time."""
    return Letter(
        _("%(what)s已过期关闭", what=what_of(filing)),
        (
            _(
                "%(name)s的%(what)s到期没有提交，已经关闭。需要时可以把内容抄进一份新的草稿。",
                name=name_of(filing),
                what=what_of(filing),
            ),
        ),
        button=_("查看这一份"),
        path=timeline_of(filing),
        number=filing.number,
    )
