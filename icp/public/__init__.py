"""Pages for everybody, and what monitors ask."""

from flask import Blueprint

bp = Blueprint("public", __name__)

from icp.public import health, pages, theme  # noqa: E402, F401 # routes are registered by being imported
