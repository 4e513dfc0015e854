"""The loop that empties the outbox, asks the bureau for news and keeps house. ``python -m icp.worker`` runs it.

A piece of work that fails is offered again after a growing pause; one bad row never stops the others.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from flask import Flask, current_app

from icp import bureau, letters, outbox
from icp.extensions import db
from icp.filings import notice
from icp.housekeeping import keep_house

log = logging.getLogger(__name__)

HANDLERS: dict[str, Callable[[outbox.Claim], None]] = {
    "letter.": letters.send,
    "bureau.": bureau.handle,
    "alert.": bureau.tell,
    "filing.notice_over": notice.over,
}
"""Beginning of a kind → what does the work. A handler finishes its claim and commits."""

MOST_ATTEMPTS = 30
HOUSEKEEPING_SECONDS = 600


def work_once(lease_seconds: int) -> bool:
    """Do one piece of work that is due; False when there is none."""
    taken = outbox.claim(tuple(HANDLERS), lease_seconds)
    if taken is None:
        return False
    handler = next(handler for beginning, handler in HANDLERS.items() if taken.kind.startswith(beginning))
    try:
        handler(taken)
    except outbox.Hopeless as error:
        log.error("outbox row %s (%s) given up: %s", taken.id, taken.kind, error)
        outbox.give_up(taken, str(error))
    except Exception as error:  # one bad row must not stop the others
        log.exception("outbox row %s (%s) failed, attempt %s", taken.id, taken.kind, taken.attempts)
        words = f"{type(error).__name__}: {error}"
        if taken.attempts >= MOST_ATTEMPTS:
            outbox.give_up(taken, words)
        else:
            outbox.retry(taken, words, outbox.delay(taken.attempts))
    return True


@dataclass
class Worker:
    """One worker of the site ``app``; ``stop`` ends it after the piece of work in hand."""

    app: Flask
    stopping: threading.Event = field(default_factory=threading.Event)

    def stop(self, *_: object) -> None:
        """End after the piece of work in hand."""
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        settings = self.app.extensions["settings"]
        polled = kept = float("-inf")
        while not self.stopping.is_set():
            with self.app.app_context():
                busy = self._guarded(lambda: work_once(settings.lease_seconds))
                if monotonic() - polled >= settings.bureau_poll_seconds:
                    busy = self._guarded(bureau.poll) or busy
                    polled = monotonic()
                if monotonic() - kept >= HOUSEKEEPING_SECONDS:
                    self._guarded(keep_house)
                    kept = monotonic()
            if not busy:
                self.stopping.wait(settings.worker_pause)

    def _guarded(self, piece: Callable[[], object]) -> bool:
        try:
            return bool(piece())
        except Exception:  # the database may be away for a while; the worker waits for it
            current_app.logger.exception("worker")
            db.session.rollback()
            return False
        finally:
            db.session.remove()


def main() -> None:
    """Run a worker until SIGTERM or SIGINT."""
    from icp import create_app, logs

    logs.configure()
    worker = Worker(create_app())
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()


if __name__ == "__main__":
    main()
