"""What each code of the bureau does to the account: it waits and tries again, goes on and is told, or stops and is
told with what it means and what to do."""

import pytest
from sqlalchemy import select

from icp import bureau
from icp.bureau import account as accounts
from icp.bureau import refusals
from icp.bureau.messages import codes
from icp.bureau.models import Upload
from icp.extensions import db
from tests.bureau.exchange_cases import account, alerts, bajg, gjsh, jg, reported, state, work
from tests.bureau.gateway_filing import ready

STOPS = (4, 5, 9, 10, 11, 12, 13, 16, 17, 18, 19)
WAITS = (15, 20, 901, 902)
TOLD = (6, 7, 8, 14, 21, 22, 23, 500, 998, 999)


def told() -> list[tuple[str, str]]:
    return [(alert.kind, alert.about) for alert in accounts.open_alerts()]


def test_every_code_that_answers_a_call_has_words():
    assert set(STOPS) == refusals.PERMANENT
    assert set(WAITS) == refusals.TEMPORARY
    for code in (*STOPS, *WAITS, *range(4, 23), 999, *range(5001, 5012), 5999):
        message, remedy = codes.call(code)
        assert message, code
        assert remedy, code


@pytest.mark.parametrize("method", ["isp_download", "isp_downloadack", "isp_querypreviousupload"])
@pytest.mark.parametrize("code", [*STOPS, *WAITS, *TOLD])
def test_a_refusal_stops_waits_or_is_told_whatever_was_called(site, remote, method, code):
    filing = ready() if method == "isp_querypreviousupload" else reported(remote)
    remote.trouble(method, code)
    remote.offer("a.xml", bajg(gjsh(filing, True)) if state(filing) == "at_bureau" else bajg())
    (work if method == "isp_querypreviousupload" else bureau.poll)()
    stops = code in STOPS
    assert account().paused_reason == (f"code {code}: code {code}" if stops else "")
    if stops:
        assert told() == [("paused", account().name)]
    else:
        assert alerts() == ([] if code in WAITS else ["packing" if code in refusals.REPACK else "refused"])
    accounts.resume(account())
    db.session.commit()
    bureau.poll()
    while work():
        pass
    assert state(filing) == ("at_bureau" if method == "isp_querypreviousupload" else "approved")


@pytest.mark.parametrize("code", [5003, 5004, 5009, 5011])
@pytest.mark.parametrize("names", ["a file", "a request"])
def test_a_fault_of_our_own_stops_the_account_and_says_which_and_why(site, remote, code, names):
    filing = reported(remote)
    (upload,) = db.session.scalars(select(Upload))
    said = jg(filing, code, text="不予受理")
    if names == "a file":
        key = f"<Bs>{said.partition('<Bs>')[2].partition('</Bs>')[0]}</Bs>"
        said = said.replace("不予受理", upload.file_name).replace(key, "")
    remote.offer("r.xml", bajg(said))
    bureau.poll()
    assert account().paused_reason.startswith(str(code))
    assert set(told()) == {("paused", account().name), (f"code_{code}", "r.xml")}
    assert state(filing) == ("ready" if names == "a file" else "bureau_returned")
    remote.offer("other.xml", bajg(said))
    assert site.test_cli_runner().invoke(args=["bureau", "resume", str(account().id)]).exit_code == 0
    bureau.poll()  # said again of what was answered already: nothing new
    assert not account().paused_reason
    assert "paused" not in alerts()


def test_a_fault_of_our_own_about_nothing_of_ours_stops_nothing(site, remote):
    reported(remote)
    remote.offer("r.xml", bajg("<Jg_xx><Jgxx><Jgdm>5003</Jgdm><Dmms>x.xml</Dmms></Jgxx><Czlx>1</Czlx></Jg_xx>"))
    bureau.poll()
    assert not account().paused_reason
    assert sorted(alerts()) == ["code_5003", "nothing_fits"]
