"""Where each part of the picture of links stands: round a circle, so that lines cross in the open. Pure.

Units are those of the drawing. The same parts in the same order give the same picture, whoever looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

WIDTH = 1000
_MARGIN = 130
_LEAST_RADIUS = 190
_ROOM = 105
"""The length of circle that a part needs, so that its words do not run into the next one."""


@dataclass(frozen=True)
class Place:
    """Where a part stands, its words beside it: `anchor` as SVG has it."""

    x: float
    y: float
    words_x: float
    words_y: float
    anchor: str


@dataclass(frozen=True)
class Picture:
    """A drawing: its height, and a place for each part in the order given."""

    height: float
    places: Sequence[Place]


def draw(parts: int) -> Picture:
    """Give a picture of so many parts; the first, which the page is about, stands in the middle.

    No other stands right beneath it, so that no line runs through its name there.
    """
    around = max(0, parts - 1)
    rise = max(_LEAST_RADIUS, _ROOM * around / (2 * pi) / 1.25)
    height = 2 * (rise + _MARGIN)
    middle_x, middle_y = WIDTH / 2, height / 2
    places = [Place(middle_x, middle_y, middle_x, middle_y + 42, "middle")] if parts else []
    turned = pi / around if around and around % 2 == 0 else 0.0
    for number in range(around):
        angle = 2 * pi * number / around - pi / 2 + turned
        across, down = cos(angle), sin(angle)
        x, y = middle_x + across * (WIDTH / 2 - 2 * _MARGIN), middle_y + down * rise
        places.append(_place(x, y, across, down))
    return Picture(round(height, 1), places)


def _place(x: float, y: float, across: float, down: float) -> Place:
    if abs(across) < 0.35:
        above = down < 0
        return Place(round(x, 1), round(y, 1), round(x, 1), round(y + (-48 if above else 42), 1), "middle")
    side = 1 if across > 0 else -1
    return Place(round(x, 1), round(y, 1), round(x + 26 * side, 1), round(y - 3, 1), "start" if side > 0 else "end")
