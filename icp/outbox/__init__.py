"""Work that must be done at least once, kept in the database beside the data that asked for it."""

from icp.outbox.models import OutboxRow
from icp.outbox.work import (
    KEPT_DAYS,
    Claim,
    Hopeless,
    claim,
    delay,
    finish,
    give_up,
    oldest_age,
    put,
    renew,
    restart,
    retry,
)

__all__ = [
    "KEPT_DAYS",
    "Claim",
    "Hopeless",
    "OutboxRow",
    "claim",
    "delay",
    "finish",
    "give_up",
    "oldest_age",
    "put",
    "renew",
    "restart",
    "retry",
]
