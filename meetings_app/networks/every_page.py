"""Every page of networks."""

from meetings_app.networks import (
    routes,
    routes_borders,
    routes_charmm,
    routes_extracts,
    routes_links,
    routes_merging,
    routes_passing_on,
    routes_referrals,
    routes_subjects,
)
from meetings_app.networks.blueprint import blueprint

__all__ = [
    "blueprint",
    "routes",
    "routes_borders",
    "routes_charmm",
    "routes_extracts",
    "routes_links",
    "routes_merging",
    "routes_passing_on",
    "routes_referrals",
    "routes_subjects",
]
