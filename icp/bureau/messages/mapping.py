"""Which answer goes into which element: the one table that builders and the way back from an error share.

Lines stand in the order of the elements in the interface's schema (XZBA/Baxx), which is right both where the order
is fixed and where it is free. Emergency telephone and reachable hours are not on this wire.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How an answer becomes the text of an element."""

    TEXT = "text"
    CODES = "codes"  # one element for each value
    PROVINCE = "province"  # the level of a region code
    CITY = "city"
    DISTRICT = "district"


@dataclass(frozen=True)
class Line:
    """An element below the record (or the row's) element, and the type path whose answer it holds."""

    element: str
    path: str
    kind: Kind = Kind.TEXT


PRINCIPAL = (
    Line("Fzr_xm", "name"),
    Line("Fzr_dhhm", "landline"),
    Line("Fzr_sjhm", "mobile"),
    Line("Fzr_dzyj", "email"),
    Line("Fzr_zjlx", "document_type"),
    Line("Fzr_zjhm", "document_number"),
)
"""A person answerable; the same for subject and website, below ``Fzr`` and ``Wz_Fzr``."""


def _principal(element: str, path: str) -> tuple[Line, ...]:
    return tuple(Line(f"{element}/{line.element}", f"{path}.{line.path}", line.kind) for line in PRINCIPAL)


SUBJECT = (
    Line("Dwmc", "subject.name"),
    Line("Dwxz", "subject.organisation_type"),
    Line("Tzr", "subject.supervisor"),
    Line("Txdz/Shengid", "subject.region_code", Kind.PROVINCE),
    Line("Txdz/Shiid", "subject.region_code", Kind.CITY),
    Line("Txdz/Xianid", "subject.region_code", Kind.DISTRICT),
    Line("Txdz/Xxdz", "subject.mailing_address"),
    Line("Zj/Zjlx", "subject.document_type"),
    Line("Zj/Zjhm", "subject.document_number"),
    Line("Zj/Zjzs", "subject.document_address"),
    *_principal("Fzr", "subject.principal"),
)
"""``Zt_xx``: the subject (主体)."""

SUBJECT_TAIL = (Line("Bz", "subject.remark"),)

WEBSITE = (Line("Wzmc", "website.name"),)
PRE_APPROVAL = (Line("Qzsph", "website.pre_approvals.approval_number"),)
CONTENT = (
    Line("Fwnr/Fwnr_id", "website.service_content", Kind.CODES),
    Line("Yylb/Yylb_id", "website.languages", Kind.CODES),
)
DOMAIN = (Line("Ym", "website.domain"),)
ACCESS = (
    Line("Wzfb/Fbdd", "website.access.server_location", Kind.CODES),
    Line("Wzjrfs/Jrfs", "website.access.access_method", Kind.CODES),
)
WEBSITE_TAIL = (
    *_principal("Wz_Fzr", "website.principal"),
    Line("Syurl", "website.home_url"),
    Line("Wz_Bz", "website.remark"),
)
"""``Wz_xx``: a website, in the parts between which ids, approvals, domains and ranges stand."""

GROUPS = {
    "Zt_xx": "subject",
    "Txdz": "subject.region_code",
    "Zj": "subject.document_number",
    "Fzr": "subject.principal",
    "Wz_xx": "website",
    "Nrlx": "website.pre_approvals",
    "Nrlx_xx": "website.pre_approvals",
    "Spwj": "website.pre_approvals.papers.document",
    "Fwnr": "website.service_content",
    "Yylb": "website.languages",
    "Ym_xx": "website.domain",
    "Jr_xx": "website.access",
    "Ip_xx": "website.access.ip_addresses",
    "Qsip": "website.access.ip_addresses",
    "Zzip": "website.access.ip_addresses",
    "Wz_Fzr": "website.principal",
}
"""Elements that hold no single answer → the type path a complaint about them belongs to."""

ALL_LINES = (*SUBJECT, *SUBJECT_TAIL, *WEBSITE, *CONTENT, *DOMAIN, *ACCESS, *WEBSITE_TAIL, *PRE_APPROVAL)


def path_of(element: str, parent: str) -> str:
    """The type path of an element by its name and its parent's, '' when no answer belongs to it.

    The same name means different answers under different parents (``Fzr_xm``, ``Bz``).
    """
    for line in ALL_LINES:
        names = line.element.split("/")
        if names[-1] == element and (len(names) == 1 or names[-2] == parent):
            if len(names) == 1 and element == "Bz" and parent != "Zt_xx":
                continue
            return line.path
    return GROUPS.get(element, "")
