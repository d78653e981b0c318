"""The blueprint of accounts with every page of it: those that hand over stand above what is handed over."""

from meetings_app.accounts.routes import blueprint as blueprint
from meetings_app.handing_over import routes as routes
