"""The reader's language: Chinese is the source, English complete."""

from __future__ import annotations

import datetime as dt

from flask import Flask, g, has_request_context, request, session
from flask_babel import format_date, format_datetime, get_locale, gettext, ngettext
from flask_login import current_user

from icp.extensions import babel
from icp.vocabulary.text import Message, Term

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
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
    if not has_request_context():
        return "en" if str(get_locale() or "").startswith("en") else "zh_Hans_CN"
    known: str | None = getattr(request, "_language", None)
    if known is None:
        known = "en" if choose_language().startswith("en") else "zh_Hans_CN"
        request._language = known  # type: ignore[attr-defined] # asked for each text of a page
    return known


def tr(text: str | None) -> str:
    """Say a ``Message``, a ``Term`` or a text marked with ``N_`` in the reader's language; other text passes
    unchanged."""
    if not text:
        return ""
    if isinstance(text, Term):
        return text.english if language() == "en" else text
    if isinstance(text, Message):
        template = _said(text.template)
        values = {name: tr(v) if isinstance(v, Message | Term) else v for name, v in text.values.items()}
        return template.format(**values) if values else template
    return _said(text)


def say(text: str, **values: object) -> str:
    """Say a marked text with its ``{names}`` filled in, in the reader's language."""
    return tr(Message(text, **values))


def _said(text: str) -> str:
    """A text in the reader's language; Chinese needs no look-up, and what the catalog has is looked up once."""
    if language() != "en":
        return text
    known = _ENGLISH.get(text)
    if known is None:
        known = str(gettext(text))
        if known != text:  # people's own words aren't in the catalog and aren't kept
            _ENGLISH[text] = known
    return known


_ENGLISH: dict[str, str] = {}


def day(value: dt.date | dt.datetime | None) -> str:
    """A day as people write it: `11 月 24 日（周二）`, `Tue 24 November`; with its year when it isn't this one."""
    if value is None:
        return ""
    this_year = value.year == dt.datetime.now(CHINA).year
    local = value.astimezone(CHINA).date() if isinstance(value, dt.datetime) else value
    if language() == "en":
        return str(format_date(local, "EEE d MMMM" if this_year else "EEE d MMMM y"))
    return str(format_date(local, "M 月 d 日（EEE）" if this_year else "y 年 M 月 d 日"))


def moment(value: dt.datetime | None) -> str:
    """A moment as people write it, in China's time: `11 月 24 日 14:26`."""
    if value is None:
        return ""
    return str(format_datetime(value, "d MMM HH:mm" if language() == "en" else "M 月 d 日 HH:mm"))


def init_app(app: Flask) -> None:
    """Bind the chosen language to requests and give templates ``|tr`` and ``language``."""
    babel.init_app(app, locale_selector=choose_language, default_timezone="Asia/Shanghai")
    # Newstyle: values come afterwards, so that only texts of the sources are looked up.
    app.jinja_env.install_gettext_callables(_said, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(tr=tr, day=day, moment=moment, say=say)
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["languages"] = LANGUAGES
