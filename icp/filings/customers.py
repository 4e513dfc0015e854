"""The hosts of a filing, and which of the provider's addresses they may use."""

from __future__ import annotations

from sqlalchemy import select

from icp.accounts.models import Account
from icp.extensions import db
from icp.filings.models import FilingHost
from icp.register import ranges
from icp.register.models import ProviderRange


def ranges_of(filing_id: int) -> list[ProviderRange]:
    """The ranges offered to the hosts of a filing; those without a customer when it has no host account."""
    hashes = db.session.scalars(
        select(Account.email_hash)
        .join(FilingHost, FilingHost.account_id == Account.id)
        .where(FilingHost.filing_id == filing_id)
    ).all()
    found = {r.id: r for hashed in (hashes or [""]) for r in ranges.offered_to(hashed)}
    return list(found.values())


def hosts_of(filing_id: int) -> list[int]:
    """The host accounts that may see and fill in a filing."""
    return list(db.session.scalars(select(FilingHost.account_id).where(FilingHost.filing_id == filing_id)))


def pairs_of(filing_id: int) -> tuple[tuple[int, int], ...]:
    """The same as pairs of integers, as rules take them."""
    return ranges.as_pairs(ranges_of(filing_id))
