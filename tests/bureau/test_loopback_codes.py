"""Every result code of the interface that a bureau can find by itself is shown by a case."""

from __future__ import annotations

import pytest

from icp.loopback_bureau.config import Config, ConfigError
from icp.vocabulary import builtin
from tests.bureau.loopback_caller import Caller, codes
from tests.bureau.loopback_changes import cancellation, change, enter, grouped, material, new_access
from tests.bureau.loopback_filing import filing
from tests.bureau.test_loopback_change import BGBA
from tests.bureau.test_loopback_checks import FILES, RECORDS
from tests.bureau.test_loopback_end import HSJG, WBACLJG, XZHYD, ZXBA
from tests.bureau.test_loopback_new import XZJR, XZWZ

DECISIONS = {1001, 1002}
ELSEWHERE = {
    1045: "test_loopback_life: a provider that moved",
    5002: "test_loopback_life: an attribute that does not exist",
    5009: "test_loopback_checks: a business the provider has no permission for",
}
NEVER = {1028}
"""No upload names a user, so that a user's name can't be wrong; an officer may still answer by it."""

SHOWN = {case[0] for table in (RECORDS, FILES, XZWZ, XZJR, BGBA, ZXBA, XZHYD, HSJG, WBACLJG) for case in table}


def test_each_code_is_shown_by_a_case():
    known = {
        int(row["code"])
        for row in builtin().tables["bureau_codes"]
        if row["category"] in ("icp_data", "general_data") and int(row["code"]) not in NEVER
    }
    assert known - SHOWN - DECISIONS - set(ELSEWHERE) == set()
    assert not SHOWN & NEVER


@pytest.mark.shows("1028")
def test_an_officer_may_answer_by_a_code_that_no_check_finds(bureau, caller):
    caller.upload(grouped("XZBA", filing()))
    bureau.bureau.settle()
    bureau.bureau.fail(bureau.bureau.requests("pending")[0]["number"], *NEVER)
    (root,) = caller.take()
    assert codes(root) == [1028]
    assert root.findtext(".//Dmms").startswith("ICP用户名错误")


READINGS = {
    "XZJR": (lambda s: new_access(s), lambda s: "95007"),
    "BGBA": (lambda s: change(s), lambda s: str(s.ztid)),
    "ZXBA": (lambda s: cancellation(1, s.wzid), lambda s: str(s.ztid)),
    "XZHYD": (lambda s: material(2, {"Baxh": s.website_number}), lambda s: str(s.ztid)),
}


@pytest.mark.parametrize("group", READINGS)
def test_results_by_the_other_reading_of_the_interface(serve, group):
    bureau = serve(decision="approve", reference="sponsor")
    build, expected = READINGS[group]
    site, caller = enter(bureau, filing()), Caller(bureau.url)
    caller.upload(grouped(group, build(site)))
    root = caller.take()[0]
    assert codes(root) == [1060 if group == "XZHYD" else 1001]
    assert root.findtext(".//Bs") == expected(site)


def test_another_reading_is_refused():
    with pytest.raises(ConfigError, match="ICP_LOOPBACK_REFERENCE"):
        Config.from_environment({"ICP_LOOPBACK_REFERENCE": "perhaps"})
