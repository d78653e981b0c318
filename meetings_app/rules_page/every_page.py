"""The blueprint of the rules with all its pages."""

from meetings_app.rules_page import routes_change, routes_history  # noqa: F401
from meetings_app.rules_page.routes import blueprint as blueprint
