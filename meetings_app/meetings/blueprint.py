"""The blueprint of everything about meetings; the routes modules add their pages to it."""

from flask import Blueprint

blueprint = Blueprint("meetings", __name__)
"""Every page about meetings: arranging them, their agenda, holding them, their minutes."""
