"""What an answer to the bureau says, as plain shapes: kept sealed in ``Task.result``, read by the message builders."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from icp.register.records import SubjectRecord, subject_from_plain
from icp.tasks.kinds import Kind


@dataclass(frozen=True)
class ApprovalScan:
    """A scan of an approval (Spwj) as base64, by the bureau's website id and the kind of approval."""

    website_id: int
    kind: str
    base64: str


@dataclass(frozen=True)
class VerifyAnswer:
    """核实结果 (HSJG).

    Attributes:
        passed: the data were found right.
        verifier: who verified.
        verified_on: `YYYY-MM-DD`.
        opinion: 核实意见, at most 1024 characters.
        errors: what is wrong, '' when nothing is.
        filing: the data as verified, with the bureau's ids.
        scans: of approvals, where the task carried them.
    """

    passed: bool
    verifier: str
    verified_on: str
    opinion: str
    errors: str
    filing: SubjectRecord
    scans: tuple[ApprovalScan, ...] = ()


@dataclass(frozen=True)
class UnfiledAnswer:
    """未备案网站处理结果 (WBACLJG).

    Attributes:
        domain: as the bureau wrote it.
        address: IPv4 as unsigned integer.
        carrier: reporting unit id (Yys).
        provider: reporting unit id (Jrs).
        province: code of the province.
        code: 处理结果, a code of table `unfiled_handling`.
        opinion: at most 255 characters.
        entered_on: `YYYY-MM-DD`, when the site came on the list.
        due_on: `YYYY-MM-DD`.
        reporter_name, reporter_phone, reporter_email: '' where not said.
    """

    domain: str
    address: int
    carrier: int
    provider: int
    province: str
    code: str
    opinion: str
    entered_on: str
    due_on: str
    reporter_name: str = ""
    reporter_phone: str = ""
    reporter_email: str = ""


@dataclass(frozen=True)
class MaterialPicture:
    """One picture of XZHYD.

    Attributes:
        owner: 1 subject, 2 website (Ssdxlx).
        number: filing number of the owner.
        bureau_id: the owner's id at the bureau, None when unknown.
        purpose: 附件用途, a code of table `attachment_types`.
        format: 附件文件格式, a code of table `attachment_formats`.
        base64: the picture.
        remark: '' for none.
    """

    owner: str
    number: str
    bureau_id: int | None
    purpose: str
    format: str
    base64: str
    remark: str = ""


@dataclass(frozen=True)
class MaterialAnswer:
    """核验单等材料 (XZHYD), sent for what is on record."""

    pictures: tuple[MaterialPicture, ...]


Answer = VerifyAnswer | UnfiledAnswer | MaterialAnswer


def plain(answer: Answer) -> dict[str, Any]:
    """The answer as plain data for ``verbs.answer``."""
    return dataclasses.asdict(answer)


def read(kind: str, result: dict[str, Any]) -> Answer:
    """The inverse of ``plain``.

    Raises:
        KeyError: nothing of this kind is answered, or the data are of another shape.
    """
    readers: dict[Kind, Callable[[dict[str, Any]], Answer]] = {
        Kind.VERIFY: _verify,
        Kind.UNFILED_SITE: _unfiled,
        Kind.MATERIAL: _material,
    }
    return readers[Kind(kind)](result)


def _verify(said: dict[str, Any]) -> VerifyAnswer:
    scans = tuple(ApprovalScan(**scan) for scan in said["scans"])
    return VerifyAnswer(**{**said, "filing": subject_from_plain(said["filing"]), "scans": scans})


def _unfiled(said: dict[str, Any]) -> UnfiledAnswer:
    return UnfiledAnswer(**said)


def _material(said: dict[str, Any]) -> MaterialAnswer:
    return MaterialAnswer(tuple(MaterialPicture(**picture) for picture in said["pictures"]))
