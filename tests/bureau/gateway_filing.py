"""A filing that is ready to be reported, put into the database directly."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

from icp import outbox
from icp.documents.models import Paper
from icp.documents.storage import papers_storage
from icp.extensions import db
from icp.filings.answers import Answers
from icp.filings.models import Filing, Revision
from icp.filings.states import WORKER as BY
from icp.filings.states import State, opened
from icp.vocabulary import builtin


def answers(*rows: str, **changes: object) -> Answers:
    """Answers of a company with one website for each row id (``w1``)."""
    values: dict[str, object] = {
        "subject.organisation_type": "4",
        "subject.document_type": "1",
        "subject.document_number": "91350100M000100Y43",
        "subject.name": "福州青梧文创有限公司",
        "subject.region_code": "350102",
        "subject.document_address": "福建省福州市鼓楼区示例路18号青梧大厦6层602室",
        "subject.mailing_address": "示例路18号青梧大厦6层602室",
        "subject.supervisor": "林知夏",
        "subject.remark": "通信地址已为最详细地址",
        "subject.principal.name": "林知夏",
        "subject.principal.document_type": "2",
        "subject.principal.document_number": "11010519491231002X",
        "subject.principal.mobile": "13900000000",
        "subject.principal.landline": "0591-87654321",
        "subject.principal.emergency_phone": "13600000000",
        "subject.principal.email": "lin@qingwu.example",
    }
    rows = rows or ("w1",)
    for row in rows:
        site = f"website[{row}]"
        values |= {
            f"{site}.name": f"青梧文创手作馆{row}",
            f"{site}.domain": f"qingwu-{row}.example",
            f"{site}.home_url": f"www.qingwu-{row}.example",
            f"{site}.service_content": ["8", "9"],
            f"{site}.languages": ["1"],
            f"{site}.pre_approvals": ["none"],
            f"{site}.principal.same_as_subject": "yes",
            f"{site}.access.access_method": "3",
            f"{site}.access.server_location": "4",
            f"{site}.access.ip_addresses": ["203.0.113.24", "203.0.113.32-203.0.113.40"],
        }
        person = {p.removeprefix("subject."): v for p, v in values.items() if p.startswith("subject.principal.")}
        values |= {f"{site}.{path}": value for path, value in person.items()}
    values |= changes
    return Answers({p: v for p, v in values.items() if v != ""}, {"website": list(rows)})


@cache
def jpeg(colour: str = "white", size: tuple[int, int] = (64, 40)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


def papers(*rows: str) -> dict[str, bytes]:
    """Every paper a company's filing sends."""
    found = {
        "subject.papers.document": jpeg("red"),
        "subject.principal.papers.identity_front": jpeg("green"),
        "subject.principal.papers.identity_back": jpeg("blue"),
    }
    for row in rows or ("w1",):
        found[f"website[{row}].papers.verification_form"] = jpeg("yellow")
        found[f"website[{row}].principal.papers.photo"] = jpeg("black", (800, 600))
        found[f"website[{row}].papers.domain_certificate"] = jpeg("orange")
    return found


def keep_paper(filing_id: int, path: str, data: bytes) -> Paper:
    paper = Paper(
        filing_id=filing_id, path=path, original_key="none", width=64, height=40, original_bytes=1,
        reduced_bytes=len(data), reduced_width=64, reduced_height=40,
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    papers_storage().put(paper.reduced_key, data)
    return paper


def ready(*rows: str, **changes: object) -> Filing:
    """A filing in state ``ready`` with one revision, its papers, and its row in the outbox; committed."""
    said = answers(*rows, **changes)
    first = said.rows("website")[0]
    filing = Filing(
        number=f"F{db.session.query(Filing).count() + 1}",
        operation="new_filing",
        state=State.READY,
        province="350000",
        subject_name=said.text("subject.name"),
        domain=said.text(f"website[{first}].domain"),
        revision_no=1,
    )
    db.session.add(filing)
    db.session.flush()
    opened(filing, BY)
    kept = {path: keep_paper(filing.id, path, data) for path, data in papers(*rows).items()}
    ids = {path: p.id for path, p in kept.items() if ".photo" not in path and "verification_form" not in path}
    freeze(filing, said, ids)
    db.session.commit()
    return filing


def freeze(filing: Filing, said: Answers, ids: dict[str, str]) -> None:
    """The filing's next report: a revision under its number, and the outbox row."""
    db.session.add(
        Revision(
            filing_id=filing.id,
            number=filing.revision_no,
            hash=said.digest(ids),
            vocabulary_id=builtin().id,
            content={"answers": said.as_json(), "papers": ids},
        )
    )
    outbox.put(
        "bureau.report", f"report.{filing.id}.{filing.revision_no}", filing_id=filing.id, revision=filing.revision_no
    )
