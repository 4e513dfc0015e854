"""Commands about accounts and keys."""

from __future__ import annotations

import base64
import os
import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from icp.accounts.models import ROLES
from icp.accounts.staff import AddressTaken, create_staff
from icp.extensions import db

staff = AppGroup("staff", help="People who work here.")
keys = AppGroup("keys", help="Keys that seal personal data.")


@staff.command("create")
@click.option("--email", required=True, help="where the invitation goes")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", default="", help="shown name; the address's first part when not given")
@click.option("--place", default="", help="where a verifier meets people")
@with_appcontext
def create(email: str, role: str, name: str, place: str) -> None:
    """Make an account for a member of the staff, who sets the password by a mailed link."""
    settings = current_app.extensions["settings"]
    if "@" not in email:
        raise click.BadParameter(f"{email!r} is no e-mail address", param_hint="--email")
    try:
        _account, code = create_staff(settings, email, role, name=name, place=place)
    except AddressTaken:
        db.session.rollback()
        click.echo(f"{email} has an account already: change it on the page of the staff", err=True)
        sys.exit(1)
    db.session.commit()
    click.echo(f"{role} created; a link to set the password is on its way to {email}")
    if not settings.production:
        click.echo(f"{settings.external_url.rstrip('/')}/staff/invitation/{code}")


@keys.command("new")
@click.option(
    "--id", "key_id", type=click.IntRange(1, 255), default=1, show_default=True, help="not used by another key"
)
def new(key_id: int) -> None:
    """Print a new seal key for ICP_SEAL_KEYS; put it before the older ones, which stay as long as their data."""
    click.echo(f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}")


commands: list[click.Command] = [staff, keys]
