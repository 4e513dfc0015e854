"""The reader's language: Chinese is the source, English complete."""

from __future__ import annotations

from flask import Flask, g, has_request_context, request, session
from flask_babel import get_locale, gettext
from flask_login import current_user

from icp.extensions import babel
from icp.vocabulary.text import Message

LANGUAGES = {"zh_Hans_CN": "中文", "en": "English"}


def choose_language() -> str:
    """The reader's choice (session, then account), else what the browser asks for, else the site's default."""
    from flask import current_app

    default: str = current_app.extensions["settings"].default_language
    if not has_request_context():
        return str(g.get("language", default))
    chosen = session.get("language") or getattr(current_user, "language", None)
    if chosen in LANGUAGES:
        return str(chosen)
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "en"], default="")
    return "en" if best == "en" else ("zh_Hans_CN" if best else default)


def language() -> str:
    """The language in force, `zh_Hans_CN` or `en`."""
    return "en" if str(get_locale() or "").startswith("en") else "zh_Hans_CN"


def tr(text: str | None) -> str:
    """Say a ``Message`` (or a text marked with ``N_``) in the reader's language; other text passes unchanged."""
    if not text:
        return ""
    if isinstance(text, Message):
        template: str = gettext(text.template)
        values = {name: tr(v) if isinstance(v, Message) else v for name, v in text.values.items()}
        return template.format(**values) if values else template
    plain: str = gettext(text)
    return plain


def init_app(app: Flask) -> None:
    """Bind the chosen language to requests and give templates ``|tr`` and ``language``."""
    babel.init_app(app, locale_selector=choose_language, default_timezone="Asia/Shanghai")
    app.jinja_env.filters["tr"] = tr
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["languages"] = LANGUAGES
