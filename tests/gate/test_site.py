"""What the site as a whole owes: a guard on every route, no dead links or templates, migrations that match."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade

from icp.extensions import UtcDateTime, db
from icp.settings import ROOT
from tests.conftest import build
from tests.postgres import Server
from tests.tools import settings_table

TEMPLATES = ROOT / "templates"
CODE = [path for path in ROOT.glob("icp/**/*.py") if "loopback_bureau" not in path.parts]


def test_every_route_says_who_may_enter(app: Flask) -> None:
    views = {name: view for name, view in app.view_functions.items() if not name.endswith("static")}
    assert [name for name, view in views.items() if not getattr(view, "permission", "")] == []


def test_every_link_leads_to_a_page(app: Flask) -> None:
    links = {
        (str(path.relative_to(ROOT)), endpoint)
        for path in [*TEMPLATES.rglob("*.*"), *CODE]
        for endpoint in re.findall(r"""url_for\(\s*['"]([\w.]+)['"]""", path.read_text(encoding="utf-8"))
    }
    assert sorted((path, endpoint) for path, endpoint in links if endpoint not in app.view_functions) == []


def test_every_template_is_used() -> None:
    paths = [path for path in TEMPLATES.rglob("*.*") if path.is_file()]
    said = "\n".join(path.read_text(encoding="utf-8") for path in [*CODE, *paths])
    letters = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("icp/letters/*.py"))

    def used(path: Path) -> bool:
        name = path.relative_to(TEMPLATES).as_posix()
        # Letters are rendered by their names.
        named = name.startswith("mail/") and re.search(rf"\b{re.escape(path.stem)}\b", letters)
        return bool(named) or f"'{name}'" in said or f'"{name}"' in said

    assert [str(path.relative_to(TEMPLATES)) for path in paths if not used(path)] == []


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_migrations_make_what_the_models_say(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    uri = ""
    if kind == "postgres":
        server: Server = request.getfixturevalue("postgres_server")
        uri = server.address(server.create())
    app = build(tmp_path, database_uri=uri)
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": _compare_type})
            assert compare_metadata(context, db.metadata) == []
        db.engine.dispose()


def _compare_type(context: object, inspected: object, column: object, found: object, wanted: object) -> bool | None:
    return False if isinstance(wanted, UtcDateTime) else None


def test_the_readme_lists_the_settings_as_they_are() -> None:
    readme = settings_table.README.read_text(encoding="utf-8")
    assert settings_table.written(readme) == readme, "run `make settings`"


def test_every_file_the_readme_names_exists() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
        assert [link for link in links if not (ROOT / link).exists()] == []
