"""The filing's forms: which fields they have, in which order, and what follows from what."""

import itertools

from icp.filings import operations
from icp.filings.forms.base import specs_of
from icp.filings.forms.subject import PrincipalForm
from icp.filings.forms.website import WebsitePrincipalForm


def test_a_websites_principal_is_asked_the_same_in_the_same_order():
    asked = [path.removeprefix("subject.principal.") for path in PrincipalForm.names()]
    first, *others = [path.removeprefix("website.principal.") for path in WebsitePrincipalForm.names()]
    assert first == "same_as_subject"
    assert others == asked


def test_a_group_stands_together():
    for form in (PrincipalForm, WebsitePrincipalForm):
        groups = [specs_of(form)[path].group for path in form.names()]
        changes = sum(before != after for before, after in itertools.pairwise(groups))
        assert changes == len(set(groups)) - 1


def test_what_a_field_follows_is_a_field():
    fields = operations.get("new_filing").fields
    for path, (_, _, field) in fields.items():
        assert set(field.follows) <= fields.keys(), path
