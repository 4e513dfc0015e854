"""A website, its pre-approvals, its principal and its access, filing-domain § 2.6 and § 2.7."""

from __future__ import annotations

from icp.filings.forms.base import AnswerField, FilingForm
from icp.filings.forms.subject import PrincipalForm
from icp.rules.correction import Context
from icp.vocabulary import Option
from icp.vocabulary.text import N_

SITE = N_("网站")
CONTENT = N_("内容")
APPROVAL = N_("前置审批")
ACCESS = N_("接入")
RESPONSIBLE = N_("网站负责人")


class WebsiteForm(FilingForm):
    """One website with exactly one domain (工信管函〔2019〕633号)."""

    prefix_path = "website"

    name = AnswerField(
        N_("网站名称"),
        group=SITE,
        follows=("subject.organisation_type", "subject.name"),
        hint=N_("至少三个汉字。单位用全称、简称或商标，不要用域名、纯数字或纯字母。"),
        example=N_("青梧文创手作馆"),
    )
    domain = AnswerField(
        N_("域名"),
        kind="code",
        group=SITE,
        width="l",
        follows=("subject.organisation_type",),
        hint=N_("一个网站一个域名，不带 www。中文域名直接写中文。"),
        example="qingwu.example",
    )
    home_url = AnswerField(
        N_("首页网址"),
        kind="code",
        group=SITE,
        width="l",
        follows=("website.domain",),
        hint=N_("在上面的域名之下。"),
        example="www.qingwu.example",
    )
    service_content = AnswerField(
        N_("服务内容"),
        kind="checks",
        table="service_contents",
        many=True,
        group=CONTENT,
        follows=("subject.organisation_type",),
        hint=N_("单位一般选“单位门户网站”，个人选“博客/个人空间”或“其他”。"),
    )
    languages = AnswerField(N_("网站语言"), kind="checks", table="languages", many=True, group=CONTENT)
    remark = AnswerField(
        N_("网站备注"),
        kind="area",
        group=CONTENT,
        optional=True,
        follows=("website.service_content",),
        hint=N_("服务内容选“其他”时，用一两句话说明网站做什么，20 至 200 字。"),
    )
    pre_approvals = AnswerField(
        N_("前置或专项审批"),
        kind="checks",
        table="preapproval_types",
        many=True,
        opens=True,
        group=APPROVAL,
        follows=("website.name", "website.service_content"),
        hint=N_("网站涉及这些行业，要先取得主管部门的批准；都不涉及，选“以上都不涉及”。"),
    )

    @classmethod
    def options(cls, name: str, context: Context) -> tuple[Option, ...]:
        """Pre-approval kinds, and last the answer that none applies."""
        options = super().options(name, context)
        return (*options, Option("none", "以上都不涉及", "None of these")) if name == "pre_approvals" else options


class PreApprovalForm(FilingForm):
    """One approval; its row is the code of its kind."""

    prefix_path = "website.pre_approvals"

    approval_number = AnswerField(N_("批准文号"), kind="code", group=APPROVAL, width="l", hint=N_("照批准文件填写。"))
    valid_to = AnswerField(N_("批准文件有效期截止"), kind="validity", group=APPROVAL, width="m")


class WebsitePrincipalForm(PrincipalForm):
    """The website's principal: the subject's, or another member of the organisation."""

    prefix_path = "website.principal"

    same_as_subject = AnswerField(
        N_("网站负责人是谁"),
        kind="yes_no",
        opens=True,
        group=RESPONSIBLE,
        hint=N_("是主体负责人本人，还是单位的另一个人？"),
    )

    @classmethod
    def options(cls, name: str, context: Context) -> tuple[Option, ...]:
        """The two answers to who it is, in words."""
        if name == "same_as_subject":
            return (
                Option("yes", "就是主体负责人", "The subject's principal"),
                Option("no", "单位的另一个人", "Another member of the organisation"),
            )
        return super().options(name, context)

    @classmethod
    def _ordered(cls, names: dict[str, str]) -> dict[str, str]:
        """The question whether it is the same person stands first."""
        first = cls.type_path("same_as_subject")
        return {first: names[first], **names} if first in names else names


class AccessForm(FilingForm):
    """How and where the website runs on this provider's addresses."""

    prefix_path = "website.access"

    same_as_first = AnswerField(
        N_("接入信息"), kind="yes_no", opens=True, group=ACCESS, hint=N_("与第一个网站的接入相同吗？")
    )
    access_method = AnswerField(
        N_("接入方式"), kind="select", table="access_methods", group=ACCESS, width="m", hint=N_("照服务合同选择。")
    )
    server_location = AnswerField(
        N_("服务器放置地"),
        kind="select",
        table="server_locations",
        group=ACCESS,
        width="m",
        hint=N_("照服务合同选择。"),
    )
    ip_addresses = AnswerField(
        N_("网站 IP 地址"),
        kind="addresses",
        many=True,
        group=ACCESS,
        hint=N_("在本站购买的公网 IPv4 地址，一行一个；一段地址写成 起始-结束。"),
        example="203.0.113.24",
    )

    @classmethod
    def options(cls, name: str, context: Context) -> tuple[Option, ...]:
        """The two answers to whether the access is shared, in words."""
        if name == "same_as_first":
            return (
                Option("yes", "与第一个网站相同", "The same as the first website's"),
                Option("no", "另外填写", "Another one"),
            )
        return super().options(name, context)
