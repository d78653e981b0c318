"""The build of a wheel makes the front-end assets first, so that an installed service needs no npm."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Calls `scripts/assets.py` for a wheel; an editable installation keeps what is there."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node.js as a wheel only where the machine has no npm."""
        if shutil.which("npm") or self.target_name != "wheel":
            return []
        pinned = (Path(self.root) / "requirements" / "node.txt").read_text(encoding="utf-8")
        return [pinned.split()[0]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Make `static/vendor` before the files are collected."""
        if self._wanted(version):
            _assets(Path(self.root)).prepare(Path(self.root))

    def _wanted(self, version: str) -> bool:
        if self.target_name != "wheel":
            return False
        return version != "editable" or not (Path(self.root) / "static" / "vendor").is_dir()


def _assets(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("meetings_assets", root / "scripts" / "assets.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("scripts/assets.py is missing.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
