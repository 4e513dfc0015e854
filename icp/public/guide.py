"""What the public pages tell of papers, operations, provinces and reasons, taken from what decides it."""

from __future__ import annotations

from dataclasses import dataclass

from icp.filings.answers import Answers
from icp.filings.finding import WHEN
from icp.filings.operations import OPERATIONS, PaperSlot
from icp.filings.operations.new_filing import NEW_FILING
from icp.rules.correction import Value
from icp.vocabulary import ProvinceRules, Reason, Vocabulary
from icp.vocabulary.tables import INDIVIDUAL
from icp.vocabulary.text import N_, Message

KINDS = (
    (("new_filing",), N_("首次备案"), WHEN["new_filing"]),
    (("change",), N_("信息变更"), WHEN["change"]),
    (("new_website",), N_("新增网站"), WHEN["new_website"]),
    (("new_access",), N_("新增接入"), WHEN["new_access"]),
    (("cancel_access",), N_("取消接入"), WHEN["cancel_access"]),
    (("cancel_website", "cancel_subject"), N_("备案注销"), N_("网站或整个主体不再使用")),
)
"""The six operations: their codes, name, when it is the right one."""

ORGANISATION = "4"
SAMPLES = {
    "change": Answers(
        {"subject.organisation_type": ORGANISATION, "subject.name": "—"},
        record={"subject.organisation_type": ORGANISATION, "subject.name": "…"},
    ),
    "cancel_website": Answers(),
}
"""Operation → answers in which it asks for papers that it doesn't always ask for."""
CASES: tuple[tuple[str, dict[str, Value]], ...] = (
    (N_("主体负责人不是法定代表人"), {"subject.legal_representative.name": "—"}),
    (N_("网站负责人是另一个人"), {"website[w1].principal.same_as_subject": "no"}),
    (N_("内容要前置审批，例如新闻、出版、药品"), {"website[w1].pre_approvals": ["1"]}),
    (N_("本省要求承诺书，例如广东、江苏"), {"subject.region_code": "440000"}),
    (
        N_("个人的身份证不是本省签发，本省又要看居住证，例如福建、浙江"),
        {
            "subject.organisation_type": INDIVIDUAL,
            "subject.document_type": "2",
            "subject.document_number": "110000",
            "subject.region_code": "350000",
        },
    ),
)
"""When more papers are asked for: what people read, and the answers that say so."""

COMMON = ("R051", "R050", "R043", "R070", "R021", "R027", "R055", "R013")
"""Why first filings come back most often, in the order of providers' own lists."""

NOT_FIRST = frozenset(
    {"R012", "R015", "R020", "R056", "R057", "R063", "R067", "R080", "R083"}
    | {"R088", "R089", "R090", "R091", "R092", "R095", "R096"}
)
"""Reasons that meet only who is on record already, or that nobody can avoid beforehand."""

AREAS = (
    ("filing", N_("这份备案整体")),
    ("subject.principal.papers", N_("证件和照片")),
    ("subject.papers", N_("证件和照片")),
    ("website.principal.papers", N_("证件和照片")),
    ("website.papers", N_("证件和照片")),
    ("subject.principal", N_("负责人")),
    ("website.principal", N_("负责人")),
    ("subject", N_("主办单位或主办人")),
    ("website.access", N_("接入")),
    ("website", N_("网站和域名")),
)
"""Beginning of a type path → under which heading its reasons stand; the first that fits."""


@dataclass(frozen=True)
class Kind:
    """One of the six operations.

    Attributes:
        codes: of its declarations.
        name, when: what it is called, and when it is the right one (marked texts).
        by_host: whether a host begins it here; else the provider does, when he asks.
        papers: what has to be there, with its circumstances (marked texts); without those that only some need.
        more: papers besides, in the case of ``SAMPLES`` (marked texts).
        password: whether the filing password is asked.
    """

    codes: tuple[str, ...]
    name: str
    when: str
    by_host: bool
    papers: tuple[str, ...]
    more: tuple[str, ...]
    password: bool


def kinds(vocabulary: Vocabulary) -> list[Kind]:
    """The six operations in the order people meet them, as their declarations say."""
    found = []
    for codes, name, when in KINDS:
        operation = OPERATIONS[codes[0]]
        answers = Answers({"subject.organisation_type": ORGANISATION}, {"website": ["w1"]})
        if operation.partial:  # nothing differs from the record yet
            answers = Answers()
        slots = operation.papers(answers, vocabulary)
        needed = tuple(dict.fromkeys(slot.label for slot in slots if slot.required and not slot.because))
        sample = operation.papers(SAMPLES[codes[0]], vocabulary) if codes[0] in SAMPLES else []
        more = tuple(slot.label for slot in sample if slot.label not in needed)
        found.append(Kind(codes, name, when, not operation.by_staff_only, needed, more, operation.password))
    return found


def papers(vocabulary: Vocabulary, *, individual: bool) -> list[PaperSlot]:
    """The papers every first filing needs, as its declaration asks for them."""
    return [slot for slot in _papers(vocabulary, individual) if not slot.because]


def more_papers(vocabulary: Vocabulary) -> dict[str, list[PaperSlot]]:
    """The papers needed besides, by case (marked text)."""
    has = {(slot.label, slot.required) for slot in _papers(vocabulary)}
    return {
        case: [slot for slot in _papers(vocabulary, more=answers) if (slot.label, slot.required) not in has]
        for case, answers in CASES
    }


def documents(vocabulary: Vocabulary, language: str) -> list[tuple[str, list[str]]]:
    """Each kind of organisation with the documents it may use."""
    return [
        (kind.label(language), [option.label(language) for option in vocabulary.document_types_for(kind.code)])
        for kind in vocabulary.options("organisation_types")
    ]


def asks(rules: ProvinceRules) -> list[str]:
    """What a province asks of a first filing beyond the national rules, as marked sentences."""
    told = [
        (rules.subject_principal == "legal_representative", N_("单位的主体负责人要是法定代表人。")),
        (
            rules.subject_principal == "power_of_attorney",
            N_("单位的主体负责人可以不是法定代表人，但要有法定代表人签字并盖公章的授权书。"),
        ),
        (rules.website_principal_letter, N_("网站负责人不是法定代表人的，要有授权书。")),
        (
            rules.one_principal_unless_legal_representative,
            N_("主体负责人不是法定代表人时，网站负责人要和他是同一个人。"),
        ),
        (rules.mainland_principal, N_("法定代表人是外籍或港澳台居民的，要授权一位持内地身份证的人当负责人。")),
        (rules.outside_individuals == "permit", N_("个人的身份证不是本省签发的，要有本省有效的居住证。")),
        (
            rules.outside_individuals == "refused",
            N_("个人的身份证不是本省签发的，本省不受理，请在身份证签发的省办理。"),
        ),
        (bool(rules.minimum_age), Message("负责人要满 {age} 周岁。", age=rules.minimum_age)),
        (rules.addresses_in_same_city, N_("通信地址要和证件住所在同一个市。")),
        (bool(rules.websites_per_filing), Message("一份备案最多 {most} 个网站。", most=rules.websites_per_filing)),
        (
            bool(rules.websites_per_organisation),
            Message("一个单位最多 {most} 个网站。", most=rules.websites_per_organisation),
        ),
        (
            bool(rules.websites_per_individual),
            Message("一位个人最多 {most} 个网站。", most=rules.websites_per_individual),
        ),
        (
            bool(rules.construction_plan_from),
            Message("从第 {number} 个网站起，要有网站建设方案书。", number=rules.construction_plan_from),
        ),
        (rules.commitment_letter, N_("要有承诺书：单位由法定代表人、个人由本人用黑色笔手写签名。")),
        (rules.local_mobile, N_("手机号要是本省的号码。")),
        (not rules.mobile_as_landline, N_("办公电话要填固定电话，不能用手机号代替。")),
        (rules.landline_differs_from_mobile, N_("办公电话用手机号的，要和负责人的手机号不同。")),
        (rules.landline_mobile_needs_remark, N_("办公电话用手机号的，要在备注里写明机主的姓名和职务。")),
        (rules.emergency_phone, N_("要填应急联系电话。")),
        (rules.emergency_phones_differ, N_("两位负责人的应急联系电话不能相同。")),
    ]
    return [sentence for applies, sentence in told if applies]


def common_reasons(vocabulary: Vocabulary) -> list[Reason]:
    """The reasons met most often."""
    known = {reason.id: reason for reason in vocabulary.reasons()}
    return [known[id_] for id_ in COMMON if id_ in known]


def other_reasons(vocabulary: Vocabulary) -> dict[str, list[Reason]]:
    """The other reasons a first filing may meet, by marked heading."""
    found: dict[str, list[Reason]] = {heading: [] for _, heading in AREAS}
    for reason in vocabulary.reasons():
        heading = next((text for beginning, text in AREAS if reason.path.startswith(beginning)), "")
        if heading and reason.id not in NOT_FIRST and reason.id not in COMMON and _met(reason):
            found[heading].append(reason)
    return {heading: reasons for heading, reasons in found.items() if reasons}


def _met(reason: Reason) -> bool:
    return any(
        path in ("filing", "website") or NEW_FILING.has_field(path) or path in NEW_FILING.paper_labels
        for path in reason.paths
    )


def _papers(vocabulary: Vocabulary, individual: bool = False, more: dict[str, Value] | None = None) -> list[PaperSlot]:
    kind: dict[str, Value] = {"subject.organisation_type": INDIVIDUAL if individual else ORGANISATION}
    return NEW_FILING.papers(Answers(kind | (more or {}), {"website": ["w1"]}), vocabulary)
