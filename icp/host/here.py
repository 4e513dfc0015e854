"""Which filing a request is about, and what its visitor may do there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, session
from flask_login import current_user
from sqlalchemy import select

from icp.accounts.guards import to_sign_in
from icp.accounts.models import MailLink
from icp.extensions import db, now
from icp.filings import drafts, operations
from icp.filings.models import Filing, FilingHost
from icp.filings.operations import Operation
from icp.filings.states import Actor

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
    """

    filing: Filing
    operation: Operation
    by: Actor
    restricted: bool = False

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
    wanted = (
        select(Filing)
        .join(FilingHost, FilingHost.filing_id == Filing.id)
        .where(Filing.number == number, FilingHost.account_id == current_user.id)
    )
    filing = db.session.scalar(wanted)
    if filing is None:
        abort(404)
    return Here(filing, operations.get(filing.operation), Actor("host", current_user.id))


def _by_link(number: str) -> Here:
    link = db.session.get(MailLink, session.get(LINKS, {}).get(number, 0))
    filing = db.session.get(Filing, link.filing_id) if link and link.filing_id else None
    alive = link is not None and link.purpose == "resume" and link.used_at is None and link.expires_at > now()
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
