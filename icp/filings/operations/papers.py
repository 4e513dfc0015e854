"""The papers of the operations, filing-domain § 4.1; purposes as in ``attachment_types``."""

from __future__ import annotations

from typing import Any

from icp.filings.answers import Answers
from icp.filings.operations.base import COMMISSION, PaperSlot
from icp.filings.paths import in_row, type_path
from icp.rules.documents import RESIDENT_ID
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_

PICTURE = N_("拍原件，四角都在画面里，不要复印件，不要翻拍屏幕。")
SIGNED = N_("法定代表人签字并加盖公章。")
LETTER = N_("本省管局的格式，用黑色笔手写签名。")
CERTIFICATE = N_("在域名注册商的网站下载；持有者要和主办单位一致。")
STATEMENT = N_("单位加盖公章；个人手写签名并按手印。")

PAPER_LABELS = {
    COMMISSION.path: COMMISSION.label,
    "subject.papers.document": N_("主办单位证件"),
    "subject.papers.name_change_letter": N_("更名通知书"),
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
    "cancellation.papers.statement": N_("注销声明"),
}


def slot(path: str, hint: str, **more: Any) -> PaperSlot:
    """A slot under the label its type path has everywhere."""
    return PaperSlot(path, PAPER_LABELS[type_path(path)], hint, **more)


def identity(principal: str, purpose: str) -> list[PaperSlot]:
    """Both sides of a principal's identity document; documents with one page of data need no back."""
    return [
        slot(f"{principal}.papers.identity_front", PICTURE, purpose=purpose),
        slot(f"{principal}.papers.identity_back", PICTURE, purpose=purpose, required=False),
    ]


def of_subject(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """The subject's document, its principal's identity, and the principal's authority where it isn't evident."""
    slots = []
    if not vocabulary.is_individual(answers.text("subject.organisation_type")):
        slots.append(slot("subject.papers.document", PICTURE, purpose="2"))
    return slots + of_subject_principal(answers)


def of_subject_principal(answers: Answers) -> list[PaperSlot]:
    """The identity of the subject's principal, with a power of attorney when it isn't the legal representative."""
    slots = identity("subject.principal", purpose="3")
    if answers.text("subject.legal_representative.name"):
        because = N_("主体负责人不是法定代表人。")
        slots.append(slot("subject.principal.papers.power_of_attorney", SIGNED, because=because))
    return slots


def of_website(answers: Answers, row: str, vocabulary: Vocabulary) -> list[PaperSlot]:
    """The papers of one website: domain certificate, its own principal, approvals."""
    slots = [slot(in_row("website.papers.domain_certificate", "website", row), CERTIFICATE)]
    if answers.get(in_row("website.principal.same_as_subject", "website", row)) == "no":
        slots += of_website_principal(answers, row, vocabulary)
    return slots + of_approvals(answers, row)


def of_website_principal(answers: Answers, row: str, vocabulary: Vocabulary) -> list[PaperSlot]:
    """Identity and authority of a website's own principal; the province says whether the authority is needed."""
    principal = in_row("website.principal", "website", row)
    letter = vocabulary.province_rules(answers.text("subject.region_code")).website_principal_letter
    known = answers.text("subject.name") or answers.text("subject.principal.name")
    because = N_("网站负责人不是法定代表人。") if known else N_("网站负责人不是法定代表人时要。")
    authority = slot(f"{principal}.papers.power_of_attorney", SIGNED, required=letter, because=because)
    return [*identity(principal, purpose="4"), authority]


def of_approvals(answers: Answers, row: str) -> list[PaperSlot]:
    """The document of each pre-approval of a website."""
    group = f"website[{row}].pre_approvals"
    return [slot(f"{group}[{code}].papers.document", N_("在有效期内的批准文件。")) for code in answers.rows(group)]


def of_province(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """What the province asks besides: residence permit, commitment letter."""
    slots = []
    rules = vocabulary.province_rules(answers.text("subject.region_code"))
    if from_elsewhere(answers, vocabulary) and rules.outside_individuals == "permit":
        because = N_("身份证不是本省签发的，本省要看居住证。")
        slots.append(slot("subject.papers.residence_permit", PICTURE, because=because))
    return slots


def commitment(answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
    """The commitment letter, needed or only possible by province (R081)."""
    needed = vocabulary.province_rules(answers.text("subject.region_code")).commitment_letter
    because = N_("本省要求每份备案都交。") if needed else N_("本省要求时才交。")
    return [slot("subject.papers.commitment_letter", LETTER, required=needed, because=because)]


def from_elsewhere(answers: Answers, vocabulary: Vocabulary) -> bool:
    """Whether an individual's ID card was issued in another province than it files in (R018)."""
    region, number = answers.text("subject.region_code"), answers.text("subject.document_number").strip()
    individual = vocabulary.is_individual(answers.text("subject.organisation_type"))
    by_card = answers.text("subject.document_type") == RESIDENT_ID and number[:2].isdigit()
    return individual and by_card and bool(region) and number[:2] != region[:2]


def statement() -> PaperSlot:
    """A statement that the host wants the cancellation; asked for when the principal can't be reached."""
    because = N_("负责人的手机号已不用、密码找不回时才交。")
    return slot("cancellation.papers.statement", STATEMENT, required=False, because=because)
