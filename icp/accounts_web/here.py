"""Signing in in place, when the session ended while somebody was typing.

Protocol, for pages that save by htmx:

1. The page has an empty ``<div id="sign-in-here"></div>``; ``base.html`` brings ``static/js/sign-in-here.js``.
2. A request without a session is answered by the guard with status 401, ``HX-Retarget: #sign-in-here``,
   ``HX-Reswap: innerHTML`` and ``HX-Reselect: #here``: the sign-in form appears there, what was typed stays where it
   is, and the field's own message is left alone. The form brings a CSRF token of its own.
3. The form posts to ``/sign-in/here`` and is answered into the same place: 422 with the form and what is wrong, a form
   for the second factor where the account has one, or 200 with 「已重新登录，继续填写」.
4. The success carries ``HX-Trigger: {"signed-in": {"csrf": "<token>"}}``. The script gives the new token to every
   ``input[name=csrf_token]``, to ``meta[name=csrf-token]`` and to ``hx-headers`` of the body. A page that wants to send
   the failed field again listens to the event ``signed-in``.

A page that is older than the session, because somebody signed in again in another tab, is answered like 4 with status
401 (see ``icp.accounts_web.stale``).

Without JavaScript the guard hands the whole form to ``/sign-in`` (see ``icp.accounts.guards``).
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, render_template, request
from flask_wtf.csrf import generate_csrf

from icp.accounts.guards import public
from icp.accounts.models import Account
from icp.accounts.sessions import open_session
from icp.accounts_web import bp
from icp.accounts_web.forms import CodeForm, SignInForm
from icp.accounts_web.signing import await_factor, awaited, try_code, try_password
from icp.extensions import begin_write, db
from icp.vocabulary.text import N_


@bp.get("/sign-in/here")
@public
def sign_in_here() -> Any:
    """The form in place."""
    return render_template("accounts_web/here.html", login="", error=None)


@bp.post("/sign-in/here")
@public
def sign_in_here_post() -> Any:
    """Sign in in place."""
    if "code" in request.form:
        return _code()
    form = SignInForm()
    account, problem = try_password(form)
    if account is None:
        problem = problem or next(error for errors in form.errors.values() for error in errors)
        return render_template("accounts_web/here.html", login=form.login.data or "", error=problem), 422
    if account.factor:
        await_factor(account)
        return render_template("accounts_web/here_code.html", error=None)
    return _done(account, "password")


def _code() -> Any:
    owing = awaited()
    if owing is None:
        error = N_("等得太久了，请重新写密码。")
        return render_template("accounts_web/here.html", login="", error=error), 422
    form = CodeForm()
    account, problem = try_code(form, owing)
    if account is None:
        problem = problem or next(error for errors in form.errors.values() for error in errors)
        return render_template("accounts_web/here_code.html", error=problem), 422
    return _done(account, "factor")


def _done(account: Account, how: str) -> Any:
    begin_write()
    open_session(account, how)
    db.session.commit()
    return with_token(make_response(render_template("accounts_web/here_done.html")))


def with_token(response: Response) -> Response:
    """Tell the page the session's CSRF token."""
    response.headers["HX-Trigger"] = json.dumps({"signed-in": {"csrf": generate_csrf()}})
    return response
