"""Which answer goes into which element: the one table that all builders and the way back from an error share.

Lines stand in the order of the elements in the interface's schema, which is right both where the order is fixed and
where it is free. Emergency telephone and reachable hours are not on this wire.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """An element below its parent, and the type path whose answer it holds.

    ``longest``: characters that survive the way back from the bureau, where the schema lets more pass (0: as the
    schema says).
    """

    element: str
    path: str
    kind: Kind = Kind.TEXT
    longest: int = 0


PRINCIPAL = (
    Line("Fzr_xm", "name"),
    Line("Fzr_dhhm", "landline"),
    Line("Fzr_sjhm", "mobile"),
    Line("Fzr_dzyj", "email"),
    Line("Msn", "msn"),
    Line("Qq", "qq"),
    Line("Fzr_zjlx", "document_type"),
    Line("Fzr_zjhm", "document_number"),
)
"""A person answerable; the same for subject and website, below ``Fzr`` and ``Wz_Fzr``. The site doesn't ask for the
two accounts, but they may be on record."""


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
    Line("Zj/Zjhm", "subject.document_number", longest=128),
    Line("Zj/Zjzs", "subject.document_address"),
    *_principal("Fzr", "subject.principal"),
    Line("Bz", "subject.remark"),
)
"""``Zt_xx``: the subject (主体). Its order is free, so ids, number and mode may stand before."""

SUBJECT_NUMBER = (Line("Baxh", "subject.filing_number"),)
"""A subject's number, where its whole record is sent."""
OF_SUBJECT = (Line("Ztbah", "subject.filing_number"),)
"""A subject that is only named."""

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
WEBSITE_PRINCIPAL = _principal("Wz_Fzr", "website.principal")
WEBSITE_NUMBER = (Line("Baxh", "website.filing_number"),)
"""A website's number, where its whole record is sent; it stands between principal and home page."""
OF_WEBSITE = (Line("Wzbah", "website.filing_number"),)
"""A website that is only named."""
WEBSITE_TAIL = (Line("Syurl", "website.home_url", longest=255), Line("Wz_Bz", "website.remark"))
"""``Wz_xx``: a website, in the parts between which ids, approvals, domains and ranges stand."""

CANCELLATION = (Line("Zxly", "cancellation.reason"), Line("Zxlybz", "cancellation.remark"))
"""``Zx_xx``, after what is cancelled."""

VERIFICATION = (
    Line("Hsjg", "passed"),
    Line("Hsrxm", "verifier"),
    Line("Hssj", "verified_on"),
    Line("Bbdw", "unit"),
    Line("Hsyj", "opinion"),
    Line("Cwxx", "errors"),
)
"""``Hsjgxx``, before the data as verified; paths are the attributes of the answer."""

UNFILED = (
    Line("Ym", "domain"),
    Line("IP", "address"),
    Line("Yys", "carrier"),
    Line("Jrs", "provider"),
    Line("Shengid", "province"),
    Line("Cljg", "code"),
    Line("Clyj", "opinion"),
    Line("Rbsj", "entered_on"),
    Line("Clsx", "due_on"),
    Line("Sbrxm", "reporter_name"),
    Line("Sbrdh", "reporter_phone"),
    Line("Sbrdzyj", "reporter_email"),
)
"""``Clxx``; paths are the attributes of the answer."""

VERIFICATION_NAMES = {"Fzr_sjhm": "sjhm", "Yylb": ""}
"""Elements that HSJG calls otherwise; '' for those it doesn't have (interface, differences and traps)."""

TABLE: dict[str, tuple[Line, ...]] = {
    "Zt_xx": (*SUBJECT, *SUBJECT_NUMBER, *OF_SUBJECT),
    "Wz_xx": (*WEBSITE, *CONTENT, *WEBSITE_PRINCIPAL, *WEBSITE_NUMBER, *WEBSITE_TAIL, *OF_WEBSITE),
    "Nrlx_xx": PRE_APPROVAL,
    "Ym_xx": DOMAIN,
    "Jr_xx": ACCESS,
    "Xzxx": ACCESS,
    "Zx_xx": CANCELLATION,
    "Hsjgxx": VERIFICATION,
    "Clxx": UNFILED,
}
"""Parent element → the lines that stand below it, in whichever group."""

GROUPS = {
    "Zt_xx": "subject",
    "Ztid": "subject.filing_number",
    "Txdz": "subject.region_code",
    "Zj": "subject.document_number",
    "Fzr": "subject.principal",
    "Wz_xx": "website",
    "Wzid": "website.filing_number",
    "Nrlx": "website.pre_approvals",
    "Nrlx_xx": "website.pre_approvals",
    "Spwj": "website.pre_approvals.papers.document",
    "Fwnr": "website.service_content",
    "Yylb": "website.languages",
    "Ym_xx": "website.domain",
    "Jr_xx": "website.access",
    "Wzfb": "website.access.server_location",
    "Wzjrfs": "website.access.access_method",
    "Ip_xx": "website.access.ip_addresses",
    "Qsip": "website.access.ip_addresses",
    "Zzip": "website.access.ip_addresses",
    "Wz_Fzr": "website.principal",
    "ICPmm": "filing_password",
}
"""Elements that hold no single answer → the type path a complaint about them belongs to."""


def _places() -> Iterator[tuple[tuple[str, str], str]]:
    also = {name: other for name, other in VERIFICATION_NAMES.items() if other}
    for parent, lines in TABLE.items():
        for line in lines:
            *groups, name = line.element.split("/")
            above = groups[-1] if groups else parent
            yield (above, name), line.path
            if name in also:
                yield (above, also[name]), line.path


_PATHS = dict(_places())


def path_of(element: str, parent: str) -> str:
    """The type path of an element by its name and its parent's, '' when no answer belongs to it.

    The same name means different answers under different parents (``Fzr_xm``, ``Baxh``).
    """
    return _PATHS.get((parent, element)) or GROUPS.get(element, "")
