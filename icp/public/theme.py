"""The provider's hue as a tiny style sheet: a style attribute would need a laxer policy."""

from __future__ import annotations

from flask import Response, current_app

from icp.accounts.guards import public
from icp.public import bp

A_DAY = 86_400


@bp.get("/theme.css")
@public
def theme() -> Response:
    """The one property a provider sets; its address carries the hue, so caches never hold an old one."""
    hue = current_app.extensions["settings"].brand_hue
    response = Response(f":root {{ --brand-hue: {hue}; }}\n", mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = A_DAY
    return response
