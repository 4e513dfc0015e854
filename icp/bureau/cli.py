"""Commands about the link to the bureau: ``flask bureau …``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from icp import outbox
from icp.bureau import account as accounts
from icp.bureau import account_edit, inbox
from icp.bureau.models import OPEN_STATES, BureauAccount, BureauAlert, Download, Upload
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
    accounts.settled(row for row in accounts.open_alerts() if row.account_id == account_id)
    db.session.commit()
    click.echo(f"account {account_id} goes on")


@bureau.group("account")
def account_group() -> None:
    """Accounts at the bureaus."""


@account_group.command("list")
@with_appcontext
def list_accounts() -> None:
    """Every account; secrets are not shown."""
    for row in account_edit.every():
        state = "active" if row.active else "not in use"
        click.echo(
            f"{row.id} {row.name} {row.base_url} isp {row.isp_id} user {row.user} province {row.province}"
            f" serves {row.serves or 'all others'}; {'AES' if row.encrypt else 'plain'}; {state}"
            + (f"; PAUSED: {row.paused_reason}" if row.paused_reason else "")
        )


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for name, text in reversed(OPTIONS.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, help=text)(command)
    for name in reversed(account_edit.SECRETS):
        command = click.option(f"--ask-{name}", is_flag=True, help=f"ask for the {name}")(command)
    return command


OPTIONS = {
    "name": "what the desk calls it",
    "base_url": "address of the bureau's services",
    "isp_id": "the provider's id there",
    "user": "user name",
    "province": "six digits, where the bureau is",
    "serves": "provinces whose filings go through it, separated by spaces; empty: all others",
    "timeout": "seconds to wait for an answer",
    "encrypt": "1 AES for uploads, 0 plain",
    "active": "1 in use, 0 not",
    "stacked_identity": "1 both sides of an ID as one picture, 0 as two",
}


@account_group.command("add")
@_options
@with_appcontext
def add_account(**given: Any) -> None:
    """Another account; ask for its secrets with --ask-password, --ask-key, --ask-iv."""
    _save(None, {"timeout": "60", "active": "1", **_typed(given)})


@account_group.command("change")
@click.argument("account_id", type=int)
@_options
@with_appcontext
def change_account(account_id: int, **given: Any) -> None:
    """Change an account; what isn't named stays."""
    begin_write()
    account = db.session.get(BureauAccount, account_id)
    if account is None:
        raise click.BadParameter(f"no account {account_id}", param_hint="ACCOUNT_ID")
    flags = {name: "1" for name in account_edit.FLAGS if getattr(account, name)}
    stands = {name: str(getattr(account, name)) for name in (*account_edit.PLAIN, "isp_id", "timeout")}
    _save(account_id, {**stands, **flags, **_typed(given)})


def _typed(given: dict[str, Any]) -> dict[str, str]:
    typed = {name: str(given[name]) for name in OPTIONS if given[name] is not None}
    for name in account_edit.FLAGS:
        if typed.get(name) == "0":
            typed[name] = ""
    for name in account_edit.SECRETS:
        if given[f"ask_{name}"]:
            typed[name] = click.prompt(name, hide_input=True)
    return typed


def _save(account_id: int | None, typed: dict[str, str]) -> None:
    begin_write()
    try:
        saved = account_edit.save(account_id, typed)
    except account_edit.Unusable as error:
        db.session.rollback()
        raise click.ClickException(f"missing or not usable: {error}") from None
    db.session.commit()
    click.echo(f"account {saved.id} saved")


@bureau.command("settle")
@click.argument("alert_id", type=int)
@with_appcontext
def settle(alert_id: int) -> None:
    """Note that a person has dealt with an alert."""
    begin_write()
    row = db.session.get(BureauAlert, alert_id)
    if row is None:
        raise click.BadParameter(f"no alert {alert_id}", param_hint="ALERT_ID")
    accounts.settled([row])
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
