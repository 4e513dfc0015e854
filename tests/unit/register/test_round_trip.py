"""Whatever is put on record comes back as it was told, and telling it again changes nothing."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from icp.extensions import db
from icp.register import verbs
from icp.register.models import RegisterEvent
from icp.register.records import (
    AccessRecord,
    DomainRecord,
    IpRangeRecord,
    PrincipalRecord,
    SubjectRecord,
    WebsiteRecord,
)

OURS = 350000000001
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ids = st.none() | st.integers(1, 2**62)
codes = st.lists(st.integers(1, 64).map(str), max_size=3).map(tuple)
principals = st.builds(PrincipalRecord, *[texts] * 6)
ranges = st.builds(IpRangeRecord, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), ids, ids)
domains = st.builds(DomainRecord, st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True), ids, ids)
accesses = st.builds(AccessRecord, ids, ids, ids, codes, codes, st.lists(ranges, max_size=3).map(tuple))


@st.composite
def subjects(draw):
    sites = [
        WebsiteRecord(
            None if bureau_id is None else 10 * bureau_id + place, draw(ids), f"闽ICP备2026000001号-{place}",
            draw(texts), draw(texts), draw(codes), draw(codes),
            draw(st.lists(st.tuples(texts, texts), max_size=2).map(tuple)),
            draw(texts), draw(principals), draw(st.lists(domains, max_size=3, unique_by=lambda d: d.name).map(tuple)),
            draw(st.lists(accesses, max_size=3, unique_by=lambda a: a.bureau_id).map(tuple)),
        )
        for place in range(1, draw(st.integers(1, 3)) + 1)
        for bureau_id in [draw(st.none() | st.integers(1, 2**50))]
    ]  # fmt: skip
    return SubjectRecord(
        draw(ids), draw(ids), "闽ICP备2026000001号", *[draw(texts) for _ in range(5)], "350102",
        *[draw(texts) for _ in range(4)], draw(principals), tuple(sites),
    )  # fmt: skip


@pytest.mark.usefixtures("app_context")
@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=subjects())
def test_what_is_recorded_comes_back_whole(found):
    try:
        subject = verbs.record(found, filing_id=7, our_isp_id=OURS)
        assert verbs.as_record(subject) == found
        verbs.record(verbs.as_record(subject), filing_id=8, our_isp_id=OURS)
        db.session.expire_all()
        assert verbs.as_record(subject) == found
        assert db.session.scalar(select(func.count()).select_from(RegisterEvent)) == 1
    finally:
        db.session.rollback()
