"""Pages for everybody: what this site is, the entrances, help, privacy, rules."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, session, url_for
from flask_babel import format_date
from flask_login import current_user

from icp import outbox, vocabulary
from icp.accounts import links
from icp.accounts.guards import public
from icp.bureau.archive import KEEP_DAYS
from icp.filings.states import BUREAU_DAYS, PROVIDER_DAYS
from icp.i18n import language
from icp.public import bp, guide


@bp.get("/")
@public
def home() -> Any:
    """What this is and how to begin; who is signed in is led to his work."""
    if current_user.is_authenticated:
        return redirect(url_for("host.filings" if current_user.kind == "host" else "reviewer.queue"))
    words = vocabulary.current()
    return render_template(
        "public/home.html",
        kinds=guide.kinds(words),
        organisation=guide.papers(words, individual=False),
        individual=guide.papers(words, individual=True),
        more=guide.more_papers(words),
        documents=guide.documents(words, language()),
        provider_days=PROVIDER_DAYS,
        bureau_days=BUREAU_DAYS,
    )


@bp.get("/enter/ministry")
@public
def enter_ministry() -> Any:
    """The entrance from the ministry's portal; kept with the filing that is begun next."""
    session["entrance"] = "ministry"
    session.pop("province", None)
    return render_template("public/enter_ministry.html", provider_days=PROVIDER_DAYS, bureau_days=BUREAU_DAYS)


@bp.get("/enter/bureau/<province>")
@public
def enter_bureau(province: str) -> Any:
    """The entrance from a bureau's portal; kept with the filing that is begun next, and its province preselected."""
    words = vocabulary.current()
    if not words.has("provinces", province):
        abort(404)
    session["entrance"], session["province"] = "bureau", province
    rules = words.province_rules(province)
    name = words.label("provinces", province, language())
    return render_template(
        "public/enter_bureau.html",
        name=name,
        rules=rules,
        asks=guide.asks(rules),
        checked_on=format_date(rules.checked_on, "long"),
    )


@bp.get("/help")
@public
def help() -> Any:  # noqa: A001 # what the page is called
    """The telephone, papers, links by mail, what comes after submission, why filings come back."""
    words = vocabulary.current()
    return render_template(
        "public/help.html",
        common=guide.common_reasons(words),
        others=guide.other_reasons(words),
        provider_days=PROVIDER_DAYS,
        bureau_days=BUREAU_DAYS,
    )


@bp.get("/moved")
@public
def moved() -> str:
    """The way of those whose former provider is gone or unwilling: it leads into a new access."""
    return render_template("public/moved.html")


@bp.get("/privacy")
@public
def privacy() -> Any:
    """What is stored, how it is sealed, who sees it, for how long."""
    settings = current_app.extensions["settings"]
    return render_template(
        "public/privacy.html",
        draft_days=settings.draft_days,
        outbox_days=outbox.KEPT_DAYS,
        link_days=links.KEPT_DAYS,
        archive_days=KEEP_DAYS,
    )


@bp.get("/rules")
@public
def rules() -> Any:
    """The rules this site goes by, and where they come from."""
    words = vocabulary.current()
    provinces = words.options("provinces")
    checked_on = min(words.province_rules(province.code).checked_on for province in provinces)
    return render_template(
        "public/rules.html",
        provinces=[(province.code, province.label(language())) for province in provinces],
        checked_on=format_date(checked_on, "long"),
        bureau_days=BUREAU_DAYS,
    )
