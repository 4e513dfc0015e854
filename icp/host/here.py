"""Which filing a request is about, and what its visitor may do there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, session
from flask_login import current_user
from sqlalchemy import bindparam, select

from icp.accounts.guards import to_sign_in
from icp.accounts.models import Account, MailLink
from icp.extensions import db, now
from icp.filings import drafts, operations
from icp.filings.models import Draft, Filing, FilingHost
from icp.filings.operations import Operation
from icp.filings.states import Actor

_MINE = (
    select(Filing, Draft)
    .join(FilingHost, FilingHost.filing_id == Filing.id)
    .join(Draft, Draft.filing_id == Filing.id)
    .where(Filing.number == bindparam("number"), FilingHost.account_id == bindparam("account"))
)
"""The filing with its draft, which nearly every page of the wizard reads next, in one query."""

LINKS = "links"
"""In the session: number of a filing → id of the resume link it was opened with."""


@dataclass(frozen=True)
class Here:
    """The filing of this request.

    Attributes:
        filing: read, not locked.
        operation: its declaration.
        by: who acts.
        restricted: the visitor came by a mailed link and hasn't signed in: identity numbers are masked, papers hidden,
            nothing can be submitted.
        draft: held, so that the session still has it when it is asked for.
    """

    filing: Filing
    operation: Operation
    by: Actor
    restricted: bool = False
    draft: Draft | None = None

    @property
    def editable(self) -> bool:
        """Whether the visitor may write answers now."""
        return drafts.may_edit(self.filing, self.by)


def here(number: str) -> Here:
    """The filing called ``number``, if the visitor is one of its hosts or opened a link to it.

    Raises:
        werkzeug.exceptions.NotFound: there is none, or it is somebody else's; the two look alike.
    """
    if not current_user.is_authenticated:
        return _by_link(number)
    found = db.session.execute(_MINE, {"number": number, "account": current_user.id}).first()
    if found is None:
        abort(404)
    return Here(found[0], operations.get(found[0].operation), Actor("host", current_user.id), draft=found[1])


def _by_link(number: str) -> Here:
    link = db.session.get(MailLink, session.get(LINKS, {}).get(number, 0))
    filing = db.session.get(Filing, link.filing_id) if link and link.filing_id else None
    alive = link is not None and link.purpose == "resume" and link.used_at is None and link.expires_at > now()
    account = db.session.get(Account, link.account_id) if link and link.account_id else None
    alive = alive and (account is None or account.disabled_at is None)
    if link is None or filing is None or not alive or filing.number != number:
        abort(to_sign_in())
    return Here(filing, operations.get(filing.operation), Actor("host", link.account_id), restricted=True)


def here_to_edit(number: str) -> Here:
    """The same, for a page or a request that writes answers.

    Raises:
        werkzeug.exceptions.NotFound: as ``here``.
        werkzeug.exceptions.Conflict: the filing isn't with the host now.
    """
    found = here(number)
    if not found.editable:
        abort(409)
    return found
