"""新用户备案: the first filing of a subject with its first website(s), filing-domain § 3.1."""

from __future__ import annotations

from typing import Any

from icp.filings.answers import Answers
from icp.filings.forms.subject import PrincipalForm, SubjectForm
from icp.filings.forms.website import AccessForm, PreApprovalForm, WebsiteForm, WebsitePrincipalForm
from icp.filings.operations.base import Operation, PaperSlot, Part, Step
from icp.filings.paths import beside, in_row, type_path
from icp.rules.documents import RESIDENT_ID
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_

PICTURE = N_("拍原件，四角都在画面里，不要复印件，不要翻拍屏幕。")
SIGNED = N_("法定代表人签字并加盖公章。")
LETTER = N_("本省管局的格式，用黑色笔手写签名。")
CERTIFICATE = N_("在域名注册商的网站下载；持有者要和主办单位一致。")


def hidden(path: str, answers: Answers) -> bool:
    """Answers that aren't asked: another principal's, another access's, the first website's comparison."""
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


PAPER_LABELS = {
    "subject.papers.document": N_("主办单位证件"),
    "subject.papers.commitment_letter": N_("承诺书"),
    "subject.papers.residence_permit": N_("居住证"),
    "subject.principal.papers.identity_front": N_("主体负责人证件，人像面"),
    "subject.principal.papers.identity_back": N_("主体负责人证件，国徽面"),
    "subject.principal.papers.power_of_attorney": N_("主体负责人授权书"),
    "website.papers.domain_certificate": N_("域名证书"),
    "website.papers.verification_form": N_("核验单"),
    "website.pre_approvals.papers.document": N_("前置审批文件"),
    "website.principal.papers.identity_front": N_("网站负责人证件，人像面"),
    "website.principal.papers.identity_back": N_("网站负责人证件，国徽面"),
    "website.principal.papers.power_of_attorney": N_("网站负责人授权书"),
    "website.principal.papers.photo": N_("网站负责人照片"),
}


def papers(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """The papers of a first filing, filing-domain § 4.1; purposes as in ``attachment_types``."""
    slots: list[PaperSlot] = []
    if not vocabulary.is_individual(answers.text("subject.organisation_type")):
        slots.append(slot("subject.papers.document", PICTURE, purpose="2"))
    slots += identity("subject.principal", purpose="3")
    if answers.text("subject.legal_representative.name"):
        because = N_("主体负责人不是法定代表人。")
        slots.append(slot("subject.principal.papers.power_of_attorney", SIGNED, because=because))
    rules = vocabulary.province_rules(answers.text("subject.region_code"))
    if from_elsewhere(answers, vocabulary) and rules.outside_individuals == "permit":
        because = N_("身份证不是本省签发的，本省要看居住证。")
        slots.append(slot("subject.papers.residence_permit", PICTURE, because=because))
    for row in answers.rows("website"):
        slots += website_papers(answers, row, letter=rules.website_principal_letter)
    because = N_("本省要求每份备案都交。") if rules.commitment_letter else N_("本省要求时才交。")
    slots.append(slot("subject.papers.commitment_letter", LETTER, required=rules.commitment_letter, because=because))
    return slots


def from_elsewhere(answers: Answers, vocabulary: Vocabulary) -> bool:
    """Whether an individual's ID card was issued in another province than it files in (R018)."""
    region, number = answers.text("subject.region_code"), answers.text("subject.document_number").strip()
    individual = vocabulary.is_individual(answers.text("subject.organisation_type"))
    by_card = answers.text("subject.document_type") == RESIDENT_ID and number[:2].isdigit()
    return individual and by_card and bool(region) and number[:2] != region[:2]


def website_papers(answers: Answers, row: str, *, letter: bool) -> list[PaperSlot]:
    """The papers of one website; ``letter`` tells whether the province asks for the other principal's authority."""
    slots = [slot(in_row("website.papers.domain_certificate", "website", row), CERTIFICATE)]
    if answers.get(in_row("website.principal.same_as_subject", "website", row)) == "no":
        principal = in_row("website.principal", "website", row)
        slots += identity(principal, purpose="4")
        because = N_("网站负责人不是法定代表人。")
        slots.append(slot(f"{principal}.papers.power_of_attorney", SIGNED, required=letter, because=because))
    group = f"website[{row}].pre_approvals"
    slots += [slot(f"{group}[{code}].papers.document", N_("在有效期内的批准文件。")) for code in answers.rows(group)]
    return slots


def identity(principal: str, purpose: str) -> list[PaperSlot]:
    """Both sides of a principal's identity document; documents with one page of data need no back."""
    return [
        slot(f"{principal}.papers.identity_front", PICTURE, purpose=purpose),
        slot(f"{principal}.papers.identity_back", PICTURE, purpose=purpose, required=False),
    ]


def slot(path: str, hint: str, **more: Any) -> PaperSlot:
    """A slot under the label its type path has everywhere."""
    return PaperSlot(path, PAPER_LABELS[type_path(path)], hint, **more)


NEW_FILING = Operation(
    code="new_filing",
    label=N_("首次备案"),
    steps=(
        Step(
            "subject",
            N_("主体信息"),
            N_("照着证件逐字填写即可。填错了马上会在旁边告诉您怎么改。"),
            (Part(SubjectForm),),
        ),
        Step("principal", N_("主体负责人"), N_("对备案负责的人。审核和核验都会联系他。"), (Part(PrincipalForm),)),
        Step(
            "website",
            N_("网站信息"),
            N_("一个网站一个域名；有几个网站就添几个。"),
            (
                Part(WebsiteForm),
                Part(PreApprovalForm, rows="website.pre_approvals"),
                Part(WebsitePrincipalForm),
                Part(AccessForm),
            ),
            repeat="website",
        ),
        Step("papers", N_("证件与照片"), N_("拍原件，四角都在画面里。大图不用自己压缩。")),
        Step("check", N_("核对并提交"), N_("逐项看一遍，有错就点旁边的“改”。")),
    ),
    papers=papers,
    visit=True,
    password=False,
    upload_group="XZBA",
    operation_type="1",
    register_effect="record",
    hidden=hidden,
    paper_labels=PAPER_LABELS,
)
