"""The door to isp_verifybamm: what it says, whom it stops, and what it never writes down."""

import pytest

from icp.accounts.attempts import LIMITS, TooManyAttempts
from icp.bureau import asking, passwords
from icp.bureau.passwords import Person, Right, TriesUsedUp, Unreachable, Wrong
from icp.extensions import db
from tests.bureau import exchange_cases
from tests.bureau.exchange_cases import alerts
from tests.unit.register.register_cases import record, subject, website

NUMBER = "闽ICP备00000001号"
PASSWORD = "Bamm1234"  # the one the tiny bureau takes
MOST = LIMITS["filing_password_account"][0]


@pytest.mark.usefixtures("site")
class TestPasswords:
    def test_right_and_wrong(self):
        assert passwords.check(NUMBER, PASSWORD) == Right()
        assert passwords.check(NUMBER, "bamm1234") == Wrong()

    @pytest.mark.parametrize(
        ("trouble", "verdict"),
        [(22, TriesUsedUp("code 22")), (901, Unreachable()), ("lose", Unreachable()), ("garbage", Unreachable())],
    )
    @pytest.mark.shows("22")
    def test_what_the_bureau_answers_instead(self, remote, trouble, verdict):
        remote.trouble("isp_verifybamm", trouble)
        assert passwords.check(NUMBER, PASSWORD) == verdict

    def test_tries_of_an_account_end_whatever_the_number(self, remote):
        for place in range(MOST):
            assert passwords.attempt(Person(7), f"闽ICP备0000000{place}号", "wrong") == Wrong()
        assert passwords.tries_left(Person(7), NUMBER) == 0
        with pytest.raises(TooManyAttempts):
            passwords.attempt(Person(7), NUMBER, PASSWORD)
        assert remote.calls.count("isp_verifybamm") == MOST
        assert passwords.attempt(Person(8), NUMBER, PASSWORD) == Right()

    def test_a_number_on_record_is_asked_about_as_the_bureau_writes_it(self, remote):
        plain = "闽ICP备2026000009"
        record(subject(website(f"{plain}-1", domain="nine.example", bureau_id=909), number=plain, bureau_id=99), None)
        db.session.commit()
        assert passwords.check(f"{plain}号", PASSWORD) == Right()
        assert passwords.check(NUMBER, PASSWORD) == Right()
        assert remote.verified == [plain, NUMBER.replace("号", "")]  # of the same province: written so as well

    @pytest.mark.parametrize(("code", "told"), [(5, ["query_refused"]), (19, ["query_refused"]), (22, []), (901, [])])
    def test_a_query_refused_for_good_is_told_and_stops_nothing(self, remote, code, told):
        remote.trouble("isp_verifybamm", code)
        remote.trouble("isp_querybeianstatus", code)
        passwords.check(NUMBER, PASSWORD)
        assert asking.status(0, "filed.example") is None
        assert alerts() == told
        assert not exchange_cases.account().paused_reason
        assert asking.status(0, "filed.example").filed

    def test_a_right_password_costs_no_try(self):
        for _ in range(2 * MOST):
            assert passwords.attempt(Person(7), NUMBER, PASSWORD) == Right()
        assert passwords.attempt(Person(7), NUMBER, "wrong") == Wrong()
        assert passwords.tries_left(Person(7), NUMBER) == MOST - 1

    def test_staff_file_for_many_customers(self):
        for place in range(2 * MOST):
            assert passwords.attempt(Person(7, staff=True), f"闽ICP备000000{place:02d}号", "wrong") == Wrong()

    def test_a_number_that_others_used_up_costs_no_try(self):
        for account in range(MOST):
            passwords.attempt(Person(account), NUMBER, "wrong")
        with pytest.raises(TooManyAttempts) as refused:
            passwords.attempt(Person(99), NUMBER, PASSWORD)
        assert refused.value.kind == passwords.OF_NUMBER
        assert 1 <= refused.value.minutes <= 60
        assert passwords.tries_left(Person(99), "闽ICP备00000002号") == MOST

    def test_tries_of_a_number_end_whatever_the_account(self):
        for account in range(MOST):
            passwords.attempt(Person(account), NUMBER, "wrong")
        with pytest.raises(TooManyAttempts):
            passwords.attempt(Person(99), NUMBER, PASSWORD)

    def test_the_password_is_written_nowhere(self, remote, caplog, site):
        caplog.set_level(0)
        passwords.attempt(Person(7), NUMBER, PASSWORD)
        remote.trouble("isp_verifybamm", "garbage", 999)
        passwords.attempt(Person(7), NUMBER, PASSWORD)
        passwords.attempt(Person(7), NUMBER, PASSWORD)
        assert PASSWORD not in caplog.text
        db.session.commit()
        files = [path.read_bytes() for path in site.extensions["settings"].instance.rglob("*") if path.is_file()]
        assert not any(PASSWORD.encode() in data for data in files)
