"""Every page about accounts: signing in, one's own account, what one has not sent yet, and administration."""

from meetings_app.accounts import routes_administration, routes_not_sent, routes_own, routes_sign_in
from meetings_app.accounts.blueprint import blueprint

__all__ = ["blueprint", "routes_administration", "routes_not_sent", "routes_own", "routes_sign_in"]
