"""``flask field check --operation …``: what a form of any operation says of a value, without a database."""

import json

import pytest
from click.testing import CliRunner

from icp.cli import field
from icp.filings import operations

CASES = [
    ("change", "subject.mailing_address", "示例路19号", (), False),
    ("change", "website.domain", "https://www.qingwu.example/", (), False),
    ("new_access", "subject.filing_number", "闽icp备 2026000001", (), False),
    (
        "new_access",
        "website.filing_number",
        "闽ICP备2026000002号-1",
        ("subject.filing_number=闽ICP备2026000001号",),
        True,
    ),
    ("new_website", "website.name", "青梧陶艺工坊", (), False),
    ("cancel_access", "cancellation.reason", "1", (), False),
    ("cancel_website", "cancellation.reason", "99", (), True),
    ("cancel_subject", "cancellation.remark", "店铺关了", ("cancellation.reason=1",), False),
]
"""Operation, field, value, other answers, and whether the value is refused."""


def check(operation, path, *values, beside=()):
    options = [part for text in beside for part in ("--with", text)]
    return CliRunner().invoke(field, ["check", path, *values, *options, "--operation", operation])


@pytest.mark.parametrize(("operation", "path", "value", "beside", "refused"), CASES)
def test_a_value_is_judged_as_the_operations_form_judges_it(operation, path, value, beside, refused):
    result = check(operation, path, value, beside=beside)
    assert result.exit_code == 0, result.output
    line = json.loads(result.output)
    assert set(line) == {"value", "stored", "corrections"}
    errors = [c for c in line["corrections"] if c["severity"] == "error"]
    assert bool(errors) == refused, line


@pytest.mark.parametrize("operation", operations.OPERATIONS)
def test_every_field_of_every_operation_can_be_asked(operation):
    for path in operations.get(operation).fields:
        result = check(operation, path, "x", "")
        assert result.exit_code == 0, (path, result.output, result.exception)
        assert len(result.output.splitlines()) == 2, path


def test_a_field_of_another_operation_and_an_unknown_operation_are_named():
    assert "cancellation.reason" in check("cancel_subject", "website.access.ip_addresses", "x").output
    assert "cancel_website" in check("no_such", "subject.name", "x").output
