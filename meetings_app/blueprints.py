"""Every blueprint, one line a feature."""

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
