"""Reading what changes the register besides filings: cancellations (ZXSJ) and black lists (HMDLB)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from icp.bureau.codec.xml import int_of, text_of

CANCELLED_SUBJECT, CANCELLED_WEBSITE, CANCELLED_ACCESS = "0", "1", "2"


@dataclass(frozen=True)
class Cancellation:
    """``Zxxx``: something is no longer on record.

    Attributes:
        kind: Zxlb, 0 subject, 1 website, 2 access; as it came.
        bureau_id: Jlid, the bureau's id of what was cancelled; None when it is no number.
        key: Jlid as it came.
        remark: the bureau's own words.
    """

    kind: str
    bureau_id: int | None
    key: str = ""
    remark: str = ""


@dataclass(frozen=True)
class BlackSubject:
    """``Zthmdxxs``: a subject on the black list; it may name nobody."""

    change: str
    name: str = ""
    organisation_type: str = ""
    document_type: str = ""
    document_number: str = ""
    remark: str = ""


@dataclass(frozen=True)
class BlackWebsite:
    """``Wzhmdxxs``: a website on the black list with its domains."""

    change: str
    name: str = ""
    domains: tuple[str, ...] = ()
    home_url: str = ""
    remark: str = ""


def cancellations(group: Any) -> tuple[Cancellation, ...]:
    """What ``ZXSJ`` says was cancelled."""
    return tuple(
        Cancellation(text_of(e, "Zxlb"), int_of(e, "Jlid"), text_of(e, "Jlid"), text_of(e, "Bz"))
        for e in group.iterfind("Zxxx")
    )


def black_subjects(group: Any) -> tuple[BlackSubject, ...]:
    """The subjects of ``HMDLB``."""
    return tuple(
        BlackSubject(
            change=text_of(e, "Czlx"),
            name=text_of(e, "Zt_xx/Dwmc"),
            organisation_type=text_of(e, "Zt_xx/Dwxz"),
            document_type=text_of(e, "Zt_xx/Zj/Zjlx"),
            document_number=text_of(e, "Zt_xx/Zj/Zjhm"),
            remark=text_of(e, "Bz"),
        )
        for e in group.iterfind("Zthmdxxs")
    )


def black_websites(group: Any) -> tuple[BlackWebsite, ...]:
    """The websites of ``HMDLB``."""
    return tuple(
        BlackWebsite(
            change=text_of(e, "Czlx"),
            name=text_of(e, "Wz_xx/Wzmc"),
            domains=tuple(name for d in e.iterfind("Wz_xx/Ym_xx") if (name := text_of(d, "Ym"))),
            home_url=text_of(e, "Wz_xx/Syurl"),
            remark=text_of(e, "Bz"),
        )
        for e in group.iterfind("Wzhmdxxs")
    )
