"""Answers about filings with several records, and answers that may mean more than one."""

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau import account as accounts
from icp.bureau import records as reports
from icp.bureau.models import BureauRecord, BureauResult, Reading, RecordName, Upload
from icp.extensions import db
from icp.filings import marks
from icp.filings.drafts import lock
from icp.filings.models import Event, Filing
from tests.bureau.exchange_cases import account, alerts, bajg, state
from tests.bureau.gateway_filing import ready

NUMBERS = iter(range(1, 1000))


def at_bureau(*records: tuple[str, str, str, tuple[str, ...], tuple[str, ...]]) -> Filing:
    """A filing at the bureau with records of (path, operation type, key, ids of reviews, ids of the subject)."""
    filing = ready("w1", "w2")
    lock(filing.id).state = "at_bureau"
    db.session.commit()
    report(filing, 1, *records)
    return filing


def report(filing, revision, *records) -> None:
    number = next(NUMBERS)
    upload = Upload(
        account_id=account().id, sequence=number, file_name=f"f{number}.xml", upload_group="XZJR", state="accepted",
        hash="x",
    )  # fmt: skip
    db.session.add(upload)
    db.session.flush()
    for position, (path, operation, key, ids, subject) in enumerate(records):
        row = BureauRecord(
            upload_id=upload.id, position=position, filing_id=filing.id, revision=revision, path=path,
            operation_type=operation, record_key=key,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add_all(RecordName(record_id=row.id, reading=Reading.RECORD, value=value) for value in ids)
        db.session.add_all(RecordName(record_id=row.id, reading=Reading.SUBJECT, value=value) for value in subject)
    db.session.commit()


def access(row: str, number: str, isp_id: str, subject: str = "7001"):
    return (f"website[{row}]", "3", number, (isp_id,), (subject,))


def says(czlx: int, key: str, code: int, text: str = "") -> str:
    words = f"<Dmms>{text}</Dmms>" if text else ""
    return f"<Jg_xx><Jgxx><Jgdm>{code}</Jgdm>{words}</Jgxx><Czlx>{czlx}</Czlx><Bs>{key}</Bs></Jg_xx>"


def decides(czlx: int | None, record_id: str, approved: bool, opinion: str = "") -> str:
    kind = f"<Czlx>{czlx}</Czlx>" if czlx else ""
    words = f"<Shyj>{opinion}</Shyj>" if opinion else ""
    return (
        f"<GJSHS><Gjsh><Shsj>2030-01-02</Shsj>{words}<Shjg>{int(approved)}</Shjg>{kind}<Jlid>{record_id}</Jlid>"
        "</Gjsh></GJSHS>"
    )


FILES = iter(range(1, 1000))


def comes(remote, *inside: str) -> None:
    remote.offer(f"d{next(FILES)}.xml", bajg(*inside))
    bureau.poll()


def why() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(BureauResult.why).order_by(BureauResult.id)))


def marked(filing) -> set[tuple[str, str]]:
    db.session.expire_all()
    return {(m.path, m.code) for m in marks.of_filing(db.session.get_one(Filing, filing.id))}


def test_a_filing_is_approved_when_all_its_records_are(site, remote):
    filing = at_bureau(access("w1", "闽ICP备1号-1", "501"), access("w2", "闽ICP备1号-2", "502"))
    comes(remote, says(3, "闽ICP备1号-1", 1001))
    assert state(filing) == "at_bureau"
    comes(remote, decides(3, "502", True))
    assert state(filing) == "approved"
    assert why() == ["", ""]
    assert alerts() == []


@pytest.mark.parametrize("last_is_good", [True, False])
def test_a_filing_is_returned_when_all_are_answered_and_one_is_refused(site, remote, last_is_good):
    filing = at_bureau(access("w1", "闽ICP备1号-1", "501"), access("w2", "闽ICP备1号-2", "502"))
    good, bad = says(3, "501", 1001), says(3, "闽ICP备1号-2", 1018, "密码不对")
    first, last = (bad, good) if last_is_good else (good, bad)
    comes(remote, first)
    assert state(filing) == "at_bureau"
    assert bool(marked(filing)) is last_is_good, "what is wrong with one is marked at once"
    comes(remote, last)
    assert state(filing) == "bureau_returned"
    paths = {path for path, code in marked(filing) if code == "1018"}
    assert paths
    assert not [path for path in paths if path.startswith("website[w1]")]
    assert reports.approved_paths(filing.id) == {"website[w1]"}
    event = db.session.scalars(select(Event).where(Event.filing_id == filing.id).order_by(Event.id.desc())).first()
    assert event.note == "密码不对"


def test_what_was_approved_stays_so_when_the_rest_is_reported_again(site, remote):
    filing = at_bureau(access("w1", "闽ICP备1号-1", "501"), access("w2", "闽ICP备1号-2", "502"))
    comes(remote, says(3, "501", 1001), says(3, "502", 1018))
    row = lock(filing.id)
    row.state, row.revision_no = "at_bureau", 2
    db.session.commit()
    report(filing, 2, access("w2", "闽ICP备1号-2", "503"))
    comes(remote, says(3, "501", 1001))
    comes(remote, says(3, "502", 1018))
    assert state(filing) == "at_bureau"
    assert why()[2:] == ["settled", "earlier_report"]
    comes(remote, decides(3, "503", True))
    assert state(filing) == "approved"


def test_an_opinion_about_one_website_stands_at_that_website(site, remote):
    filing = at_bureau(access("w1", "闽ICP备1号-1", "501"), access("w2", "闽ICP备1号-2", "502"))
    comes(remote, decides(3, "502", False, "接入信息不符"), says(3, "501", 1001))
    assert state(filing) == "bureau_returned"
    assert marked(filing) == {("website[w2]", "1002")}


def test_two_readings_of_an_identifier(site, remote):
    cancel = ("website[w1]", "7", "9002", ("9002",), ("7001", "闽ICP备1号"))
    for key in ("9002", "7001", "闽ICP备1号"):
        filing = at_bureau(cancel)
        comes(remote, says(7, key, 1001))
        assert state(filing) == "approved", key
    filing = at_bureau(cancel)
    comes(remote, decides(None, "9002", True))
    assert state(filing) == "approved"


def test_an_operation_type_tells_requests_with_the_same_id_apart(site, remote):
    change = at_bureau(("subject", "4", "7001", ("7001",), ()))
    cancel = at_bureau(("subject", "6", "7001", ("7001",), ()))
    comes(remote, decides(6, "7001", False, "还有未办结的"))
    assert (state(change), state(cancel)) == ("at_bureau", "bureau_returned")
    comes(remote, says(4, "7001", 1001))
    assert state(change) == "approved"


def test_where_several_open_requests_fit_a_person_is_asked(site, remote):
    first = at_bureau(("website[w1]", "5", "8001", ("8001",), ("7001",)))
    second = at_bureau(("website[w1]", "5", "8002", ("8002",), ("7001",)))
    comes(remote, says(5, "7001", 1001))
    assert (state(first), state(second)) == ("at_bureau", "at_bureau")
    assert why() == ["several_fit"]
    assert alerts() == ["several_fit"]
    comes(remote, says(5, "8002", 1001))
    comes(remote, says(5, "7001", 1001))  # only one is left that it can mean
    assert (state(first), state(second)) == ("approved", "approved")


CANCELLED_ACCESS = ("website[w1]", "5", "8001", ("8001",), ("7001", "闽ICP备1号"))
APPROVED = {"review": decides(5, "8001", True), "subject": says(5, "7001", 1001), "number": says(5, "闽ICP备1号", 1001)}
REFUSED = {"review": decides(5, "8001", False), "subject": says(5, "7001", 1002), "number": says(5, "闽ICP备1号", 1002)}


@pytest.mark.parametrize(
    "order",
    [
        ["review", "subject"],
        ["subject", "review"],
        ["review", "number"],
        ["number", "review", "subject"],
        ["review", "subject", "review", "subject"],
        ["subject", "subject", "review"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(("said", "becomes"), [(APPROVED, "approved"), (REFUSED, "bureau_returned")])
def test_a_second_word_on_a_decision_is_known_by_the_subject_too(site, remote, order, said, becomes):
    filing = at_bureau(CANCELLED_ACCESS)
    for kind in order:
        comes(remote, said[kind])
        assert state(filing) == becomes
    assert alerts() == []
    assert why() == ["", *["settled"] * (len(order) - 1)]


def test_what_is_said_of_a_subject_against_a_decision_is_told(site, remote):
    filing = at_bureau(CANCELLED_ACCESS)
    comes(remote, APPROVED["review"])
    comes(remote, REFUSED["subject"])
    assert state(filing) == "approved"
    assert alerts() == ["contradicts"]


def two_accesses() -> Filing:
    other = ("website[w2]", "5", "8002", ("8002",), ("7001", "闽ICP备1号"))
    return at_bureau(CANCELLED_ACCESS, other)


def outcomes(filing) -> list[str]:
    db.session.expire_all()
    return [record.outcome for record in reports.report_of(filing.id)]


@pytest.mark.parametrize("together", [True, False])
def test_a_result_that_names_the_subject_decides_nothing_beside_what_its_review_decided(site, remote, together):
    filing = two_accesses()
    for said in [[APPROVED["review"], APPROVED["subject"]]] * 2:
        for part in [said] if together else [[piece] for piece in said]:
            comes(remote, *part)
        assert outcomes(filing) == ["approved", ""], "the other access was not spoken of"
    comes(remote, decides(5, "8002", False, "最后一个接入"), says(5, "7001", 1002))
    assert state(filing) == "bureau_returned"
    assert outcomes(filing) == ["approved", "refused"]
    assert alerts() == []


def test_a_result_that_may_mean_several_is_settled_when_each_is_decided_alike(site, remote):
    filing = two_accesses()
    comes(remote, APPROVED["subject"])
    comes(remote, APPROVED["subject"])
    comes(remote, decides(5, "8001", True))
    assert alerts() == ["several_fit", "several_fit"]
    comes(remote, decides(5, "8002", True))
    assert state(filing) == "approved"
    assert alerts() == []
    assert why() == ["settled", "settled", "", ""]


def test_an_id_of_another_account_fits_nothing(site, remote):
    filing = at_bureau(access("w1", "闽ICP备1号-1", "501"))
    elsewhere = {"base_url": "http://127.0.0.1:9", "user": "x", "province": "440000", "password": "x"}
    other = accounts.new(name="别处", isp_id=440000000001, **elsewhere)
    db.session.get_one(Upload, db.session.scalars(select(BureauRecord.upload_id)).one()).account_id = other.id
    db.session.commit()
    comes(remote, says(3, "501", 1001))
    assert state(filing) == "at_bureau"
    assert alerts() == ["nothing_fits"]
