"""What a method-call code means for the next try (interface section on sequence, retry and recovery)."""

from __future__ import annotations

from sqlalchemy import select

from icp.bureau import account as accounts
from icp.bureau.client import Bureau, Refused
from icp.bureau.models import BureauAccount
from icp.extensions import begin_write, db

MISSING_FIRST = 14
REPACK = frozenset({6, 7, 8})
"""A packing fault: the file is packed anew once, then somebody is told."""
PERMANENT = frozenset({4, 5, 9, 10, 11, 12, 13, 16, 17, 18, 19})
"""Every call would be answered so: the account stops, and somebody is told."""
TEMPORARY = frozenset({15, 20, 901, 902})
"""Only to wait and try again. Any other code is told, and tried again all the same."""


def tell(account_id: int, error: Refused) -> None:
    """Stop the account, or only tell the operator, by what the code means; commits."""
    if error.code in TEMPORARY:
        return
    begin_write()
    if error.code in PERMANENT:
        accounts.stop(db.session.get_one(BureauAccount, account_id), str(error))
    else:
        accounts.alert(account_id, "packing" if error.code in REPACK else "refused", str(error))
    db.session.commit()


def tell_of_query(bureau: Bureau, error: Refused) -> None:
    """Tell the operator of a query that is refused for good; commits.

    The account goes on: reports and results may be allowed where queries are not, and if they aren't, they stop it.
    """
    if error.code not in PERMANENT:
        return
    begin_write()
    account = db.session.scalar(select(BureauAccount).where(BureauAccount.isp_id == bureau.endpoint.isp_id))
    if account is not None:
        accounts.alert(account.id, "query_refused", str(error))
    db.session.commit()
