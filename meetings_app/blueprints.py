"""Every blueprint, one line a feature."""

from flask import Blueprint

from meetings_app.accounts.routes import blueprint as accounts
from meetings_app.cse_list.routes import blueprint as cse_list

BLUEPRINTS: tuple[Blueprint, ...] = (accounts, cse_list,)
