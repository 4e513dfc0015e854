"""Which filing a request is about, and what its visitor may do there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, session
from flask_login import current_user
from sqlalchemy import bindparam, select

from icp import audit
from icp.accounts.guards import to_sign_in
from icp.accounts.models import Account, MailLink
from icp.extensions import db, now
from icp.filings import drafts, operations
from icp.filings.drafts import Buffer
from icp.filings.models import Draft, Filing, FilingHost
from icp.filings.operations import Operation
from icp.filings.states import Action, Actor, can
from icp.looking_up import LookUp

_SEEN = select(
    Filing.id,
    Filing.number,
    Filing.operation,
    Filing.state,
    Filing.mode,
    Filing.province,
    Filing.subject_name,
    Filing.website_name,
    Filing.domain,
    Draft.uid,
    Draft.sealed,
).join(Draft, Draft.filing_id == Filing.id)
"""What nearly every page of the wizard needs of a filing and its draft."""
_MINE = LookUp(
    _SEEN.join(FilingHost, FilingHost.filing_id == Filing.id).where(
        Filing.number == bindparam("number"), FilingHost.account_id == bindparam("account")
    )
)
_ON_BEHALF = LookUp(_SEEN.where(Filing.number == bindparam("number"), Filing.mode == bindparam("mode")))
_LINKED = LookUp(_SEEN.where(Filing.id == bindparam("wanted")))

FILLED_IN = "filled_in"
"""In the session of staff: numbers of filings opened on behalf whose data they have been shown; noted once each."""
REMEMBERED = 40
LINKS = "links"
"""In the session: number of a filing → id of the resume link it was opened with."""


@dataclass(frozen=True)
class Here:
    """The filing of this request.

    Attributes:
        seen: columns of the filing and its draft as they were when the request came (``_SEEN``).
        operation: its declaration.
        by: who acts.
        restricted: the visitor came by a mailed link and hasn't signed in: identity numbers are masked, papers hidden,
            nothing can be submitted.
    """

    seen: Any
    operation: Operation
    by: Actor
    restricted: bool = False

    @cached_property
    def filing(self) -> Filing:
        """The filing, read, not locked; pages that need no more than ``seen`` don't ask for it."""
        return db.session.get_one(Filing, self.seen.id)

    @cached_property
    def buffer(self) -> Buffer:
        """The draft as it was when the request came."""
        return Buffer.from_json(Draft.content.open(self.seen.uid, self.seen.sealed))

    @property
    def editable(self) -> bool:
        """Whether the visitor may write answers now; what the bureau returned is corrected at the desk instead."""
        return self.seen.state in drafts.HOST_EDITS and drafts.may_edit(self.seen, self.by)

    @property
    def withdrawable(self) -> bool:
        """Whether the visitor may take the filing back to a draft now."""
        his = self.by_staff or not self.operation.by_staff_only
        return his and not self.restricted and can(self.filing, Action.WITHDRAW)

    @property
    def on_behalf(self) -> bool:
        """Whether staff opened it for a customer (代为备案)."""
        return bool(self.seen.mode == "1")

    @property
    def by_staff(self) -> bool:
        """Whether the visitor fills it in for somebody else."""
        return self.by.kind == "staff"


def here(number: str) -> Here:
    """The filing called ``number``, if the visitor is one of its hosts, opened a link to it, or fills it in on behalf.

    Raises:
        werkzeug.exceptions.NotFound: there is none, or it is somebody else's; the two look alike.
    """
    visitor = current_user._get_current_object()
    if not visitor.is_authenticated:
        return _by_link(number)
    account: int = visitor.id
    if visitor.kind == "staff":
        return _on_behalf(number, account)
    seen = _MINE.first(number=number, account=account)
    if seen is None:
        abort(404)
    return Here(seen, operations.get(seen.operation), Actor("host", account))


def _on_behalf(number: str, account: int) -> Here:
    """A filing opened on behalf; that its data were shown to this member of staff is recorded."""
    seen = _ON_BEHALF.first(number=number, mode="1")
    if seen is None:
        abort(404)
    known = session.get(FILLED_IN, [])
    if number not in known:
        audit.record("fill_in", actor=current_user, object_kind="filing", object_id=number)
        db.session.commit()
        session[FILLED_IN] = [*known, number][-REMEMBERED:]
    return Here(seen, operations.get(seen.operation), Actor("staff", account))


def _by_link(number: str) -> Here:
    link = db.session.get(MailLink, session.get(LINKS, {}).get(number, 0))
    seen = _LINKED.first(wanted=link.filing_id) if link and link.filing_id else None
    alive = link is not None and link.purpose == "resume" and link.used_at is None and link.expires_at > now()
    account = db.session.get(Account, link.account_id) if link and link.account_id else None
    alive = alive and (account is None or account.disabled_at is None)
    if link is None or seen is None or not alive or seen.number != number:
        abort(to_sign_in())
    return Here(seen, operations.get(seen.operation), Actor("host", link.account_id), restricted=True)


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
