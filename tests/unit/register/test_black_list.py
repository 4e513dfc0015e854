"""The bureau's black lists: found by exact value and by the domain above, changed and removed, sealed."""

import pytest
from sqlalchemy import select

from icp.extensions import db
from icp.register import blacklist
from icp.register.blacklist import Change, Entry
from icp.register.models import BlackListed
from tests.conftest import both_databases

SITE = Entry("青梧", "Qingwu.example", home_url="www.qingwu.example", remark="被盗用")
PERSON = Entry("王某", "11010519491231002x", document_type="2", organisation_type="5")


@both_databases
@pytest.mark.usefixtures("app_context")
def test_a_domain_is_found_with_what_lies_under_it():
    assert blacklist.put("domain", SITE, Change.ADD, 1)
    assert blacklist.put("domain", Entry(key="中文.example"), Change.ADD)
    asked = [
        "qingwu.example",
        "WWW.qingwu.example",
        "qingwu.example.com",
        "xn--fiq228c.example",
        "example",
        "",
        "例 子",
    ]
    assert set(blacklist.listed_domains(asked)) == {"qingwu.example", "WWW.qingwu.example", "xn--fiq228c.example"}
    assert blacklist.listed_domains(asked)["qingwu.example"].remark == "被盗用"


@pytest.mark.usefixtures("app_context")
def test_a_subject_is_found_by_its_document():
    blacklist.put("subject", PERSON, Change.ADD)
    assert blacklist.listed_subject("2", "11010519491231002X").name == "王某"
    assert blacklist.listed_subject("1", "11010519491231002X") is None
    assert blacklist.listed_subject("2", "") is None
    db.session.commit()
    assert "王某".encode() not in db.session.execute(select(BlackListed.sealed)).scalar_one()


@pytest.mark.usefixtures("app_context")
@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        (["0"], True),
        (["0", "0"], True),
        (["1"], True),
        (["2"], False),
        (["0", "2"], False),
        (["0", "2", "2"], False),
        (["0", "2", "0"], True),
        (["2", "1"], True),
    ],
)
def test_what_counts_is_the_last_word(changes, listed):
    for change in changes:
        blacklist.put("domain", SITE, Change(change))
    assert bool(blacklist.listed_domains(["qingwu.example"])) is listed
    assert len(db.session.scalars(select(BlackListed)).all()) == 1


@pytest.mark.usefixtures("app_context")
def test_an_entry_that_names_nothing_is_refused():
    assert not blacklist.put("domain", Entry("名字"), Change.ADD)
    assert not blacklist.put("domain", Entry(key="两 个"), Change.ADD)
    assert not blacklist.put("subject", Entry("名字", document_type="1"), Change.ADD)
    assert db.session.scalars(select(BlackListed)).all() == []
