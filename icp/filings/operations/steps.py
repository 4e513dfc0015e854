"""Sections that several operations share."""

from __future__ import annotations

from icp.filings.answers import Answers
from icp.filings.forms.record import RecordForm, SubjectNumberForm, WebsiteOnRecordForm
from icp.filings.forms.subject import PrincipalForm, SubjectForm
from icp.filings.forms.website import AccessForm, PreApprovalForm, WebsiteForm, WebsitePrincipalForm
from icp.filings.operations.base import Part, Step
from icp.filings.paths import beside, type_path
from icp.vocabulary.text import N_

SUBJECT = Step(
    "subject", N_("主体信息"), N_("照着证件逐字填写即可。填错了马上会在旁边告诉您怎么改。"), (Part(SubjectForm),)
)
PRINCIPAL = Step("principal", N_("主体负责人"), N_("对备案负责的人。审核和核验都会联系他。"), (Part(PrincipalForm),))
WEBSITE_PARTS = (
    Part(WebsiteForm),
    Part(PreApprovalForm, rows="website.pre_approvals"),
    Part(WebsitePrincipalForm),
    Part(AccessForm),
)
WEBSITE = Step("website", N_("网站信息"), N_("一个网站一个域名；有几个网站就添几个。"), WEBSITE_PARTS, repeat="website")
PAPERS = Step("papers", N_("证件与照片"), N_("拍原件，四角都在画面里。大图不用自己压缩。"))
CHECK = Step("check", N_("核对并提交"), N_("逐项看一遍，有错就点旁边的“改”。"))
PASSWORD = Step("password", N_("备案密码"), N_("由管局寄给主体负责人的密码。当场核对，我们不保存原文。"))

RECORD = Step("record", N_("主体备案号"), N_("这个主体已经有备案号，主体信息不用再填。"), (Part(RecordForm),))
SUBJECT_TOLD = Step(
    "subject_on_record",
    N_("登记的主体"),
    N_("照登记的办理；有不对的，请先办信息变更。"),
    (Part(SubjectNumberForm), Part(SubjectForm), Part(PrincipalForm)),
    told=True,
)
WEBSITES_TOLD = Step(
    "websites_on_record",
    N_("登记的网站"),
    N_("这次涉及的网站。"),
    (Part(WebsiteOnRecordForm),),
    repeat="website",
    grows=False,
    told=True,
)


def shared(path: str, answers: Answers) -> bool:
    """Whether an answer isn't asked since it is another's: the same principal's, the same access's; or there is
    nothing to compare with."""
    kind = type_path(path)
    if kind.startswith("website.principal.") and kind != "website.principal.same_as_subject":
        return answers.get(beside("website.principal.same_as_subject", path)) != "no"
    if kind.startswith("website.access."):
        rows = answers.rows("website")
        first = not rows or path.startswith(f"website[{rows[0]}]")
        if kind == "website.access.same_as_first":
            return first
        return not first and answers.get(beside("website.access.same_as_first", path)) == "yes"
    return False


def known_or_shared(path: str, answers: Answers) -> bool:
    """The same, for operations on a record: what the record says isn't asked, and nobody is compared with a principal
    who isn't known here."""
    kind = type_path(path)
    if kind in ("subject.filing_number", "subject.organisation_type"):
        return bool(answers.was(path))
    if kind == "website.principal.same_as_subject" and not answers.was("subject.principal.name"):
        return True
    return shared(path, answers)


def another_principal(answers: Answers) -> dict[str, str | list[str]]:
    """A new website's principal is typed where the subject's isn't known here."""
    return {} if answers.was("subject.principal.name") else {"website.principal.same_as_subject": "no"}


def every_website(answers: Answers) -> list[str]:
    """The principal of each website is met."""
    return answers.rows("website")


def nobody(answers: Answers) -> list[str]:
    """Nobody is met."""
    return []
