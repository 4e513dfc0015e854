"""What a filing on behalf shows besides: to staff who its hosts are and what they say, to a host how he confirms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for

from icp.accounts import invitations
from icp.accounts.guards import host_only
from icp.accounts.models import Account, MailLink
from icp.extensions import db
from icp.filings import behalf, verbs
from icp.filings.models import Event
from icp.filings.states import NotAllowed
from icp.host import bp
from icp.host.here import Here, here
from icp.i18n import tr
from icp.vocabulary.text import N_


@dataclass(frozen=True)
class Margin:
    """What stands beside a filing on behalf.

    Attributes:
        hosts: accounts of its hosts.
        invited: invitations nobody has come by yet; for staff.
        confirmed: the host's word on what it says now.
        waits: whether it can't be submitted without that word.
        seen: what the present content is known by; a confirmation names it.
        confirmable: whether the visitor may confirm it now; not before it is complete.
    """

    hosts: list[Account]
    invited: list[MailLink]
    confirmed: Event | None
    waits: bool
    seen: str
    confirmable: bool


def margin(found: Here) -> Margin | None:
    """What is shown beside it; None for a host's own filing, and for what only the provider does."""
    filing = found.filing
    if not found.on_behalf or found.operation.by_staff_only:
        return None
    confirmed = behalf.confirmed(filing)
    his = not found.by_staff and not found.restricted
    confirmable = his and confirmed is None and filing.state in behalf.CONFIRMS and not verbs.unfinished(filing)
    invited = invitations.waiting(filing.id) if found.by_staff else []
    return Margin(behalf.hosts(filing), invited, confirmed, behalf.waits(filing), behalf.digest(filing), confirmable)


@bp.post("/filings/<number>/confirm")
@host_only
def confirm(number: str) -> Any:
    """The host says that what was written on his behalf is right."""
    found = here(number)
    try:
        behalf.confirm(found.filing.id, found.by, request.form.get("seen", ""))
    except NotAllowed:
        abort(409)
    except behalf.OtherContent:
        db.session.rollback()
        flash(tr(N_("刚才有人改了内容，没有记下确认。请再看一遍。")), "mend")
        return redirect(url_for("host.filing", number=number), 303)
    db.session.commit()
    flash(tr(N_("已确认，谢谢。我们看得到您的确认。")), "good")
    return redirect(url_for("host.filing", number=number), 303)
