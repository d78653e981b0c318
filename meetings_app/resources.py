"""Where the files that are not Python live: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def folder(name: str) -> Path:
    """Give the path of `templates`, `agendas`, `migrations` or `static`.

    Raises `FileNotFoundError` when neither the checkout nor the wheel has it.
    """
    for candidate in (_PACKAGE / "_bundled" / name, _CHECKOUT / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"The folder {name}/ is missing from this installation.")
