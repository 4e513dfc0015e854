"""A new access of a subject nobody here knew, from the host's typing to the record that became visible."""

import io
import zlib

from PIL import Image

from icp import documents, vocabulary
from icp.extensions import begin_write, db
from icp.filings import drafts, effects, opening, operations, passwords, verbs
from icp.register import verbs as register
from icp.tasks.models import Task
from tests.unit.filings import filing_cases as cases
from tests.unit.register.register_cases import record, subject

NUMBER = "闽ICP备2026000001号"
SITE = f"{NUMBER}-1"
PRINCIPAL = "website[w1].principal"
DATES = {"document_valid_from": "2020-01-01", "document_valid_to": "2040-01-01"}
BESIDE = {**DATES, "emergency_phone": "13600000001", "reachable_hours": "上午"}
OTHER = {
    "name": "沈知秋",
    "document_type": "2",
    "document_number": "350102199003070039",
    "mobile": "13950123456",
    "landline": "0591-87654322",
    "email": "shen@qingwu.example",
    **BESIDE,
}
"""Another principal than the one on record."""
ON_RECORD = {
    "name": "林知夏",
    "document_type": "2",
    "document_number": "11010519491231002X",
    "mobile": "13900000000",
    "landline": "0591-87654321",
    "email": "lin@qingwu.example",
    **BESIDE,
}
"""The one on record, with what no record holds of him."""


def upload(filing_id, path):
    """A picture in a slot, by the verb."""
    data = io.BytesIO()
    Image.new("RGB", (320, 200), (zlib.crc32(path.encode()) % 200, 90, 90)).save(data, "JPEG")
    data.seek(0)
    return documents.store(data, filing_id=filing_id, path=path, by_id=None)


def approved(host, reviewer, person, **on_record):
    """Id of an approved new access with this principal, and the subject that came on record with it; committed.

    ``on_record`` is what the bureau says of the subject itself.
    """
    filing_id = opening.open_filing("new_access", host, host_id=host.account_id).id
    site = {"filing_number": SITE, "domain": "qingwu.example", "name": "青梧文创手作馆"}
    site |= {f"principal.{name}": value for name, value in person.items()}
    site |= {"access.access_method": "3", "access.server_location": "4", "access.ip_addresses": ["203.0.113.24"]}
    typed = {f"website[w1].{name}": value for name, value in site.items()}
    cases.type_in(filing_id, host, **{"subject.filing_number": NUMBER, "subject.organisation_type": "4"} | typed)
    for slot in operations.get("new_access").papers(drafts.read(filing_id).answers, vocabulary.current()):
        upload(filing_id, slot.path)
    passwords.keep(filing_id, host, number=NUMBER, md5="0" * 32, verdict=passwords.RIGHT)
    return filing_id, come_on_record(filing_id, host, reviewer, subject(**on_record))


def come_on_record(filing_id, host, reviewer, found):
    """The subject on record once the bureau approved a draft and told ``found`` of it; committed."""
    verbs.submit(filing_id, host)
    db.session.commit()
    cases.bring_to_bureau(filing_id, reviewer)
    begin_write()
    verbs.approved(verbs.lock(filing_id))
    known = record(found, filing_id)
    effects.recorded(known, filing_id)
    register.belongs_to(known, host.account_id, by="filing")
    db.session.commit()
    return known


def task():
    """The task it left."""
    return db.session.query(Task).one()
