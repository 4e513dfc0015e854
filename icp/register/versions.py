"""What was on record when: the versions of a subject's record, and where neighbours differ, leaf by leaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from icp.extensions import db
from icp.register.models import RegisterEvent, Subject
from icp.register.reading import snapshot
from icp.rules.addresses_ip import to_text
from icp.vocabulary.tables import INDIVIDUAL
from icp.vocabulary.text import N_

SHOWN = 50

SUBJECT = {
    "number": (N_("主体备案号"), "code"),
    "name": (N_("主办单位或主办人名称"), ""),
    "organisation_type": (N_("单位性质"), "organisation_types"),
    "document_type": (N_("证件类型"), "document_types"),
    "document_number": (N_("证件号码"), "code"),
    "document_address": (N_("证件住所"), ""),
    "region_code": (N_("所属区域"), "region"),
    "mailing_address": (N_("通信地址"), ""),
    "supervisor": (N_("投资人或主管单位"), ""),
    "remark": (N_("备注"), ""),
}
PRINCIPAL = {
    "name": (N_("负责人姓名"), ""),
    "document_type": (N_("负责人证件类型"), "document_types"),
    "document_number": (N_("负责人证件号码"), "number"),
    "mobile": (N_("联系方式 1（手机号）"), "phone"),
    "landline": (N_("联系方式 2（办公电话）"), "code"),
    "email": (N_("电子邮箱"), "mail"),
}
WEBSITE = {
    "number": (N_("网站备案号"), "code"),
    "name": (N_("网站名称"), ""),
    "domains": (N_("域名"), "domain"),
    "home_url": (N_("首页网址"), "code"),
    "service_content": (N_("服务内容"), "service_contents"),
    "languages": (N_("网站语言"), "languages"),
    "remark": (N_("网站备注"), ""),
}
OURS, OTHERS = N_("本公司的接入"), N_("其他接入商的接入")


@dataclass(frozen=True)
class Leaf:
    """One value of a record.

    Attributes:
        label: its name (marked text).
        kind: table of its codes; `code` (equal width), `region`, `domain`, `access`; `number`, `phone` and `mail` are
            a person's own.
        values: as recorded; several for lists.
    """

    label: str
    kind: str
    values: tuple[str, ...]

    @property
    def personal(self) -> bool:
        """Whether it is masked until somebody asks."""
        return self.kind in ("number", "phone", "mail")


Leaves = dict[tuple[str, str], Leaf]
"""By part ('' for the subject, else the website's number) and name within it, in the order in which people read."""


@dataclass(frozen=True)
class Difference:
    """A leaf that isn't what it was; ``part`` as in ``Leaves``."""

    part: str
    before: Leaf | None
    after: Leaf | None

    @property
    def leaf(self) -> Leaf:
        """Either of the two."""
        leaf = self.after or self.before
        assert leaf is not None  # noqa: S101 # for the type checker
        return leaf


@dataclass(frozen=True)
class Version:
    """What an event made of the record, and where it differs from the version before."""

    event: RegisterEvent
    differences: tuple[Difference, ...]


def leaves(record: dict[str, Any] | None) -> Leaves:
    """Every value of a record that says something.

    Args:
        record: see ``icp.register.reading.snapshot``; None or empty has no leaves.
    """
    if not record:
        return {}
    found: Leaves = {}
    details = record["details"]
    for name, (label, kind) in SUBJECT.items():
        personal = name == "document_number" and details.get("organisation_type") == INDIVIDUAL
        _put(found, "", name, Leaf(label, "number" if personal else kind, _texts(details.get(name))))
    _put_principal(found, "", details)
    for website in record["websites"]:
        _put_website(found, website)
    return found


def _put_website(found: Leaves, website: dict[str, Any]) -> None:
    part, details = website["number"], website["details"]
    for name, (label, kind) in WEBSITE.items():
        _put(found, part, name, Leaf(label, kind, _texts(website.get(name, details.get(name)))))
    for approval, text in details.get("pre_approvals", ()):
        _put(
            found, part, f"pre_approvals.{approval}", Leaf(N_("前置或专项审批"), "preapproval_types", (approval, text))
        )
    accesses = sorted((_access(access) for access in website["accesses"]), key=lambda leaf: (leaf.label, leaf.values))
    for place, access in enumerate(accesses):
        _put(found, part, f"access.{place}", access)
    _put_principal(found, part, details)


def _access(access: dict[str, Any]) -> Leaf:
    ranges = tuple(to_text(r["first"], r["last"]) for r in access["ranges"])
    codes = (" ".join(access["methods"]), " ".join(access["locations"]))
    return Leaf(OURS if access.get("ours", True) else OTHERS, "access", (*codes, *ranges))


def _put_principal(found: Leaves, part: str, details: dict[str, Any]) -> None:
    for name, (label, kind) in PRINCIPAL.items():
        _put(found, part, f"principal.{name}", Leaf(label, kind, _texts(details["principal"].get(name))))


def _put(found: Leaves, part: str, name: str, leaf: Leaf) -> None:
    if leaf.values:
        found[part, name] = leaf


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(sorted(str(v) for v in value))
    return (str(value),) if value else ()


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Difference, ...]:
    """Where two records differ, in the order of the later one, what is gone at the end."""
    old, new = leaves(before), leaves(after)
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(Difference(key[0], old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key))


def of_subject(subject: Subject, before: int | None = None) -> list[Version]:
    """The newest versions of a subject's record, newest first, ``SHOWN`` of them at most.

    Args:
        subject: whose.
        before: id of the last event of the page before.
    """
    wanted = select(RegisterEvent).where(RegisterEvent.subject_id == subject.id)
    # What an event made is what the next one found.
    after: dict[str, Any] | None = snapshot(subject)
    if before is not None:
        after = db.session.get_one(RegisterEvent, before).before
        wanted = wanted.where(RegisterEvent.id < before)
    versions = []
    for event in db.session.scalars(wanted.order_by(RegisterEvent.id.desc()).limit(SHOWN)):
        versions.append(Version(event, differences(event.before, after)))
        after = event.before
    return versions
