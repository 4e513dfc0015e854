"""The register at the desk: found by what people type, shown masked, with its history."""

import re

import pytest
from sqlalchemy import select

from icp.audit import AuditEntry
from icp.extensions import begin_write, db
from icp.filings import drafts, opening
from icp.filings import verbs as filings
from icp.filings.states import Actor
from icp.register import verbs
from tests.unit.register.register_cases import OTHERS, access, record, subject, website

OTHER = website(
    "闽ICP备2026000001号-2", domain="haiyan.example", bureau_id=201, accesses=(access(302, provider=OTHERS),)
)


@pytest.fixture
def on_record(app):
    with app.app_context():
        found = record(subject(website(), OTHER), None)
        record(subject(name="福州青梧文化有限公司"), None)
        return found.id


@pytest.fixture
def desk(signed_in, on_record):
    return signed_in("staff", "reviewer")


def looked_up(desk, text):
    desk.look("/desk/register")
    return desk.send("/desk/register", {"q": text}).text


class TestLookingUp:
    @pytest.mark.parametrize(
        "text",
        ["闽icp备 2026000001", "闽ICP备2026000001号-1", "qingwu.example", "http://www.qingwu.example/", "文化有限",
         "手作馆", "91350100m000100y43"],
    )  # fmt: skip
    def test_a_record_is_found_by(self, desk, text):
        assert "福州青梧文化有限公司" in looked_up(desk, text)
        assert desk.page.one("input", id="q").get("value") == text

    @pytest.mark.parametrize(
        "text", ["闽ICP备2026000002号", "other.example", "别家公司", "91350100M000100Y44", "x", "%"]
    )
    def test_and_not_by(self, desk, text):
        assert "登记库里没有" in looked_up(desk, text)

    def test_whose_access_it_is_and_what_is_gone(self, app, desk):
        assert "不在本公司接入" in looked_up(desk, "haiyan.example")
        assert "本公司接入" in looked_up(desk, "qingwu.example")
        with app.app_context():
            verbs.cancel_website(200)
            db.session.commit()
        assert "网站已注销" in looked_up(desk, "qingwu.example")

    def test_a_spoiled_cursor_is_refused(self, desk):
        desk.look("/desk/register")
        desk.send("/desk/register", {"q": "文化", "after": "x"}, 400)


class TestOneRecord:
    def test_everything_on_record_what_is_personal_masked(self, desk, on_record):
        text = desk.look(f"/desk/register/{on_record}").text
        for part in ("闽ICP备2026000001号-2", "haiyan.example", "203.0.113.24", "鼓楼区", "91350100M000100Y43"):
            assert part in text
        for part in ("11010519491231002X", "13900000000", "lin@qingwu.example"):
            assert part not in text
        assert "139****0000" in text

    def test_history_tells_what_changed(self, desk, on_record):
        page = desk.look(f"/desk/register/{on_record}")
        assert [page.words(d) for d in page.all("del")] == ["福州青梧文创有限公司"]
        assert [page.words(d) for d in page.all("ins")] == ["福州青梧文化有限公司"]

    def test_moments_have_their_year(self, desk, on_record):
        page = desk.look(f"/desk/register/{on_record}")
        moments = [page.words(time) for time in page.all("time")]
        assert len(moments) == 2
        assert all(re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d", moment) for moment in moments)

    def test_showing_a_section_in_full_is_recorded(self, app, desk, on_record):
        desk.look(f"/desk/register/{on_record}")
        part = "闽ICP备2026000001号-2"
        text = desk.send(f"/desk/register/{on_record}/reveal", {"part": part}).text
        assert text.count("13900000000") == 1
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry)).one()
            assert (entry.verb, entry.object_kind, entry.details) == ("reveal", "subject", {"part": part})

    def test_a_section_that_is_not_there_is_not_shown(self, desk, on_record):
        desk.look(f"/desk/register/{on_record}")
        desk.send(f"/desk/register/{on_record}/reveal", {"part": "闽ICP备2026000001号-9"}, 404)

    def test_a_cancelled_subject_keeps_its_history(self, app, desk, on_record):
        with app.app_context():
            verbs.cancel_subject(100)
            db.session.commit()
        text = desk.look(f"/desk/register/{on_record}").text
        assert "主体已注销" in text
        assert "注销主体" in text
        assert "haiyan.example" in text


class TestFilingsAboutIt:
    def listed(self, desk, on_record):
        page = desk.look(f"/desk/register/{on_record}")
        rows = page.one("section", **{"aria-labelledby": "filings"})
        return page, page.words(rows)

    def test_drafts_of_staff_are_listed_and_opened(self, app, desk, on_record):
        with app.app_context():
            begin_write()
            subject_ = db.session.get_one(verbs.Subject, on_record)
            number = opening.open_filing("change", Actor("staff", 1), host_id=None, subject=subject_).number
            db.session.commit()
        page, said = self.listed(desk, on_record)
        assert number in said
        assert "信息变更" in said
        assert page.one("a", href=f"/filings/{number}") is not None

    def test_a_hosts_own_draft_is_named_and_stays_his(self, app, desk, on_record, people):
        host = people("host", "lin@qingwu.example")
        with app.app_context():
            begin_write()
            subject_ = db.session.get_one(verbs.Subject, on_record)
            by = Actor("host", host)
            number = opening.open_filing("change", by, host_id=host, subject=subject_).number
            given_up = opening.open_filing("change", by, host_id=host, subject=subject_)
            filings.abandon(given_up.id, by)
            gone = given_up.number
            stranger = opening.open_filing("new_access", by, host_id=host)
            drafts.save(stranger.id, by, {"subject.filing_number": (None, subject_.number)})
            by_number = stranger.number
            db.session.commit()
        page, said = self.listed(desk, on_record)
        assert number in said
        assert by_number in said
        assert gone not in said
        assert "提交以后才看得到" in said
        assert not [a for a in page.all("a") if number in a.get("href", "")]
