"""Numbers that no database holds: somebody's typing, not our error."""

import pytest

LARGE = "99999999999999999999999"


@pytest.mark.parametrize(
    "path", ["/records/{}", "/records?before={}", "/filings?before={}", "/tasks/{}", "/records/claim?x={}"]
)
def test_a_host_is_told_that_there_is_nothing(app, signed_in, path):
    host = signed_in("host", email="lin@qingwu.example")
    assert host.get(path.format(LARGE)).status_code in (200, 404)
    host.look("/start")
    host.send("/start", {"operation": "change", "subject": LARGE}, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/desk/register/{}",
        "/desk/register/{}/cancel-access",
        "/desk/?after={}",
        "/desk/?after={}_{}",
        "/desk/on-behalf?before={}",
        "/desk/register/black-list?before={}",
        "/desk/bureau/results?after={}",
        "/desk/bureau/files/sent?after={}",
        "/desk/tasks?after={}",
    ],
)
def test_staff_are_told_that_there_is_nothing(app, signed_in, path):
    staff = signed_in("staff", "supervisor", name="何田")
    assert staff.get(path.replace("{}", LARGE)).status_code in (200, 400, 404)
    staff.look("/desk/register")
    staff.send("/desk/register", {"q": "青梧", "after": f"{LARGE} 青梧"}, 400)
