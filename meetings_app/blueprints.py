"""Every blueprint, one line a feature."""

from flask import Blueprint

from meetings_app.cse_list.routes import blueprint as cse_list

BLUEPRINTS: tuple[Blueprint, ...] = (cse_list,)
