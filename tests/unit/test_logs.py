from __future__ import annotations

import json
import logging
import sys

import pytest

from icp.logs import JsonFormatter, mask


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("refused 11010519491231002X at login", "refused [ID number] at login"),
        ("refused 110105491231002", "refused [ID number]"),
        ("SMS to 13900000000 and +86 139 0000 0000", "SMS to [phone] and [phone]"),
        ("letter to lin@qingwu.example", "letter to [e-mail]"),
        (
            "filing CZ-261118-0427-6, row 123456, 91350100M000100Y43",
            "filing CZ-261118-0427-6, row 123456, 91350100M000100Y43",
        ),
        (
            "failed\n[SQL: INSERT]\n[parameters: ('林知夏', 1)]\n(Background on",
            "failed\n[SQL: INSERT]\n[parameters: …]\n(Background on",
        ),
    ],
)
def test_personal_data_are_masked(said: str, written: str) -> None:
    assert mask(said) == written


def test_a_record_is_one_line_also_with_an_exception() -> None:
    try:
        raise ValueError("lin@qingwu.example")
    except ValueError:
        record = logging.LogRecord("icp", logging.ERROR, "x.py", 1, "no %s", ("13900000000",), sys.exc_info())
    line = JsonFormatter().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert said["message"] == "no [phone]"
    assert said["exception"].endswith("ValueError: [e-mail]")
