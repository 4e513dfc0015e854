"""Asking the bureau something while a person waits in front of a page."""

from __future__ import annotations

import dataclasses
import logging

from icp.bureau import account as accounts
from icp.bureau import refusals
from icp.bureau.client import Bureau, NoReply, Refused
from icp.bureau.codec.replies import StatusInfo
from icp.extensions import db

log = logging.getLogger(__name__)

STATUS_PATIENCE = 6.0
"""Seconds a page waits for one answer about what is filed; it can go on without."""
DOMAIN = 0
"""Kind of a status query (查询条件类型) that asks for a domain; 1 to 11 ask for the holder of a document."""


def patient(seconds: float) -> Bureau:
    """The bureau through the reporting account, with at most ``seconds`` for each answer. It ends the transaction, so
    that neither it nor a connection is held while waiting: call it before anything is written."""
    account = accounts.reporting_account()
    if account is None:
        account = accounts.seed_account()
        db.session.commit()
    endpoint = account.endpoint()
    db.session.commit()
    return Bureau(dataclasses.replace(endpoint, timeout=min(endpoint.timeout, seconds)))


def status(kind: int, condition: str) -> StatusInfo | None:
    """Whether something is filed, by the ministry's registry (isp_querybeianstatus); None when it doesn't tell.

    Neither what was asked nor what was answered is logged.

    Args:
        kind: ``DOMAIN``, or the kind of a document, 1 to 11.
        condition: the domain, or the number of the document.
    """
    bureau = patient(STATUS_PATIENCE)
    try:
        return bureau.query_status(kind, condition)
    except Refused as refusal:
        log.warning("the bureau refused a status query: code %s", refusal.code)
        refusals.tell_of_query(bureau, refusal)
    except NoReply as trouble:
        log.warning("a status query had no answer: %s", type(trouble).__name__)
    return None
