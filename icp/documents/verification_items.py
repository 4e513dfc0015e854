"""The items of the 《网站备案信息真实性核验单》 as a table; screen, printed form and voiding follow from it.

Source: filing-domain § 4.5; sections and who fills in which are the ministry's, single ticks as commonly used.
"""

from __future__ import annotations

from dataclasses import dataclass

from icp.vocabulary.text import N_

YES, NO, NOT_CONCERNED = "yes", "no", "na"
ANSWERS = {YES: N_("是"), NO: N_("否"), NOT_CONCERNED: N_("不涉及")}
PARTS = {
    "subject": N_("一 主体信息核验"),
    "contact": N_("二 联系方式核验"),
    "website": N_("三 网站信息核验"),
    "access": N_("四 接入信息核验"),
}

TICK, ONE_OF = "tick", "one_of"
ORGANISATION_KINDS = {
    "organisation_code": N_("组织机构代码证书"),
    "licence": N_("工商营业执照"),
    "public_institution": N_("事业法人证书"),
    "social_body": N_("社团法人证书"),
    "military": N_("军队代号"),
    "other": N_("其他"),
}
PERSON_KINDS = {
    "identity_card": N_("身份证"),
    "household": N_("户口簿"),
    "officer": N_("军官证"),
    "taiwan_permit": N_("台胞证"),
    "passport": N_("护照"),
    "other": N_("其他"),
}
KIND_OF_DOCUMENT = {
    "1": "licence",
    "3": "organisation_code",
    "9": "organisation_code",
    "10": "organisation_code",
    "12": "organisation_code",
    "16": "organisation_code",
    "18": "organisation_code",
    "20": "organisation_code",
    "4": "public_institution",
    "5": "military",
    "6": "social_body",
    "2": "identity_card",
    "7": "passport",
    "8": "officer",
    "11": "taiwan_permit",
}
"""Code of a document type → the box of the printed form; every other code is 其他 with its name written out."""


@dataclass(frozen=True)
class Item:
    """One line of the form.

    Attributes:
        key: stable name; in answers and control names.
        part: key of ``PARTS``.
        label: what is checked.
        fields: type paths of the data printed beside it, first the one to mend; a change of one voids the form. Items
            without are the provider's own matter.
        answers: code → text of the boxes, in order.
        kind: ``TICK`` (是/否/不涉及) or ``ONE_OF`` (one of several documents).
        organisations_only: left out for individuals.
        hint: said on the screen, not printed.
    """

    key: str
    part: str
    label: str
    fields: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ((YES, ANSWERS[YES]), (NO, ANSWERS[NO]))
    kind: str = TICK
    organisations_only: bool = False
    hint: str = ""


_WITH_NA = tuple(ANSWERS.items())

ITEMS: tuple[Item, ...] = (
    Item(
        "organisation_kind",
        "subject",
        N_("单位证件资质"),
        ("subject.document_type",),
        answers=tuple(ORGANISATION_KINDS.items()),
        kind=ONE_OF,
        organisations_only=True,
    ),
    Item(
        "principal_kind",
        "subject",
        N_("网站负责人证件资质"),
        ("website.principal.document_type",),
        answers=tuple(PERSON_KINDS.items()),
        kind=ONE_OF,
    ),
    Item(
        "subject_document",
        "subject",
        N_("单位证件原件已看，与数据一致"),
        ("subject.document_number",),
        organisations_only=True,
    ),
    Item(
        "principal_document",
        "subject",
        N_("网站负责人证件原件已看，人证一致"),
        ("website.principal.document_number", "website.principal.name"),
    ),
    Item("copies_kept", "subject", N_("证件复印件已留存"), hint=N_("单位证件 1 份，负责人证件正反面 1 份")),
    Item("photo_taken", "subject", N_("网站负责人照片为当场拍摄"), hint=N_("幕布前，彩色，正面免冠")),
    Item("mobile", "contact", N_("手机号码正确"), ("website.principal.mobile",), hint=N_("当场拨通")),
    Item("landline", "contact", N_("办公电话正确"), ("website.principal.landline",), answers=_WITH_NA),
    Item("email", "contact", N_("电子邮箱正确"), ("website.principal.email",)),
    Item("mailing_address", "contact", N_("通信地址正确"), ("subject.mailing_address", "subject.region_code")),
    Item("website_name", "website", N_("网站名称合规"), ("website.name",)),
    Item("domain_certificate", "website", N_("域名证书已看且有效"), ("website.domain",)),
    Item("service_content", "website", N_("服务内容正确"), ("website.service_content",)),
    Item(
        "pre_approval",
        "website",
        N_("前置或专项审批文件已看，复印件已留存"),
        ("website.pre_approvals", "website.pre_approvals.approval_number"),
        answers=_WITH_NA,
    ),
    Item(
        "access",
        "access",
        N_("接入商、方式、服务器放置地、IP 正确"),
        ("website.access.ip_addresses", "website.access.access_method", "website.access.server_location"),
    ),
)

HEAD_FIELDS = ("subject.name", "subject.organisation_type", "website.domain")
"""Type paths printed in the head of the form or deciding what it shows."""
PRINTED = frozenset(HEAD_FIELDS).union(*(item.fields for item in ITEMS))
"""Type paths whose change voids a printed form."""


def items_for(individual: bool) -> tuple[Item, ...]:
    """The items of a form, without those for organisations when the subject is an individual."""
    return tuple(item for item in ITEMS if not (individual and item.organisations_only))


def document_kind(document_type: str) -> str:
    """The box of the printed form for a code of a document type, `other` when it has none of its own."""
    return KIND_OF_DOCUMENT.get(document_type, "other")
