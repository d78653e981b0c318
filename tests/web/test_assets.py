"""The front-end files: made without the identity of GOV.UK, made once, and missed at start when gone."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from meetings_app.web.assets import NEEDED, missing_assets, missing_assets_message

ROOT = Path(__file__).parents[2]


def _load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("assets_script", ROOT / "scripts" / "assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


assets = _load_script()

STYLE_SHEET = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2) format('woff2')}"
    '.a{font-family:GDS Transport,arial,sans-serif}.b{font-family:"GDS Transport", arial,sans-serif}'
    ".c{background:url(/assets/images/govuk-crest.svg)}.d{background:url(/assets/images/icon-document.svg)}"
)


def _packages(modules: Path) -> None:
    for source in assets.COPIED:
        path = modules / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STYLE_SHEET if source.endswith(".css") else "export {};//# sourceMappingURL=a.js.map\n")
        images = path.parent / "assets" / "images"
        images.mkdir(parents=True, exist_ok=True)
        (images / "icon-document.svg").write_text("<svg/>")


def test_style_sheets_lose_the_typeface_and_the_crest_of_govuk() -> None:
    text, icons = assets.without_government_identity(STYLE_SHEET)
    assert text == (
        ".a{font-family:arial,sans-serif}.b{font-family:arial,sans-serif}"
        ".c{background:none}.d{background:url(images/icon-document.svg)}"
    )
    assert icons == ["icon-document.svg"]


def test_the_copy_holds_every_file_and_no_source_map_address(tmp_path: Path) -> None:
    _packages(tmp_path / "node_modules")
    vendor = tmp_path / "vendor"
    assets.copy_assets(tmp_path / "node_modules", vendor)
    assert sorted(path.name for path in vendor.iterdir()) == sorted([*assets.COPIED.values(), "images"])
    assert (vendor / "images" / "icon-document.svg").is_file()
    assert "sourceMappingURL" not in "".join(path.read_text() for path in vendor.glob("*.js"))


def test_a_package_without_an_expected_file_is_refused_by_name(tmp_path: Path) -> None:
    _packages(tmp_path)
    (tmp_path / "govuk-frontend/dist/govuk/govuk-frontend.min.js").unlink()
    with pytest.raises(assets.AssetsError, match=r"govuk-frontend\.min\.js"):
        assets.copy_assets(tmp_path, tmp_path / "vendor")


def test_a_vendor_folder_is_current_until_the_versions_change_or_a_file_goes(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("")
    (tmp_path / assets.STAMP).write_text("one\na.css\n")
    assert assets.is_current(tmp_path, "one")
    assert not assets.is_current(tmp_path, "two")
    (tmp_path / "a.css").unlink()
    assert not assets.is_current(tmp_path, "one")
    assert not assets.is_current(tmp_path / "nowhere", "one")


def test_the_lock_file_names_exact_versions_and_no_registry() -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        text = (ROOT / "frontend" / name).read_text()
        assert "http" not in text
        assert '"resolved"' not in text
    assert '"^' not in (ROOT / "frontend" / "package.json").read_text()
    assert "ignore-scripts=true" in (ROOT / "frontend" / ".npmrc").read_text()


def test_missing_files_are_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    assert missing_assets(tmp_path) == list(NEEDED)
    for name in NEEDED[1:]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    message = missing_assets_message(tmp_path)
    assert message is not None
    assert NEEDED[0] in message
    assert "make assets" in message
    (tmp_path / NEEDED[0]).write_text("")
    assert missing_assets_message(tmp_path) is None


def test_what_a_page_needs_from_the_vendor_folder_is_what_is_copied_there() -> None:
    needed = {name.removeprefix("vendor/") for name in NEEDED if name.startswith("vendor/")}
    assert needed == set(assets.COPIED.values())
