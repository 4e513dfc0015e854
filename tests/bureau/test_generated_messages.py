"""Whatever a filing says within its limits makes a message that the bureau's schema takes, in GBK, with every id."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp.bureau.codec import schema, xml
from icp.bureau.codec.numbers import range_text
from icp.bureau.messages import BUILDERS, TASK_BUILDERS, Report, TaskReport
from icp.register.records import AccessRecord, DomainRecord, IpRangeRecord, PrincipalRecord
from icp.tasks.answers import ApprovalScan, VerifyAnswer
from icp.vocabulary import builtin
from tests.bureau.gateway_filing import answers
from tests.bureau.known_filing import ISP, NUMBER, OTHER_ISP, PASSWORD, Ids, on_record, website

OPERATIONS = {
    "new_filing": "XZBA",
    "new_website": "XZWZ",
    "new_access": "XZJR",
    "change": "BGBA",
    "cancel_subject": "ZXBA",
    "cancel_website": "ZXBA",
    "cancel_access": "ZXBA",
}
KINDS = {"IspZtid", "IspWzid", "IspYmid", "IspJrid", "IspIpid"}
BUREAU_IDS = {
    "XZBA": set(),
    "XZWZ": {"Ztid"},
    "XZJR": set(),
    "BGBA": {"Ztid", "Wzid", "Jrid"},
    "ZXBA": {"Jlid"},
    "HSJG": {"Ztid", "Wzid", "Ymid", "Jrid", "Ipid"},
}

CHARACTERS = "青梧馆①〇龘Ａ()·-Zz9&<>\"'"


def texts(longest, shortest=1):
    """A text within its limits, often at one of them."""
    sizes = st.sampled_from([shortest, longest]) | st.integers(shortest, longest)
    return st.builds(lambda c, n: c * n, st.sampled_from(CHARACTERS), sizes)


def maybe(found):
    return st.just("") | found


RANGES = st.builds(
    lambda low, size: (low, min(low + size, 2**32 - 1)),
    st.sampled_from([1, 2**32 - 1]) | st.integers(1, 2**32 - 1),
    st.integers(0, 300),
)
CODES = st.lists(st.integers(1, 64).map(str), min_size=1, max_size=6, unique=True)
PEOPLE = st.builds(
    PrincipalRecord,
    name=texts(128),
    document_type=maybe(st.just("2")),
    document_number=maybe(texts(128)),
    landline=maybe(texts(128, 11)),
    mobile=texts(128, 11),
    email=texts(128, 6),
    msn=maybe(texts(128, 6)),
    qq=maybe(texts(128, 5)),
)
ACCESSES = st.builds(
    AccessRecord,
    bureau_id=st.integers(1, 2**63 - 1),
    isp_id=st.none(),
    provider_id=st.just(ISP),
    access_methods=CODES.map(tuple),
    server_locations=CODES.map(tuple),
    ranges=st.lists(RANGES, min_size=1, max_size=4, unique=True).map(
        lambda found: tuple(IpRangeRecord(*ends, 1 + n) for n, ends in enumerate(found))
    ),
)


@st.composite
def sites(draw, n):
    approvals = draw(st.lists(st.sampled_from(["1", "2", "5"]), unique=True, max_size=3))
    others = draw(st.lists(ACCESSES, max_size=2))
    foreign = [replace(access, provider_id=draw(st.sampled_from([ISP, OTHER_ISP]))) for access in others]
    return website(
        n,
        bureau_id=n + draw(st.integers(0, 2**62)),
        name=draw(texts(512)),
        home_url=draw(maybe(texts(255, 4))),
        service_content=tuple(draw(CODES)),
        languages=tuple(draw(CODES)),
        remark=draw(maybe(texts(1024))),
        pre_approvals=tuple((kind, draw(texts(512))) for kind in approvals),
        principal=draw(PEOPLE),
        domains=(
            DomainRecord(f"qingwu-w{n}.example", 7000 + n),
            *draw(st.sampled_from([(), (DomainRecord("a.cn", 1),)])),
        ),
        accesses=(draw(ACCESSES), *foreign),
    )


@st.composite
def subjects(draw):
    return on_record(
        *(draw(sites(n)) for n in range(1, 1 + draw(st.integers(1, 4)))),
        bureau_id=draw(st.integers(1, 2**63 - 1)),
        name=draw(texts(255)),
        organisation_type=draw(st.sampled_from(["4", "5"])),
        document_type=draw(st.integers(1, 11).map(str)),
        document_number=draw(texts(128)),
        document_address=draw(texts(1024)),
        region_code=draw(st.sampled_from(["350102", "110105", "500101", "441900"])),
        mailing_address=draw(maybe(texts(1024))),
        supervisor=draw(maybe(texts(255))),
        remark=draw(maybe(texts(1024))),
        mode=draw(st.sampled_from(["0", "1"])),
        principal=draw(PEOPLE),
    )


def said_of(subject):
    """What a host answers about such a subject, in the site's paths."""
    values = {"cancellation.reason": "9", "cancellation.remark": "", "subject.filing_number": subject.number}
    for name in (
        "name", "organisation_type", "document_type", "document_number", "document_address", "region_code",
        "mailing_address", "supervisor", "remark",
    ):  # fmt: skip
        values[f"subject.{name}"] = getattr(subject, name)
    people = {"subject.principal": subject.principal}
    for row, site in zip((f"w{n}" for n in range(1, 9)), subject.websites, strict=False):
        path = f"website[{row}]"
        people[f"{path}.principal"] = site.principal
        own = site.accesses[0]
        values |= {
            f"{path}.filing_number": site.number,
            f"{path}.name": site.name,
            f"{path}.home_url": site.home_url,
            f"{path}.remark": site.remark,
            f"{path}.service_content": list(site.service_content),
            f"{path}.languages": list(site.languages),
            f"{path}.pre_approvals": [kind for kind, _ in site.pre_approvals] or ["none"],
            f"{path}.access.access_method": list(own.access_methods),
            f"{path}.access.server_location": list(own.server_locations),
            f"{path}.access.ip_addresses": [range_text(found.first, found.last) for found in own.ranges],
        }
        values |= {f"{path}.pre_approvals[{kind}].approval_number": number for kind, number in site.pre_approvals}
    for path, person in people.items():
        for name in ("name", "document_type", "document_number", "landline", "mobile", "email"):
            values[f"{path}.{name}"] = getattr(person, name)
    return values


@st.composite
def reports(draw, operation):
    subject = draw(subjects())
    rows = [f"w{n}" for n in range(1, 1 + len(subject.websites))]
    values = said_of(subject)
    if operation in ("new_filing", "new_website"):
        values |= {f"website[{row}].filing_number": "" for row in rows}
    papers = {
        f"website[{row}].pre_approvals[{kind}].papers.document": b"scan"
        for row, site in zip(rows, subject.websites, strict=True)
        for kind, _ in site.pre_approvals
    }
    slots = ["subject.papers.document", "subject.principal.papers.identity_front"]
    slots += [
        f"website[{row}].{slot}" for row in rows for slot in ("papers.verification_form", "principal.papers.photo")
    ]
    papers |= dict.fromkeys(draw(st.lists(st.sampled_from(slots), unique=True)), b"paper")
    return Report(
        answers(*rows, **values),
        papers,
        subject.mode,
        ISP,
        builtin(),
        Ids(),
        operation=operation,
        password_md5=PASSWORD,
        on_record=None if operation == "new_filing" else subject,
    )


def judged(built, group):
    root = xml.parse(built.xml)
    assert built.xml.decode("gbk")
    assert schema.check_upload(root) == []
    records = list(root.find(f"ICP/{group}"))
    assert 0 < len(records) == len(built.records)
    assert all(record.record_key and record.path for record in built.records)
    tags = {element.tag for element in root.iter()}
    assert tags >= BUREAU_IDS[group]
    own = [(element.tag, element.text) for element in root.iter() if element.tag in KINDS]
    assert len(set(own)) == len(own)
    return root


@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_message_is_one_the_bureau_takes(operation, data):
    report = data.draw(reports(operation))
    root = judged(BUILDERS[OPERATIONS[operation]](report), OPERATIONS[operation])
    values = {element.text for element in root.iter() if element.text}
    allotted = {value for _, value in report.allot.given}
    assert {str(value) for value in allotted} <= values
    for pictures in root.iter("Ssdxbs"):
        assert len(pictures) <= 1


@settings(max_examples=12, deadline=None)
@given(subject=subjects(), verdict=st.booleans(), opinion=texts(1024), errors=maybe(texts(4000)))
def test_every_verification_is_one_the_bureau_takes(subject, verdict, opinion, errors):
    scans = tuple(
        ApprovalScan(site.bureau_id, kind, "AAAA") for site in subject.websites for kind, _ in site.pre_approvals
    )
    said = VerifyAnswer(verdict, "郑核验", "2026-11-25", opinion, errors, subject, scans)
    root = judged(TASK_BUILDERS["HSJG"](TaskReport(said, ISP, builtin())), "HSJG")
    for site, element in zip(subject.websites, root.iter("Wz_xx"), strict=True):
        assert len(element.findall("Jr_xx")) == len(site.accesses)
        assert len(element.findall("Ym_xx")) == len(site.domains)


@settings(max_examples=12, deadline=None)
@given(subject=subjects())
def test_a_change_that_changes_nothing_sends_the_first_website_as_it_stands(subject):
    rows = [f"w{n}" for n in range(1, 1 + len(subject.websites))]
    papers = {
        f"website[w1].pre_approvals[{kind}].papers.document": b"scan" for kind, _ in subject.websites[0].pre_approvals
    }
    said = answers(*rows, **said_of(subject))
    report = Report(said, papers, "0", ISP, builtin(), Ids(), operation="change", on_record=subject)
    (site,) = BUILDERS["BGBA"](report).root.iter("Wz_xx")
    assert xml.text_of(site, "Baxh") == f"{NUMBER}-1"
    assert [xml.int_of(e, "Ipid") for e in site.find("Jr_xx").iterfind("Ip_xx")] == [
        found.bureau_id for found in subject.websites[0].accesses[0].ranges
    ]
