"""Which report an answer belongs to (interface section on results).

Answers name enterprise ids, bureau ids or filing numbers, by operation; a whole file's failure names the file. Where
more than one pending report fits, a person is asked: nothing is guessed.
"""

from __future__ import annotations

from sqlalchemy import func, select

from icp.bureau.messages.results import ProcessingResult, Review
from icp.bureau.models import ReportedId, Upload, UploadState
from icp.extensions import db
from icp.register.records import SubjectRecord

ID_OF_OPERATION = {"1": "IspZtid", "2": "IspWzid", "3": "IspJrid"}
"""Operation type → kind of the enterprise id a review's ``Jlid`` holds; for 4 to 7 it is a bureau id."""

GONE_OUT = (UploadState.SENT, UploadState.UNCLEAR, UploadState.ACCEPTED)


def of_processing(account_id: int, result: ProcessingResult) -> Upload | None:
    """The report a ``Jg_xx`` answers."""
    if result.of_file:
        return _by_file_name(account_id, [line.text for line in result.lines] + [result.remark])
    return _by_key(account_id, result.operation, result.key) or _by_id(account_id, result.operation, result.key)


def of_review(account_id: int, review: Review) -> Upload | None:
    """The report a ``Gjsh`` decides. Without an operation type, the id must fit one report only."""
    operations = [review.operation] if review.operation else list(ID_OF_OPERATION)
    found = {}
    for operation in operations:
        upload = _by_id(account_id, operation, review.record_id) or _by_key(account_id, operation, review.record_id)
        if upload is not None:
            found[upload.id] = upload
    return next(iter(found.values())) if len(found) == 1 else None


def of_filing(account_id: int, record: SubjectRecord) -> Upload | None:
    """The report through which a filing came on record, by the enterprise ids it carries."""
    ids = [("IspZtid", record.isp_id)]
    for website in record.websites:
        ids.append(("IspWzid", website.isp_id))
        ids += [("IspYmid", domain.isp_id) for domain in website.domains]
        ids += [("IspJrid", access.isp_id) for access in website.accesses]
    for kind, value in ids:
        upload = _by_reported(account_id, kind, value) if value is not None else None
        if upload is not None:
            return upload
    return None


def is_latest(upload: Upload) -> bool:
    """Whether no later report of the same filing has been begun; an answer to an earlier one is only kept."""
    wanted = select(func.max(Upload.id)).where(
        Upload.filing_id == upload.filing_id, Upload.state != UploadState.REFUSED
    )
    return db.session.scalar(wanted) == upload.id


def _by_key(account_id: int, operation: str, key: str) -> Upload | None:
    if not key:
        return None
    wanted = select(Upload).where(
        Upload.account_id == account_id,
        Upload.operation_type == operation,
        Upload.record_key == key,
        Upload.state.in_(GONE_OUT),
    )
    found = list(db.session.scalars(wanted.order_by(Upload.id.desc())))
    return found[0] if len({upload.filing_id for upload in found}) == 1 else None


def _by_id(account_id: int, operation: str, key: str) -> Upload | None:
    kind = ID_OF_OPERATION.get(operation)
    return _by_reported(account_id, kind, int(key)) if kind and key.isascii() and key.isdigit() else None


def _by_reported(account_id: int, kind: str, value: int) -> Upload | None:
    row = db.session.get(ReportedId, (kind, value)) if 0 < value < 2**63 else None
    upload = None if row is None else db.session.get(Upload, row.upload_id)
    return upload if upload is not None and upload.account_id == account_id else None


def _by_file_name(account_id: int, texts: list[str]) -> Upload | None:
    wanted = select(Upload).where(Upload.account_id == account_id, Upload.state.in_(GONE_OUT))
    for upload in db.session.scalars(wanted.order_by(Upload.id.desc()).limit(1000)):
        name = upload.file_name.removesuffix(".xml")
        if any(name in text for text in texts):
            return upload
    return None
