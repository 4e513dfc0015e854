"""Counters kept beside the rows they count and moved in the same transaction, so that no page counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from icp.extensions import db, insert


def add(counter: InstrumentedAttribute[int], step: int, **key: Any) -> None:
    """Add to one counter, in the caller's transaction.

    Args:
        counter: the column that counts; its row is made when it isn't there.
        step: what is added, also below zero.
        key: values of the table's key.
    """
    made = insert(counter.class_).values({**key, counter.key: step})
    changed = {counter.key: counter + step}
    db.session.execute(made.on_conflict_do_update(index_elements=list(key), set_=changed))
