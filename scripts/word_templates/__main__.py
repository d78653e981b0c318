"""Builds the shipped templates: `python -m scripts.word_templates [FOLDER]`.

A partnership changes the templates in Word, not here; this is the record of how the shipped ones were made.
"""

import sys
from pathlib import Path

from .actions import actions
from .agenda import agenda
from .assessment import assessment
from .cse_list import cse_list
from .extract import extract
from .minutes import minutes
from .network import network_agenda, network_minutes
from .pack import pack
from .plan import plan

SHIPPED = Path(__file__).resolve().parents[2] / "agendas" / "word"


def build(folder: Path) -> None:
    """Write the templates into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {
        "agenda": agenda, "minutes": minutes, "list": cse_list, "assessment": assessment, "pack": pack, "plan": plan,
        "actions": actions, "network-agenda": network_agenda, "network-minutes": network_minutes,
        "extract": extract,
    }  # fmt: skip
    for name, make in kinds.items():
        make().save(folder / f"{name}.docx")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
