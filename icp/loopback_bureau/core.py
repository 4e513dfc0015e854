"""One loopback bureau: its settings, its database, and the work that goes on behind the calls."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from icp.loopback_bureau import concerning, decide, enrol, mailbox, processing, store, troubles
from icp.loopback_bureau.config import Config
from icp.loopback_bureau.decide import Decision
from icp.loopback_bureau.enrol import Enrolled
from icp.loopback_bureau.registry import Owner
from icp.loopback_bureau.store import Connection, Row, Store, insert, now

log = logging.getLogger("icp.loopback_bureau")
PAUSE = 0.5
SHIFT = re.compile(r"([+-][0-9]+)([dhm])")
UNITS = {"d": 86400, "h": 3600, "m": 60}
SETTINGS = frozenset({"permitted", "hours", "businesses", "ip_ranges", "encrypt", "province"})
IDENTITY = frozenset({"name", "user_name", "password", "aes_key", "aes_iv"})
P = ParamSpec("P")


class Bureau:
    """The bureau behind the pages and services; tests and commands use it as well."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.database)
        self.store.prepare(config)
        self.stopping = threading.Event()
        self.wake = threading.Event()
        self._settling = threading.Lock()

    def settle(self) -> None:
        """Do all work that is due: check files, take decisions by policy, send mail."""
        with self._settling:
            while processing.process_next(self.store, self.config):
                pass
            while decide.due(self.store, self.config):
                pass
            while mailbox.deliver_next(self.store, self.config):
                pass

    def work(self) -> None:
        """The background thread: settle whenever woken or twice a second, until told to stop."""
        while not self.stopping.is_set():
            try:
                self.settle()
            except Exception:
                log.exception("the bureau's own work failed; it is tried again")
            self.wake.wait(PAUSE)
            self.wake.clear()

    def stop(self) -> None:
        """End the background thread and every slow answer."""
        self.stopping.set()
        self.wake.set()

    # ---- for officers, commands and tests

    def requests(self, state: str = "") -> list[Row]:
        """Requests in a state (``pending``, ``approved``, ``rejected``, ``failed``; ``""`` all), oldest first."""
        return self._requests("? IN ('', r.state) ORDER BY r.id", state)

    def request(self, request_id: int) -> Row | None:
        """A request by its id."""
        found = self._requests("r.id = ?", request_id)
        return found[0] if found else None

    def decided(self, last: int) -> list[Row]:
        """The requests decided last, newest first."""
        return self._requests("r.state <> 'pending' ORDER BY r.id DESC LIMIT ?", last)

    def _requests(self, condition: str, value: str | int) -> list[Row]:
        sql = f"SELECT r.*, a.name AS provider FROM request r JOIN account a ON a.isp_id = r.isp_id WHERE {condition}"  # noqa: S608 - our own words
        with self.store.read() as connection:
            return list(connection.execute(sql, (value,)))

    def find(self, number: str) -> Row:
        """A request by its number (收文号).

        Raises:
            Undecidable: there is none.
        """
        found = self._requests("r.number = ?", number.strip())
        if not found:
            raise decide.Undecidable(f"没有收文 {number}。")
        return found[0]

    def decide(self, number: str, decision: Decision) -> str:
        """Decide a request by its number; see ``icp.loopback_bureau.decide.take``."""
        filing_number = decide.take(self.store, self.config, self.find(number)["id"], decision)
        self.wake.set()
        return filing_number

    def approve(self, number: str, opinion: str = "", filing_number: str = "") -> str:
        """Approve a request; gives its filing number."""
        return self.decide(number, Decision(decide.APPROVE, opinion, number=filing_number))

    def reject(self, number: str, opinion: str) -> None:
        """Reject a request with an opinion."""
        self.decide(number, Decision(decide.REJECT, opinion))

    def fail(self, number: str, code: int, text: str = "") -> None:
        """Answer a request by a processing error, without a review."""
        self.decide(number, Decision(decide.FAIL, text, code=code))

    def trouble(self, name: str, times: int = troubles.ALWAYS) -> None:
        """Switch a trouble on (for some times, or until switched off), or off with 0.

        Raises:
            UnknownTrouble: no such switch.
        """
        with self.store.write() as connection:
            troubles.switch(connection, name, times)

    def issue(
        self, verb: Callable[Concatenate[Connection, P], list[str]], *args: P.args, **named: P.kwargs
    ) -> list[str]:
        """Say something unasked, by a verb of ``issuing``, ``listing`` or ``cancelling``, in one transaction.

        Returns:
            The names of the files queued.

        Raises:
            Unissuable: it can't be said.
        """
        with self.store.write() as connection:
            return verb(connection, *args, **named)

    def blacklist(self, kind: str, value: str, listed: bool = True) -> None:
        """Put a ``domain`` or a ``sponsor`` (certificate number) on the black list, or take it off."""
        with self.store.write() as connection:
            connection.execute("DELETE FROM blacklist WHERE kind = ? AND value = ?", (kind, value))
            if listed:
                connection.execute("INSERT INTO blacklist (kind, value) VALUES (?, ?)", (kind, value))

    def set_account(self, isp_id: int, **values: str | int) -> None:
        """Change an account: ``permitted``, ``hours``, ``businesses``, ``ip_ranges``, ``encrypt``, ``province``.

        Raises:
            ValueError: another field, or no such account.
        """
        if not set(values) <= SETTINGS:
            raise ValueError(f"an account has {', '.join(sorted(SETTINGS))}")
        with self.store.write() as connection:
            for name, value in values.items():
                sql = f"UPDATE account SET {name} = ? WHERE isp_id = ?"  # noqa: S608 - names are those above
                if not connection.execute(sql, (value, isp_id)).rowcount:
                    raise ValueError(f"no account {isp_id}")

    def now(self) -> float:
        """The bureau's present, in seconds since 1970."""
        with self.store.read():
            return store.now()

    def set_clock(self, to: str) -> None:
        """Set the bureau's clock: ``now``, moved by ``+20d``, ``-3h``, ``+15m``, or a time ``2026-12-01 09:00``.

        Raises:
            ValueError: none of these; ``""`` leaves the clock as it is.
        """
        if to == "now":
            self.store.set_clock(0.0)
        elif shift := SHIFT.fullmatch(to):
            seconds = float(shift[1]) * UNITS[shift[2]]
            self.store.set_clock(self.now() + seconds - time.time())
        elif to:
            try:
                moment = dt.datetime.fromisoformat(to).replace(tzinfo=store.CHINA)
            except ValueError:
                raise ValueError(f"{to!r} is neither now, +20d, -3h, +15m nor a time like 2026-12-01 09:00") from None
            self.store.set_clock(moment.timestamp() - time.time())

    def add_account(self, isp_id: int, **values: str | int) -> None:
        """Enter one more provider: fields as ``set_account``, and those of ``IDENTITY``.

        What is left out is as the first account's.

        Raises:
            ValueError: another field, or the account is there already.
        """
        if not set(values) <= SETTINGS | IDENTITY:
            raise ValueError(f"an account has {', '.join(sorted(SETTINGS | IDENTITY))}")
        given = {name: getattr(self.config, name) for name in ("password", "aes_key", "aes_iv", "province", "encrypt")}
        given |= {"name": f"接入服务提供者 {isp_id}", "user_name": f"provider-{isp_id}"} | values
        with self.store.write() as connection:
            if connection.execute("SELECT 1 FROM account WHERE isp_id = ?", (isp_id,)).fetchone() is not None:
                raise ValueError(f"account {isp_id} is there already")
            insert(connection, "account", isp_id=isp_id, **given)

    def retire_account(self, isp_id: int, retired: bool = True) -> None:
        """Serve a provider no longer, as a reporting unit that was deleted; or serve it again."""
        with self.store.write() as connection:
            connection.execute("DELETE FROM retired WHERE isp_id = ?", (isp_id,))
            if retired:
                insert(connection, "retired", isp_id=isp_id, at=now())

    def accounts(self) -> list[Row]:
        """All providers, with ``retired``: 1 for one that is no longer served."""
        with self.store.read() as connection:
            return concerning.providers(connection)

    def register(self, record: Any, isp_id: int = enrol.ELSEWHERE, number: str = "", password: str = "") -> Enrolled:
        """Put a filing on record that was never reported here; see ``icp.loopback_bureau.enrol.enter``."""
        with self.store.write() as connection:
            return enrol.enter(connection, record, Owner(isp_id, now()), number, password)

    def reset(self) -> None:
        """Forget everything but the settings."""
        with self._settling:
            self.store.reset(self.config)
