"""Commands of the site: ``flask <command>``. Each room brings its own; those that span rooms are here."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import IO

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from icp.extensions import db

ROOMS = ("icp.accounts.cli", "icp.bureau.cli", "icp.bureau.register_cli", "icp.backup", "icp.demo.load")
"""Modules with ``commands``, a list of click commands."""

field = AppGroup("field", help="What the form says of a value.")
ranges = AppGroup("ranges", help="The provider's own address ranges.")


@field.command("check")
@click.argument("type_path")
@click.argument("values", nargs=-1)
@click.option("--with", "beside", multiple=True, metavar="TYPE_PATH=VALUE", help="another answer the rule looks at")
@click.option(
    "--values-from", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON array of values"
)
@click.option("--operation", default="new_filing", show_default=True)
def check(
    type_path: str, values: tuple[str, ...], beside: tuple[str, ...], values_from: Path | None, operation: str
) -> None:
    """What the form would say of each VALUE of the field TYPE_PATH and what it would store, one JSON line each.

    Refused values are no failure of the command. Needs no database.
    """
    from icp import vocabulary
    from icp.filings import operations
    from icp.filings.states import today
    from icp.rules.field_check import describe

    declaration = operations.OPERATIONS.get(operation)
    if declaration is None:
        raise click.BadParameter(f"{operation}: one of {', '.join(operations.OPERATIONS)}", param_hint="--operation")
    if not declaration.has_field(type_path):
        known = "\n  ".join(declaration.fields)
        raise click.BadParameter(
            f"{type_path} is no field of {operation}. Its fields:\n  {known}", param_hint="TYPE_PATH"
        )
    given = list(values) + (_read_values(values_from) if values_from else [])
    answers = dict(_pair(text) for text in beside)
    for line in describe(type_path, given, answers, operation, vocabulary.builtin(), today()):
        click.echo(json.dumps(line, ensure_ascii=False))


def _read_values(path: Path) -> list[str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} is not JSON: {error}", param_hint="--values-from") from None
    if not isinstance(found, list) or not all(isinstance(value, str) for value in found):
        raise click.BadParameter(f"{path} must hold a JSON array of strings", param_hint="--values-from")
    return found


def _pair(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not sign:
        raise click.BadParameter(f"{text!r} is not TYPE_PATH=VALUE", param_hint="--with")
    return path, value


@ranges.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@with_appcontext
def import_ranges(file: IO[str]) -> None:
    """Replace the provider's address ranges by those of a CSV FILE (first,last,server_location,access_method,…)."""
    from icp.register.ranges import import_csv

    count, bad = import_csv(file)
    for line in bad:
        click.echo(f"line {line.line}: {line.problem}", err=True)
    if bad:
        click.echo("nothing imported", err=True)
        sys.exit(1)
    db.session.commit()
    click.echo(f"{count} ranges imported")


def init_app(app: Flask) -> None:
    """Add the site's commands to ``flask``."""
    app.cli.add_command(field)
    app.cli.add_command(ranges)
    for room in ROOMS:
        try:
            module = import_module(room)
        except ModuleNotFoundError as error:
            if error.name != room:
                raise
            continue
        for command in module.commands:
            app.cli.add_command(command)
