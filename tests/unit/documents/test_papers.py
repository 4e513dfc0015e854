import datetime as dt
import hashlib
import io
from pathlib import Path

import pytest
from drawn_pictures import encoded, exif, page
from PIL import Image

from icp import documents
from icp.documents import Paper, PictureRefused, pictures
from icp.documents.storage import papers_storage
from icp.extensions import begin_write, db, now
from icp.filings.models import Filing
from icp.sealing import SealError

SLOT = "subject.papers.document"
WHOLE = dt.timedelta(days=1)


@pytest.fixture
def filing(app_context) -> int:
    row = Filing(number="CZ-1", operation="new_filing", state="draft")
    db.session.add(row)
    db.session.commit()
    return row.id


def store(filing: int, image=None, path: str = SLOT, **options) -> Paper:
    data = encoded(page(1400, 1000) if image is None else image, quality=92, **options)
    paper = documents.store(io.BytesIO(data), filing_id=filing, path=path, by_id=None, purpose="2")
    db.session.commit()
    return paper


def stored_files(app) -> list[Path]:
    return [path for path in Path(app.instance_path, "papers").rglob("*") if path.is_file()]


def size(data: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(data)).size


def test_a_picture_is_kept_reduced_and_readable(filing):
    paper = store(filing)
    assert documents.current(filing) == {SLOT: paper}
    assert (paper.width, paper.height) == (1400, 1000) == size(documents.original(paper))
    reduced = documents.reduced(paper)
    assert len(reduced) == paper.reduced_bytes <= pictures.byte_limit("2")
    assert size(reduced) == (paper.reduced_width, paper.reduced_height)
    assert max(size(documents.view(paper))) <= 1600
    assert paper.corrections == []


def test_nothing_of_it_lies_readable_on_the_disk(app, filing):
    paper = store(filing)
    plain = [documents.original(paper), documents.reduced(paper), documents.view(paper)]
    files = stored_files(app)
    assert len(files) == 3
    for file in files:
        data = file.read_bytes()
        assert b"JFIF" not in data
        assert all(p[:64] not in data and p[200:264] not in data for p in plain)


def test_place_and_device_are_not_kept(filing):
    paper = store(filing, exif=exif(6))
    assert (paper.width, paper.height) == (1000, 1400)
    for data in (documents.original(paper), documents.reduced(paper), documents.view(paper)):
        assert b"PhoneMaker" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


def test_a_paper_of_another_row_does_not_open(filing):
    first, second = store(filing), store(filing, page(1300, 900), path="subject.papers.residence_permit")
    storage = papers_storage()
    storage.inner.put(first.reduced_key, storage.inner.get(second.reduced_key))
    with pytest.raises(SealError):
        documents.reduced(first)


def test_a_new_picture_takes_the_place_of_the_old_which_stays_readable(filing):
    old = store(filing)
    new = store(filing, page(1200, 900))
    assert documents.current(filing) == {SLOT: new}
    assert documents.get(old.id).removed_at is not None
    assert size(documents.original(old)) == (1400, 1000)


def test_an_empty_slot_after_removal(filing):
    paper = store(filing)
    documents.remove(paper)
    db.session.commit()
    assert documents.current(filing) == {}


def test_a_removed_paper_comes_back_in_place_of_what_lies_there_now(filing):
    first = store(filing)
    assert not documents.restore(first)
    documents.remove(first)
    db.session.commit()
    second = store(filing, page(800, 600))
    assert documents.restore(first)
    db.session.commit()
    assert documents.current(filing) == {SLOT: first}
    assert second.removed_at is not None
    begin_write()
    db.session.delete(db.session.get(Paper, second.id))  # as a sweep does
    assert not documents.restore(second)
    db.session.rollback()


@pytest.mark.parametrize("turns", [[90], [-90], [180], [90, 90], [90, -90], [90, 90, 90, 90]])
def test_turning_makes_a_new_row_from_the_same_original(filing, turns):
    paper = first = store(filing)
    for degrees in turns:
        paper = documents.rotate(paper, degrees)
        db.session.commit()
    upright = sum(turns) % 180 == 0
    expected = (1400, 1000) if upright else (1000, 1400)
    assert paper.id != first.id
    assert paper.original_key == first.original_key
    assert paper.rotation == sum(turns) % 360
    assert (paper.width, paper.height) == expected == size(documents.original(paper))
    assert size(documents.view(paper)) == expected
    assert documents.current(filing) == {SLOT: paper}
    assert size(documents.original(first)) == (1400, 1000)


def test_pictures_turn_by_right_angles_only(filing):
    paper = store(filing)
    with pytest.raises(ValueError, match="90"):
        documents.rotate(paper, 45)


def test_a_refused_picture_leaves_nothing(app, filing):
    with pytest.raises(PictureRefused) as refusal:
        documents.store(io.BytesIO(b"%PDF-1.7"), filing_id=filing, path=SLOT, by_id=None)
    assert refusal.value.correction.path == SLOT
    assert documents.current(filing) == {}
    assert stored_files(app) == []


def test_too_large_is_refused_before_it_is_read_whole(app, filing):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"\0" * size

    stream = Endless()
    with pytest.raises(PictureRefused) as refusal:
        documents.store(stream, filing_id=filing, path=SLOT, by_id=None)
    assert refusal.value.correction.code == "picture.too_large"
    assert "10 MB" in refusal.value.correction.message
    assert stream.given <= 10 * 1024 * 1024 + 1


def test_the_same_picture_in_two_slots_is_noticed(filing):
    store(filing)
    twin = store(filing, path="subject.papers.residence_permit")
    assert [c.code for c in twin.corrections] == ["picture.duplicate"]
    assert twin.corrections[0].path == "subject.papers.residence_permit"
    again = store(filing)
    assert [c.code for c in again.corrections] == ["picture.duplicate"]
    other = store(filing, page(1300, 950), path="subject.papers.commitment_letter")
    assert other.corrections == []


def test_the_picture_of_another_filing_is_not_compared(filing):
    other = Filing(number="CZ-2", operation="new_filing", state="draft")
    db.session.add(other)
    db.session.commit()
    store(other.id)
    assert store(filing).corrections == []


def test_remarks_survive_the_database(filing):
    paper = store(filing, page(500, 380))
    db.session.expire_all()
    correction = documents.get(paper.id).corrections[0]
    assert correction.code == "picture.small"
    assert "500 × 380" in correction.message


def test_the_fingerprint_is_keyed(filing):
    paper = store(filing)
    assert len(paper.fingerprint) == 64
    assert paper.fingerprint != hashlib.sha256(encoded(page(1400, 1000), quality=92)).hexdigest()


def test_sweeping_takes_old_removed_papers_and_their_objects(app, filing, clock):
    old = store(filing)
    fresh = store(filing, page(1200, 900))
    assert documents.sweep(WHOLE) == 0
    clock.shift(WHOLE * 2)
    make_old(app)
    assert documents.sweep(WHOLE) == 3
    assert documents.get(old.id) is None
    assert documents.current(filing) == {SLOT: fresh}
    assert documents.reduced(fresh)
    assert documents.original(fresh)
    assert len(stored_files(app)) == 3


def test_sweeping_keeps_what_a_revision_names(app, filing, clock):
    old = store(filing)
    begin_write()
    documents.freeze([old.id])
    db.session.commit()
    store(filing, page(1200, 900))
    clock.shift(WHOLE * 2)
    make_old(app)
    assert documents.sweep(WHOLE) == 0
    assert documents.original(documents.get(old.id))


def test_sweeping_keeps_an_original_that_a_turned_paper_shares(app, filing, clock):
    turned = documents.rotate(store(filing), 90)
    db.session.commit()
    clock.shift(WHOLE * 2)
    make_old(app)
    assert documents.sweep(WHOLE) == 2
    assert size(documents.original(turned)) == (1000, 1400)


def test_sweeping_takes_objects_of_a_transaction_that_failed(app, filing, clock):
    documents.store(io.BytesIO(encoded(page(1400, 1000))), filing_id=filing, path=SLOT, by_id=None)
    db.session.rollback()
    assert len(stored_files(app)) == 3
    assert documents.sweep(WHOLE) == 0
    clock.shift(WHOLE * 2)
    make_old(app)
    assert documents.sweep(WHOLE) == 3
    assert stored_files(app) == []


def test_a_forgotten_filing_is_swept_whole(app, filing, clock):
    paper = store(filing)
    begin_write()
    documents.freeze([paper.id])
    db.session.commit()
    assert documents.forget(filing) == 1
    db.session.commit()
    clock.shift(WHOLE * 2)
    make_old(app)
    assert documents.sweep(WHOLE) == 3
    assert stored_files(app) == []


def make_old(app) -> None:
    """Objects carry the file system's clock; set it to before the travelled-to moment's limit."""
    import os

    past = (now() - WHOLE * 1.5).timestamp()
    for file in stored_files(app):
        os.utime(file, (past, past))


@pytest.fixture
def clock():
    import time_machine

    class Travel:
        def __init__(self):
            self.traveller = None

        def shift(self, delta):
            self.traveller = time_machine.travel(now() + delta, tick=True)
            self.traveller.start()

    travel = Travel()
    yield travel
    if travel.traveller:
        travel.traveller.stop()
