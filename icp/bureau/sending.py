"""Handing one prepared file to the bureau: strictly one after the other, under a number that was stored before.

Rules: interface section on sequence, retry and recovery. Who locks several rows takes the account first, then filings,
then the upload. A call without a reply leaves the upload unclear; before it
is sent again, the bureau is asked which file it took last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from icp import outbox
from icp.bureau import account as accounts
from icp.bureau import archive, refusals
from icp.bureau import records as reports
from icp.bureau.client import Bureau, NoReply, NotSent, Previous, Refused
from icp.bureau.codec.packing import Packed, pack_zip, unzip_one, zip_one
from icp.bureau.codec.replies import Reply
from icp.bureau.models import OPEN_STATES, Upload, UploadState
from icp.bureau.refusals import MISSING_FIRST, PERMANENT, REPACK
from icp.extensions import begin_write, db, now
from icp.filings import verbs
from icp.filings.drafts import lock
from icp.tasks import verbs as tasks

ROUNDS = 4  # a gap filled, a number mended, a file packed anew: each once, and the last try
AFTER_PAUSE, AFTER_REPACK = 900.0, 3600.0


class Later(Exception):
    """The report can't go on now; it is tried again after ``seconds`` (None: a pause that grows)."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Overtaken(Exception):
    """Another worker holds the work by now; this one leaves everything as it is."""


@dataclass(frozen=True)
class Link:
    """One worker's turn with one account.

    Attributes:
        account_id: whose turn.
        bureau: the client.
        keep: prolongs the turn; raises ``Overtaken`` when it is lost. Commits.
    """

    account_id: int
    bureau: Bureau
    keep: Callable[[], None]


def previous(link: Link) -> Previous:
    """The file the bureau took last.

    Raises:
        Later: it can't say now.
    """
    link.keep()
    try:
        return link.bureau.previous_upload()
    except NoReply as error:
        raise Later(str(error)) from None
    except Refused as error:
        raise _after_refusal(link, error) from None


def deliver(link: Link, upload_id: int, claim: outbox.Claim | None) -> None:
    """Send an upload until the bureau has taken it, and commit.

    Args:
        link: this worker's turn.
        upload_id: the upload, prepared, sent or unclear.
        claim: the outbox row to finish with it, None when it belongs to another one.

    Raises:
        Later: not now.
        Overtaken: the turn is lost.
    """
    upload = db.session.get_one(Upload, upload_id, populate_existing=True)
    if upload.state in (UploadState.SENT, UploadState.UNCLEAR) and _was_taken(link, upload_id, claim):
        return
    for _ in range(ROUNDS):
        try:
            reply = _hand_over(link, upload_id)
        except Refused as error:
            if error.code == MISSING_FIRST:
                if _mend_sequence(link, upload_id, error.reply.missing, claim):
                    return
            elif error.code in REPACK and _repack(upload_id):
                continue
            else:
                raise _after_refusal(link, error) from None
        else:
            accept(upload_id, reply.message, claim)
            return
    raise Later("the bureau goes on asking for other numbers")


def withdraw(link: Link, upload_id: int) -> None:
    """Give up an upload whose report was overtaken by a newer one; when the bureau has it already, note that.

    Raises:
        Later: it isn't known yet whether the bureau has it.
    """
    upload = db.session.get_one(Upload, upload_id, populate_existing=True)
    known = upload.state == UploadState.PREPARED
    number, hash_b64 = upload.sequence, upload.hash
    last = None if known else previous(link)
    db.session.rollback()
    begin_write()
    accounts.locked(link.account_id)
    upload = locked(upload_id)
    if last is not None and last.sequence == number and last.hash_b64 == hash_b64:
        taken(upload)
    else:
        upload.state = UploadState.REFUSED
    db.session.commit()


def _hand_over(link: Link, upload_id: int) -> Reply:
    packed, sequence = _ready(link, upload_id)
    try:
        return link.bureau.upload(packed, sequence)
    except NotSent as error:
        _note(upload_id, UploadState.PREPARED)
        raise Later(str(error)) from None
    except NoReply as error:
        _note(upload_id, UploadState.UNCLEAR)
        raise Later(str(error), 0 if _taken_meanwhile(upload_id) else None) from None
    except Refused as error:
        _note(upload_id, UploadState.PREPARED, error)
        raise


def _ready(link: Link, upload_id: int) -> tuple[Packed, int]:
    """Note that the call begins, and give what is sent."""
    link.keep()
    begin_write()
    upload = locked(upload_id)
    zipped = archive.open_upload(upload)
    if zipped is None:
        raise Later(f"the archive of upload {upload_id} is gone", AFTER_REPACK)
    upload.state, upload.sent_at = UploadState.SENT, now()
    sequence = upload.sequence
    db.session.commit()
    return _packed(link, zipped), sequence


def _packed(link: Link, zipped: bytes) -> Packed:
    endpoint = link.bureau.endpoint
    return pack_zip(zipped, endpoint.cipher if endpoint.encrypt else None)


def locked(upload_id: int) -> Upload:
    """An upload, locked for the rest of the transaction, read anew."""
    return db.session.get_one(Upload, upload_id, with_for_update=True, populate_existing=True)


def _note(upload_id: int, state: UploadState, refused: Refused | None = None) -> None:
    begin_write()
    upload = locked(upload_id)
    if upload.state != UploadState.ACCEPTED:  # an answer may have overtaken the reply
        upload.state = state
    if refused is not None:
        upload.reply_code, upload.reply_text, upload.answered_at = refused.code, refused.message, now()
    db.session.commit()


def _taken_meanwhile(upload_id: int) -> bool:
    return db.session.get_one(Upload, upload_id).state == UploadState.ACCEPTED


def _was_taken(link: Link, upload_id: int, claim: outbox.Claim | None) -> bool:
    """Ask what the bureau took last; when it is this file, the earlier call succeeded."""
    last = previous(link)
    upload = db.session.get_one(Upload, upload_id, populate_existing=True)
    if last.sequence == upload.sequence and last.hash_b64 == upload.hash:
        accept(upload_id, "", claim)
        return True
    if last.sequence >= upload.sequence:
        _renumber(link, upload_id, last.sequence + 1)
    return False


def _renumber(link: Link, upload_id: int, sequence: int) -> None:
    """Give an upload the number the bureau expects, and tell the operator: somebody else counts, or files are lost."""
    begin_write()
    account = accounts.locked(link.account_id)
    upload = locked(upload_id)
    detail = f"upload {upload.file_name}: number {upload.sequence} became {sequence}"
    accounts.alert(account.id, "sequence", detail)
    account.next_sequence = upload.sequence = sequence
    db.session.commit()


def _mend_sequence(link: Link, upload_id: int, missing: tuple[int, ...], claim: outbox.Claim | None) -> bool:
    """Answer code 14: send the missing files from the archive in ascending order, or take the expected number.

    Returns:
        True when it turns out that this very upload was taken already.
    """
    upload = db.session.get_one(Upload, upload_id, populate_existing=True)
    numbers = [number for number in missing if number < upload.sequence]
    archived = {number: _archived(link.account_id, number) for number in numbers}
    if numbers and all(archived.values()):
        for number, zipped in sorted(archived.items()):
            link.keep()
            try:
                link.bureau.upload(_packed(link, zipped or b""), number)
            except NoReply as error:
                raise Later(str(error)) from None
            except Refused as error:
                raise _after_refusal(link, error) from None
        return False
    if _was_taken(link, upload_id, claim):
        return True
    last = previous(link)
    if last.sequence + 1 != db.session.get_one(Upload, upload_id, populate_existing=True).sequence:
        _renumber(link, upload_id, last.sequence + 1)
    return False


def _archived(account_id: int, sequence: int) -> bytes | None:
    wanted = select(Upload).where(
        Upload.account_id == account_id, Upload.sequence == sequence, Upload.state == UploadState.ACCEPTED
    )
    upload = db.session.scalar(wanted.order_by(Upload.id.desc()).limit(1))
    return None if upload is None else archive.open_upload(upload)


def _repack(upload_id: int) -> bool:
    """Pack the file anew, once."""
    begin_write()
    upload = locked(upload_id)
    zipped = archive.open_upload(upload)
    if upload.rebuilt or zipped is None:
        db.session.rollback()
        return False
    fresh = zip_one(unzip_one(zipped).xml, upload.file_name)
    archive.keep_upload(upload, fresh)
    upload.rebuilt = True
    db.session.commit()
    return True


def _after_refusal(link: Link, error: Refused) -> Later:
    """What a code means for the next try: pause the account, alert, or only wait."""
    refusals.tell(link.account_id, error)
    pauses = {**dict.fromkeys(PERMANENT, AFTER_PAUSE), **dict.fromkeys(REPACK, AFTER_REPACK)}
    return Later(str(error), pauses.get(error.code))


def accept(upload_id: int, text: str, claim: outbox.Claim | None) -> None:
    """The bureau has taken an upload: next number, its filings move on, the claim is done; commits.

    Raises:
        Overtaken: the claim belongs to another worker by now; nothing is changed.
    """
    begin_write()
    accounts.locked(db.session.get_one(Upload, upload_id).account_id)
    filings = [(lock(filing_id), revision) for filing_id, revision in reports.filings_in(upload_id).items()]
    taken(locked(upload_id), text)
    for filing, revision in filings:
        if filing.revision_no == revision:
            verbs.taken(filing)
    for task_id in reports.tasks_in(upload_id):
        tasks.accepted(tasks.lock(task_id))
    if claim is not None and not outbox.finish(claim):
        db.session.rollback()
        raise Overtaken
    db.session.commit()


def bureau_has(upload_id: int) -> None:
    """An answer proves that the bureau has the file, also when its reply was lost."""
    upload = locked(upload_id)
    if upload.state in OPEN_STATES:
        taken(upload)


def taken(upload: Upload, text: str = "") -> None:
    """Note on the locked upload, and in the locked account's sequence, that the bureau has it."""
    account = accounts.locked(upload.account_id)
    upload.state, upload.reply_code, upload.reply_text, upload.answered_at = UploadState.ACCEPTED, 0, text, now()
    account.next_sequence = max(account.next_sequence or 1, upload.sequence + 1)
