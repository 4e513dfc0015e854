"""备案台 (Beian Desk): the ICP filing site of an access provider."""

from __future__ import annotations

import os
from functools import cached_property
from importlib import import_module
from typing import Any

from flask import Flask

ROOMS_WITH_TABLES = (
    "vocabulary",
    "outbox",
    "audit",
    "accounts",
    "documents",
    "register",
    "tasks",
    "filings",
    "verification",
    "bureau",
)


class Site(Flask):
    """The application. Its keys are made on first use, so that commands without data leave no files behind."""

    @cached_property
    def secret_key(self) -> str:  # type: ignore[override]
        """What signs sessions: the setting, or a key file in the instance folder."""
        from icp.sealing import read_or_make

        settings = self.extensions["settings"]
        path = settings.instance / "keys" / "secret.key"
        return settings.secret_key or read_or_make(path, lambda: os.urandom(32).hex())


def create_app(**overrides: Any) -> Flask:
    """Build the site from its settings: extensions, blueprints, error pages.

    Args:
        overrides: settings that win over ``ICP_*`` variables, by field name of ``icp.settings.Settings``.

    Raises:
        icp.settings.SettingsError: a setting can't be used; the text names it and the remedy.
    """
    from icp import extensions, i18n, web
    from icp.settings import ROOT, Settings

    settings = Settings.from_environment(**overrides)
    # templates/ and static/ lie beside the package, so the site is deployed from a checkout.
    app = Site(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance.resolve()),
    )
    app.extensions["settings"] = settings
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # bound values are personal data; logs are not for them
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.production,
        MAX_CONTENT_LENGTH=(settings.upload_limit_mb + 1) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "icp" / "translations"),
    )
    for room in ROOMS_WITH_TABLES:
        import_module(f"icp.{room}.models")
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    extensions.csrf.init_app(app)
    with app.app_context():
        extensions.tune_sqlite(extensions.db.engine)
    i18n.init_app(app)
    web.init_app(app)
    return app
