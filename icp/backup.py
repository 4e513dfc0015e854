"""``flask backup`` and ``flask restore``: rows and papers in one file, the keys that open them in another.

Rows are written as JSON lines, table by table, so that a backup of SQLite can be restored into PostgreSQL and the other
way round. Sealed values and papers stay sealed; a stolen backup without its keys tells nothing but what queues show.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
from alembic.runtime.migration import MigrationContext
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import Connection, Table, func, insert, select, text

from icp.documents.storage import Missing, papers_storage
from icp.extensions import db, now
from icp.sealing import SealError, keyring, load_keyring, read_or_make

FORMAT = 1
AT_A_TIME = 500
PROBE = "backup"


class BackupError(click.ClickException):
    """A backup can't be made or restored; the text says why and what to do."""


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(dir_okay=False, path_type=Path), help="where the keys go [FILE.keys]")
@with_appcontext
def backup(file: Path, keys: Path | None) -> None:
    """Write rows and papers to FILE and the keys to FILE.keys. Keep the two in different places."""
    keys = keys or file.with_name(file.name + ".keys")
    fresh = file.with_name(file.name + ".part")
    with tarfile.open(fresh, "w:gz", compresslevel=6) as archive:
        rows = _pack_rows(archive)
        papers = _pack_papers(archive)
    fresh.chmod(0o600)
    os.replace(fresh, file)
    _write_keys(keys)
    click.echo(f"{sum(rows.values())} rows and {papers} objects in {file}; keys in {keys}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="keys written by backup")
@with_appcontext
def restore(file: Path, keys: Path | None) -> None:
    """Restore FILE into an empty site. Without --keys the keys of this site must open it."""
    if keys is not None:
        _read_keys(keys)
    with tarfile.open(file, "r:gz") as archive:
        manifest = json.loads(_read(archive, "manifest.json"))
        _check(manifest)
        upgrade(revision=manifest["revision"] or "head")
        with tempfile.TemporaryDirectory() as folder:
            papers = 0
            for member in archive:
                kind, _, name = member.name.partition("/")
                if kind == "papers":
                    papers_storage().inner.put(name, _content(archive, member).read())
                    papers += 1
                elif kind == "rows":
                    with (Path(folder) / name).open("wb") as out:
                        out.writelines(_content(archive, member))
            _insert_rows(Path(folder), manifest["rows"])
    upgrade()
    click.echo(f"{sum(manifest['rows'].values())} rows and {papers} objects restored")


commands = [backup, restore]


def _pack_rows(archive: tarfile.TarFile) -> dict[str, int]:
    """Every table as it is at one moment; then the manifest, by which a restore knows that nothing is missing."""
    counts: dict[str, int] = {}
    with db.engine.connect() as connection, tempfile.TemporaryDirectory() as folder:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        revision = MigrationContext.configure(connection).get_current_revision()
        for table in db.metadata.sorted_tables:
            path = Path(folder) / table.name
            with path.open("w", encoding="utf-8") as out:
                counts[table.name] = 0
                for row in connection.execution_options(yield_per=AT_A_TIME).execute(select(table)).mappings():
                    out.write(json.dumps({name: _plain(value) for name, value in row.items()}) + "\n")
                    counts[table.name] += 1
            archive.add(path, f"rows/{table.name}")
    probe = base64.b64encode(keyring().seal(PROBE.encode(), PROBE)).decode()
    about = {"format": FORMAT, "at": now().isoformat(), "revision": revision, "rows": counts, "probe": probe}
    _add(archive, "manifest.json", json.dumps(about).encode())
    return counts


def _pack_papers(archive: tarfile.TarFile) -> int:
    """Papers come after rows: a paper is stored before its row is committed, so every row finds its paper here."""
    storage = papers_storage().inner
    count = 0
    for key in storage.aged(now() + dt.timedelta(days=1)):
        try:
            _add(archive, f"papers/{key}", storage.get(key))
        except Missing:  # deleted this very moment
            continue
        count += 1
    return count


def _insert_rows(folder: Path, counts: dict[str, int]) -> None:
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection = connection.execution_options(write=True)
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in db.metadata.sorted_tables:
            if connection.scalar(select(func.count()).select_from(table)):
                raise BackupError(f"table {table.name} is not empty: restore into a new database")
            path = folder / table.name
            found = 0
            for rows in _batches(path) if path.exists() else ():
                connection.execute(insert(table), rows)
                found += len(rows)
            if found != counts.get(table.name, 0):
                raise BackupError(f"table {table.name}: {found} of {counts[table.name]} rows; the file is damaged")
            if not sqlite and found:
                _advance_sequence(connection, table)
        connection.commit()


def _advance_sequence(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from where the restored ones end."""
    column = table.autoincrement_column
    if column is not None and column.identity is None:
        name = connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name})
        if name:
            last = connection.scalar(select(func.max(column)))
            connection.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})


def _batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            rows.append({name: _value(plain) for name, plain in json.loads(line).items()})
            if len(rows) == AT_A_TIME:
                yield rows
                rows = []
    if rows:
        yield rows


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return {"json": value} if isinstance(value, (dict, list)) else value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    ((kind, value),) = plain.items()
    match kind:
        case "bytes":
            return base64.b64decode(value)
        case "moment":
            return dt.datetime.fromisoformat(value)
        case "day":
            return dt.date.fromisoformat(value)
        case _:
            return value


def _check(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise BackupError(f"format {manifest['format']} is not known here: restore with the version that wrote it")
    try:
        keyring().unseal(base64.b64decode(manifest["probe"]), PROBE)
    except SealError:
        raise BackupError("the keys of this site don't open this backup: give its keys with --keys") from None


def _write_keys(path: Path) -> None:
    settings = current_app.extensions["settings"]
    seal = settings.seal_keys or (settings.instance / "keys" / "seal.key").read_text().strip()
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"seal_keys": seal, "secret_key": current_app.secret_key}, indent=1))


def _read_keys(path: Path) -> None:
    """Put the keys into the instance folder, unless settings hold them; never over other keys."""
    settings = current_app.extensions["settings"]
    given = json.loads(path.read_text())
    for name, setting in (("seal", "seal_keys"), ("secret", "secret_key")):
        present = getattr(settings, setting)
        if not present:
            present = read_or_make(settings.instance / "keys" / f"{name}.key", lambda value=given[setting]: value)
        if present != given[setting]:
            raise BackupError(f"this site has another ICP_{setting.upper()}: restore into a new instance folder")
    current_app.extensions["keyring"] = load_keyring(settings.seal_keys, settings.instance)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(data), int(now().timestamp()), 0o600
    archive.addfile(member, io.BytesIO(data))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    if stream is None:
        raise BackupError(f"{member.name} is no file; the backup is damaged")
    return stream


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        return _content(archive, archive.getmember(name)).read()
    except KeyError:
        raise BackupError(f"no {name}: this is no backup, or it is damaged") from None
