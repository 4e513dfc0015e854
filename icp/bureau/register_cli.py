"""Commands about the register: ``flask register …``."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import IO

import click
from flask.cli import AppGroup, with_appcontext

from icp import vocabulary
from icp.bureau import register_export
from icp.bureau.register_files import FileRefused
from icp.bureau.register_import import Finding, Policy, Report, import_file

register = AppGroup("register", help="What is on record.")
commands = [register]


@register.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only look: tell what would not match, and keep nothing.")
@click.option(
    "--on-difference",
    "policy",
    type=click.Choice([policy.value for policy in Policy]),
    help="When values differ from the register. Default: the bureau's files replace, a CSV keeps.",
)
@click.option(
    "--older-too", is_flag=True, help="Replace also what was changed later, by the register, than in the file."
)
@click.option("--report", "target", type=click.File("a", encoding="utf-8"), help="Append what does not match as CSV.")
@with_appcontext
def import_files(
    files: tuple[Path, ...], check: bool, policy: str | None, older_too: bool, target: IO[str] | None
) -> None:
    """Take FILES into the register: the bureau's downloads (BASJ, SJTB) or a CSV (see docs/register-import.md).

    An import that was cut short goes on where it stopped when it is run again. Fails when something did not match.
    """
    clean = True
    for path in files:
        try:
            report = import_file(
                path.read_bytes(),
                path.name,
                vocabulary.current(),
                policy=Policy(policy) if policy else None,
                older_too=older_too,
                dry=check,
                progress=_tell_progress,
            )
        except FileRefused as refused:
            click.echo(f"{path}: {refused.problem}", err=True)
            clean = False
            continue
        clean &= not report.findings
        _tell(path, report, check, target)
    if not clean:
        sys.exit(1)


def _tell_progress(report: Report) -> None:
    click.echo(f"{report.done} of {report.total}", err=True)


def _tell(path: Path, report: Report, check: bool, target: IO[str] | None) -> None:
    for finding in report.findings:
        at = finding.number or finding.column
        said = f"{finding.text}。{finding.remedy}" if finding.remedy else finding.text
        click.echo(f"{path}:{finding.line}: {at} {finding.kind}: {said}")
    if target is not None:
        csv.writer(target).writerows(_row(path, finding) for finding in report.findings)
    if report.earlier:
        click.echo(f"{path}: imported already, nothing done")
        return
    if report.skipped:
        click.echo(f"{path}: went on after {report.skipped} records")
    taken = "would be recorded or changed" if check else "recorded or changed"
    click.echo(f"{path}: {report.total} subjects, {report.recorded} {taken}, {len(report.findings)} to look at")


def _row(path: Path, finding: Finding) -> tuple[str, int, str, str, str, str, str]:
    told = finding.number, finding.kind, str(finding.text), finding.column, str(finding.remedy)
    return path.name, finding.line, *told


@register.command("export")
@click.argument("target", type=click.File("w", encoding="utf-8-sig"))
@with_appcontext
def export(target: IO[str]) -> None:
    """Write what is on record and has access here to the CSV file TARGET, in the columns that import takes.

    It holds personal data in clear.
    """
    click.echo(f"{register_export.write(target)} lines", err=True)
