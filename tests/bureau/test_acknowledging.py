"""A file from the bureau is safe here before the bureau hears so, whatever it says to that."""

import pytest

from icp import bureau
from icp.bureau.models import BureauResult
from icp.extensions import db
from tests.bureau.exchange_cases import alerts, bajg, gjsh, reported, state


@pytest.mark.shows("21")
def test_an_acknowledgement_that_is_refused_is_told_and_made_again(site, remote):
    filing = reported(remote)
    remote.offer("result.xml", bajg(gjsh(filing, False, "材料不清")))
    remote.trouble("isp_downloadack", 21)
    bureau.poll()
    assert (state(filing), remote.acknowledged, alerts()) == ("bureau_returned", [], ["refused"])
    bureau.poll()
    assert (remote.acknowledged, alerts()) == (["result.xml"], ["refused"])
    assert db.session.query(BureauResult).count() == 1
