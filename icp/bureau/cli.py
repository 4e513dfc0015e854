"""Commands about the link to the bureau: ``flask bureau …``."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from icp import outbox
from icp.bureau import account as accounts
from icp.bureau import inbox
from icp.bureau.models import OPEN_STATES, BureauAlert, Download, Upload
from icp.extensions import begin_write, db, now
from icp.filings.drafts import lock
from icp.filings.models import Filing
from icp.filings.states import State

bureau = AppGroup("bureau", help="The link to the provincial bureau.")
commands = [bureau]


@bureau.command("poll")
@with_appcontext
def poll() -> None:
    """Fetch and apply what waits at the bureau."""
    click.echo("news" if inbox.poll_all() else "nothing new")


@bureau.command("status")
@with_appcontext
def status() -> None:
    """Accounts with their next number, files under way, and what needs a person; fails when something does."""
    for account in accounts.active_accounts():
        open_ = db.session.scalar(
            select(func.count()).where(Upload.account_id == account.id, Upload.state.in_(OPEN_STATES))
        )
        waiting = db.session.scalar(
            select(func.count()).where(Download.account_id == account.id, Download.applied_at.is_(None))
        )
        polled = account.last_poll.isoformat(timespec="seconds") if account.last_poll else "never"
        click.echo(
            f"{account.id} {account.name} {account.base_url} isp {account.isp_id}"
            f" next number {account.next_sequence or 'not known'}; uploads open {open_}, downloads to apply {waiting};"
            f" polled {polled}" + (f"; PAUSED: {account.paused_reason}" if account.paused_reason else "")
        )
    alerts = accounts.open_alerts()
    for row in alerts:
        click.echo(f"alert {row.id} {row.kind} {row.about} ({row.times} times, last {row.last_at:%F %T}): {row.detail}")
    if alerts:
        sys.exit(1)


@bureau.command("resume")
@click.argument("account_id", type=int)
@with_appcontext
def resume(account_id: int) -> None:
    """Send and poll again through a paused account, and settle its alerts."""
    begin_write()
    account = next((a for a in accounts.active_accounts() if a.id == account_id), None)
    if account is None:
        raise click.BadParameter(f"no active account {account_id}", param_hint="ACCOUNT_ID")
    accounts.resume(account)
    for row in accounts.open_alerts():
        if row.account_id == account_id:
            row.settled_at = now()
    db.session.commit()
    click.echo(f"account {account_id} goes on")


@bureau.command("settle")
@click.argument("alert_id", type=int)
@with_appcontext
def settle(alert_id: int) -> None:
    """Note that a person has dealt with an alert."""
    begin_write()
    row = db.session.get(BureauAlert, alert_id)
    if row is None:
        raise click.BadParameter(f"no alert {alert_id}", param_hint="ALERT_ID")
    row.settled_at = now()
    db.session.commit()
    click.echo(f"alert {alert_id} settled")


@bureau.command("resend")
@click.argument("number")
@with_appcontext
def resend(number: str) -> None:
    """Offer the report of filing NUMBER to the worker again, at once; what was taken already is not sent twice."""
    found = db.session.scalar(select(Filing.id).where(Filing.number == number))
    if found is None:
        raise click.BadParameter(f"no filing {number}", param_hint="NUMBER")
    filing = lock(found)
    if filing.state not in (State.READY, State.REPORTING):
        raise click.BadParameter(f"the filing is {filing.state}, not ready or being reported", param_hint="NUMBER")
    key = f"bureau.report.resend.{filing.id}.{now():%Y%m%d%H%M%S%f}"
    outbox.put("bureau.report", key, filing_id=filing.id, revision=filing.revision_no)
    db.session.commit()
    click.echo(f"the worker reports {number} again")
