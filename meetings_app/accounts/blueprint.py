"""The blueprint of everything about accounts; the routes modules add their pages to it."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
