"""Filing numbers as people type them."""

import pytest

from icp.rules import filing_numbers

SITE = "闽ICP备2026000001号-2"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("闽ICP备2026000001号", "闽ICP备2026000001号"),
        (" 闽icp备 2026000001 号 - 2 ", SITE),
        ("闽ＩＣＰ备２０２６０００００１号－２", SITE),
        ("閩ICP備2026000001號—2", SITE),
        ("闽ICP备2026000001-2", SITE),
        ("闽ICP备12345678", "闽ICP备12345678号"),
        ("京ICP证030173号-1", "京ICP证030173号-1"),
        ("京icp證030173", "京ICP证030173号"),
        ("闽ICP备2026000001号-0", None),
        ("闽ICP备号", None),
        ("ICP备2026000001号", None),
        ("闽公网安备35010202000001号", None),
        ("F3501-26-000123", None),
        ("", None),
    ],
)
def test_one_form_for_what_people_type(typed, number):
    assert filing_numbers.canonical(typed) == number


def test_a_canonical_number_stays_as_it_is_and_has_its_subjects_part():
    assert filing_numbers.canonical(SITE) == SITE
    assert filing_numbers.of_subject(SITE) == "闽ICP备2026000001号" == filing_numbers.of_subject("闽ICP备2026000001号")
    assert filing_numbers.is_of_website(SITE)
    assert not filing_numbers.is_of_website("闽ICP备2026000001号")
