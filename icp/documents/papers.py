"""Verbs on papers: store, turn, remove, freeze, read, sweep. The caller commits."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import IO

from flask import current_app
from PIL import Image
from sqlalchemy import select, update

from icp.documents import pictures
from icp.documents.models import Paper
from icp.documents.remarks import noticed, refused
from icp.documents.storage import Missing, papers_storage
from icp.extensions import begin_write, db, now
from icp.sealing import keyed_hash


def store(
    stream: IO[bytes],
    *,
    filing_id: int,
    path: str,
    by_id: int | None,
    purpose: str = "",
    first: Callable[[], None] = lambda: None,
) -> Paper:
    """Take a picture into a slot; what lay there before is removed (and kept while a revision names it).

    Decoding and reducing happen before the transaction opens for writing, since they take part of a second.

    Args:
        stream: the upload.
        filing_id: whose it is.
        path: instance path of the slot.
        by_id: account that uploads, None for an upload by link.
        purpose: the bureau's code of the attachment's purpose, '' when the paper stays with the provider.
        first: called when the transaction is open for writing, before anything is written: locks, or refuses by
            raising.

    Raises:
        PictureRefused: it can't be used; nothing was kept.
    """
    limit = current_app.extensions["settings"].upload_limit_mb
    data = _read(stream, limit * 1024 * 1024)
    if data is None:
        raise refused("picture.too_large", path, limit=limit)
    image = pictures.open_picture(data, path)
    original = pictures.original_copy(image)
    remarks = pictures.look_at(image, purpose)
    fingerprint = keyed_hash("paper", hashlib.sha256(data).hexdigest())
    paper_id = uuid.uuid4().hex
    original_key = f"{paper_id[:2]}/{paper_id}/original"
    paper = Paper(
        id=paper_id,
        filing_id=filing_id,
        path=path,
        purpose=purpose,
        original_key=original_key,
        original_bytes=len(original.data),
        fingerprint=fingerprint,
        uploaded_by_id=by_id,
        rotation=0,
    )
    papers_storage().put(original_key, original.data)
    _derive(paper, image)
    begin_write()
    first()
    twin = db.session.scalar(
        select(Paper.id)
        .where(Paper.filing_id == filing_id, Paper.path != path)
        .where(Paper.fingerprint == fingerprint, Paper.removed_at.is_(None))
        .limit(1)
    )
    paper.remarks = [*remarks, noticed("picture.duplicate")] if twin else remarks
    return _take_place(paper)


def rotate(paper: Paper, degrees: int, by_id: int | None = None, *, first: Callable[[], None] = lambda: None) -> Paper:
    """Turn a paper clockwise: a new row in its slot, made from the same original.

    Args:
        paper: the paper as it lies in its slot.
        degrees: 90, 180 or 270, clockwise; -90 turns left.
        by_id: account that turns it.
        first: as for ``store``.

    Raises:
        ValueError: not a multiple of 90.
    """
    if degrees % 90:
        raise ValueError("pictures turn by 90 degrees")
    image = pictures.turned(_kept(paper), paper.rotation + degrees)
    fresh = Paper(
        id=uuid.uuid4().hex,
        filing_id=paper.filing_id,
        path=paper.path,
        purpose=paper.purpose,
        original_key=paper.original_key,
        original_bytes=paper.original_bytes,
        fingerprint=paper.fingerprint,
        rotation=(paper.rotation + degrees) % 360,
        from_filing_id=paper.from_filing_id,
        uploaded_by_id=by_id if by_id is not None else paper.uploaded_by_id,
    )
    duplicate = [remark for remark in paper.remarks if remark["code"] == "picture.duplicate"]
    fresh.remarks = pictures.look_at(image, paper.purpose) + duplicate
    _derive(fresh, image)
    begin_write()
    first()
    return _take_place(fresh)


def take_along(paper: Paper, *, filing_id: int, path: str, purpose: str = "") -> Paper | None:
    """Copy a paper into a slot of another filing, or into another of its own; the caller holds both filings' papers.

    The copy lives by itself: its filing's erasure leaves the other, and the other's leaves it. Only the original is
    shared, which the sweep keeps as long as any row names it.

    Args:
        paper: what was uploaded.
        filing_id: whose the copy is.
        path: instance path of the slot.
        purpose: the bureau's code of the attachment's purpose there; its limit is the same.

    Returns:
        The copy; None when the slot has, or ever had, a paper of its own, or the pictures are gone.
    """
    begin_write()
    wanted = select(Paper.id).where(Paper.filing_id == filing_id, Paper.path == path).limit(1)
    if db.session.scalar(wanted) is not None:
        return None
    same = ("original_key", "width", "height", "original_bytes", "reduced_bytes", "reduced_width", "reduced_height")
    fresh = Paper(
        id=uuid.uuid4().hex,
        filing_id=filing_id,
        path=path,
        purpose=purpose,
        rotation=paper.rotation,
        remarks=[remark for remark in paper.remarks if remark["code"] != "picture.duplicate"],
        fingerprint=paper.fingerprint,
        uploaded_by_id=paper.uploaded_by_id,
        from_filing_id=paper.filing_id,
        **{name: getattr(paper, name) for name in same},
    )
    storage = papers_storage()
    try:
        copies = {fresh.reduced_key: storage.get(paper.reduced_key), fresh.view_key: storage.get(paper.view_key)}
    except Missing:
        return None
    for key, data in copies.items():
        storage.put(key, data)
    return _take_place(fresh)


def outdated(filing_id: int, places: Collection[str] = (), *, unused: bool = False) -> None:
    """Take copies out of their slots that don't belong there any more; what was uploaded stays.

    Args:
        filing_id: whose.
        places: instance paths of the person or approval that is another now (`website[w1].principal`).
        unused: every copy of another filing's that no revision names.
    """
    wanted = Paper.filing_id == filing_id, Paper.from_filing_id.is_not(None), Paper.removed_at.is_(None)
    begin_write()
    for found in db.session.scalars(select(Paper).where(*wanted)).all():
        spare = unused and found.frozen_at is None and found.from_filing_id != filing_id
        if spare or any(found.path.startswith(f"{place}.papers.") for place in places):
            found.removed_at = now()
    db.session.flush()


def remove(paper: Paper) -> None:
    """Empty the slot. The pictures stay while a revision names them, else until the next sweep."""
    paper_id = paper.id
    begin_write()
    db.session.execute(update(Paper).where(Paper.id == paper_id, Paper.removed_at.is_(None)).values(removed_at=now()))


def restore(paper: Paper) -> bool:
    """Put a removed paper back into its slot, in place of what lies there now.

    Returns:
        False when it was never removed, or has been swept meanwhile.
    """
    paper_id = paper.id
    begin_write()
    found = db.session.get(Paper, paper_id, with_for_update=True, populate_existing=True)
    if found is None or found.removed_at is None:
        return False
    _take_place(found)
    found.removed_at = None
    db.session.flush()
    return True


def freeze(paper_ids: Iterable[str]) -> None:
    """Note that a revision names these papers: from now on they are never swept. In the caller's transaction."""
    db.session.execute(
        update(Paper).where(Paper.id.in_(list(paper_ids)), Paper.frozen_at.is_(None)).values(frozen_at=now())
    )


def current(filing_id: int) -> dict[str, Paper]:
    """Instance path of each filled slot → its paper."""
    rows = db.session.scalars(
        select(Paper).where(Paper.filing_id == filing_id, Paper.removed_at.is_(None)).order_by(Paper.created_at)
    )
    return {paper.path: paper for paper in rows}


def get(paper_id: str) -> Paper | None:
    """The paper with this id, removed or not; the caller checks whose filing it belongs to."""
    return db.session.get(Paper, paper_id)


def reduced(paper: Paper) -> bytes:
    """The JPEG as it is sent to the bureau; what reviewers judge."""
    return papers_storage().get(paper.reduced_key)


def view(paper: Paper) -> bytes:
    """A JPEG for screens, longest side at most 1600 pixels."""
    return papers_storage().get(paper.view_key)


def original(paper: Paper) -> bytes:
    """A JPEG in full size, turned as the paper is."""
    if paper.rotation:
        return pictures.original_copy(pictures.turned(_kept(paper), paper.rotation)).data
    return papers_storage().get(paper.original_key)


def forget(filing_id: int) -> int:
    """Mark every paper of a filing for the next sweep, frozen or not: its data are no longer kept. Counts them."""
    begin_write()
    condition = Paper.filing_id == filing_id
    total = len(db.session.scalars(select(Paper.id).where(condition)).all())
    db.session.execute(update(Paper).where(condition, Paper.removed_at.is_(None)).values(removed_at=now()))
    db.session.execute(update(Paper).where(condition).values(frozen_at=None))
    return total


def sweep(older_than: dt.timedelta) -> int:
    """Delete papers removed longer ago than ``older_than`` that no revision names, and objects without a row.

    Objects without a row come from uploads whose transaction failed. Commits: the rows go first, then the objects,
    so that a crash in between leaves objects for the next sweep and never rows without pictures.

    Returns:
        How many objects were deleted.
    """
    before = now() - older_than
    begin_write()
    doomed = db.session.scalars(select(Paper).where(Paper.removed_at < before, Paper.frozen_at.is_(None))).all()
    for paper in doomed:
        db.session.delete(paper)
    db.session.commit()
    rows = db.session.execute(select(Paper.id, Paper.original_key)).all()
    ids, originals = {row.id for row in rows}, {row.original_key for row in rows}
    db.session.rollback()
    storage, deleted = papers_storage(), 0
    for key in list(storage.aged(before)):
        parts = key.split("/")
        if len(parts) != 3 or key in originals or (parts[2] != "original" and parts[1] in ids):
            continue
        storage.delete(key)
        deleted += 1
    return deleted


def _read(stream: IO[bytes], limit: int) -> bytes | None:
    """The whole upload, or None when it has more than ``limit`` bytes."""
    chunks, size = [], 0
    while chunk := stream.read(min(1 << 20, limit + 1 - size)):
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            return None
    return b"".join(chunks)


def _kept(paper: Paper) -> Image.Image:
    """The stored original, not turned."""
    return pictures.open_picture(papers_storage().get(paper.original_key), paper.path)


def _derive(paper: Paper, image: Image.Image) -> None:
    """Make and keep the copies for the bureau and for screens; ``image`` is as people see it."""
    small = pictures.reduce(image, paper.purpose)
    paper.width, paper.height = image.size
    paper.reduced_bytes, paper.reduced_width, paper.reduced_height = len(small.data), small.width, small.height
    storage = papers_storage()
    storage.put(paper.reduced_key, small.data)
    storage.put(paper.view_key, pictures.view_copy(image).data)


def _take_place(paper: Paper) -> Paper:
    """Put the paper in its slot; what lay there is removed."""
    db.session.execute(
        update(Paper)
        .where(Paper.filing_id == paper.filing_id, Paper.path == paper.path, Paper.removed_at.is_(None))
        .values(removed_at=now())
    )
    db.session.add(paper)
    db.session.flush()
    return paper
