"""The provider's ranges: imported whole or not at all, offered to their customer and nobody else."""

import pytest

from icp.extensions import db
from icp.register import ranges
from icp.sealing import keyed_hash

HEAD = "first,last,server_location,access_method,customer_email,label"


def load(*lines):
    count, bad = ranges.import_csv([HEAD, *lines])
    db.session.commit()
    return count, [(b.line, b.problem) for b in bad]


@pytest.mark.usefixtures("app_context")
class TestRanges:
    def test_everybody_is_offered_what_has_no_customer(self):
        load("203.0.113.0,203.0.113.63,4,3,,共享", "203.0.113.64,,4,2,lin@qingwu.example,独享")
        mine = ranges.as_pairs(ranges.offered_to(keyed_hash("email", "lin@qingwu.example")))
        others = ranges.as_pairs(ranges.offered_to(keyed_hash("email", "someone@else.example")))
        assert mine == ((3405803776, 3405803839), (3405803840, 3405803840))
        assert others == mine[:1]

    @pytest.mark.parametrize(
        ("line", "problem"),
        [("203.0.113.9,203.0.113.1,4,3,,", "在首地址"), ("300.1.1.1,,4,3,,", "300"), ("::1,,4,3,,", "::1")],
    )
    def test_a_bad_line_is_named_and_nothing_changes(self, line, problem):
        load("203.0.113.0,203.0.113.63,4,3,,")
        _, bad = load("203.0.113.200,,4,3,,", line)
        assert bad[0][0] == 3
        assert problem in bad[0][1]
        assert ranges.as_pairs(ranges.offered_to("")) == ((3405803776, 3405803839),)
