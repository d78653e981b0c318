"""The front-end files a page needs, and a check at start that they are there."""

from pathlib import Path

NEEDED = (
    "vendor/govuk-frontend.min.css",
    "vendor/govuk-frontend.min.js",
    "vendor/moj-frontend.min.css",
    "vendor/moj-frontend.min.js",
    "css/app.css",
    "css/components.css",
    "css/print.css",
    "js/app.js",
    "icons/favicon.svg",
)
REPAIR = "Front-end files are missing from static/: {names}. Run “make assets”, or install the service again."


def missing_assets(static_folder: Path) -> list[str]:
    """Give the names of the files in `static_folder` that pages need and that are not there."""
    return [name for name in NEEDED if not (static_folder / name).is_file()]


def missing_assets_message(static_folder: Path) -> str | None:
    """Give one line that names what is missing and how to mend it, or None when all is there."""
    missing = missing_assets(static_folder)
    return REPAIR.format(names=", ".join(missing)) if missing else None
