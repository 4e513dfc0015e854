"""The gateway to the provincial bureau: codec, messages, client, exchange, inbox.

Imported late inside the functions, so that the codec can be used without the site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icp.outbox import Claim


def handle(claim: Claim) -> None:
    """Do a piece of work of kind ``bureau.report`` or ``bureau.answer``; finishes the claim and commits."""
    from icp.bureau import exchange

    (exchange.answer if claim.kind == "bureau.answer" else exchange.report)(claim)


def tell(claim: Claim) -> None:
    """Do a piece of work of kind ``alert.raised``: write of trouble that has begun; finishes the claim and commits."""
    from icp.bureau import telling

    telling.tell(claim)


def poll() -> bool:
    """Fetch and apply what the bureau has for every account; True when there was news. Commits."""
    from icp.bureau.inbox import poll_all

    return poll_all()
