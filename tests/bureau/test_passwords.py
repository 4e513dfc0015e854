"""The door to isp_verifybamm: what it says, whom it stops, and what it never writes down."""

import pytest

from icp.accounts.attempts import LIMITS, TooManyAttempts
from icp.bureau import passwords
from icp.bureau.passwords import Right, TriesUsedUp, Unreachable, Wrong
from icp.extensions import db

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
    def test_what_the_bureau_answers_instead(self, remote, trouble, verdict):
        remote.trouble("isp_verifybamm", trouble)
        assert passwords.check(NUMBER, PASSWORD) == verdict

    def test_tries_of_an_account_end_whatever_the_number(self, remote):
        for place in range(MOST):
            assert passwords.attempt(7, f"闽ICP备0000000{place}号", "wrong") == Wrong()
        assert passwords.tries_left(7) == 0
        with pytest.raises(TooManyAttempts):
            passwords.attempt(7, NUMBER, PASSWORD)
        assert remote.calls.count("isp_verifybamm") == MOST
        assert passwords.attempt(8, NUMBER, PASSWORD) == Right()

    def test_tries_of_a_number_end_whatever_the_account(self):
        for account in range(MOST):
            passwords.attempt(account, NUMBER, "wrong")
        with pytest.raises(TooManyAttempts):
            passwords.attempt(99, NUMBER, PASSWORD)

    def test_the_password_is_written_nowhere(self, remote, caplog, site):
        caplog.set_level(0)
        passwords.attempt(7, NUMBER, PASSWORD)
        remote.trouble("isp_verifybamm", "garbage", 999)
        passwords.attempt(7, NUMBER, PASSWORD)
        passwords.attempt(7, NUMBER, PASSWORD)
        assert PASSWORD not in caplog.text
        db.session.commit()
        files = [path.read_bytes() for path in site.extensions["settings"].instance.rglob("*") if path.is_file()]
        assert not any(PASSWORD.encode() in data for data in files)
