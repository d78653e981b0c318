"""Which numbers of a table are not shown, so that nobody can be told from a small one (“What boards ask for”).

A number under 5 is hidden, nought included, and so are as many others as it takes that no hidden small one can be
worked out from the totals. Pure: a table is a network in which every number flows along an edge and every total is
the sum of what flows through a node, so a hidden number is safe when some of it could flow another way.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

SMALLEST_SHOWN = 5
_SOURCE, _SINK = "source", "sink"


@dataclass(frozen=True)
class Edge:
    """One number of a table, between the two nodes whose sums it belongs to. A total is hidden last."""

    start: str
    end: str
    value: int
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it may be shown: None stands for a number that is hidden. Totals are beside rows and below columns."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None


def safe_row(values: Sequence[int]) -> tuple[tuple[int | None, ...], int | None]:
    """Give one row of numbers and its total as they may be shown."""
    edges = [Edge(_SOURCE, _SINK, value) for value in values]
    edges.append(Edge(_SINK, _SOURCE, sum(values), is_total=True))
    shown = _shown(edges)
    return tuple(shown[:-1]), shown[-1]


def safe_table(values: Sequence[Sequence[int]]) -> Table:
    """Give a table of numbers with all its totals as they may be shown. Every row has the same length."""
    width = len(values[0]) if values else 0
    edges = [
        Edge(f"row {row}", f"column {column}", value)
        for row, numbers in enumerate(values)
        for column, value in enumerate(numbers)
    ]
    edges += [Edge(_SOURCE, f"row {row}", sum(numbers), is_total=True) for row, numbers in enumerate(values)]
    edges += [
        Edge(f"column {column}", _SINK, sum(numbers[column] for numbers in values), is_total=True)
        for column in range(width)
    ]
    edges.append(Edge(_SINK, _SOURCE, sum(sum(numbers) for numbers in values), is_total=True))
    shown = _shown(edges)
    height = len(values)
    cells = tuple(tuple(shown[row * width : (row + 1) * width]) for row in range(height))
    rest = shown[height * width :]
    return Table(cells, tuple(rest[:height]), tuple(rest[height:-1]), rest[-1])


def hidden_edges(edges: Sequence[Edge]) -> frozenset[int]:
    """Give the places of the numbers to hide: every small one, and what would let a small one be worked out."""
    small = [place for place, edge in enumerate(edges) if edge.value < SMALLEST_SHOWN]
    hidden = set(small)
    for place in small:
        if can_be_worked_out(edges, hidden, place):
            hidden |= set(_cheapest_way(edges, hidden, place, edges[place].end, edges[place].start) or ())
    return frozenset(hidden)


def can_be_worked_out(edges: Sequence[Edge], hidden: Collection[int], place: int) -> bool:
    """Say whether a hidden number follows from what is shown: no other table of counts has the same numbers shown."""
    edge = edges[place]
    only_hidden = [edges[other] if other in hidden else None for other in range(len(edges))]
    more = _cheapest_way(only_hidden, hidden, place, edge.end, edge.start)
    less = _cheapest_way(only_hidden, hidden, place, edge.start, edge.end) if edge.value > 0 else None
    return more is None and less is None


def _cheapest_way(
    edges: Sequence[Edge | None], hidden: Collection[int], without: int, start: str, end: str
) -> list[int] | None:
    """Give the numbers along which one more could flow from `start` to `end`, None where it cannot.

    One can always be added to a number, and be taken away from whatever is not nought. The way taken is the one on
    which the least has to be hidden, and totals last.
    """
    waiting: list[tuple[int, int, str, tuple[int, ...]]] = [(0, 0, start, ())]
    done: set[str] = set()
    while waiting:
        totals, cost, here, way = heappop(waiting)
        if here == end:
            return list(way)
        if here in done:
            continue
        done.add(here)
        for place, edge in enumerate(edges):
            if edge is None or place == without:
                continue
            there = edge.end if edge.start == here else edge.start if edge.end == here and edge.value > 0 else None
            if there is not None and there not in done:
                price = (0, 0) if place in hidden else (int(edge.is_total), edge.value)
                heappush(waiting, (totals + price[0], cost + price[1], there, (*way, place)))
    return None


def _shown(edges: Sequence[Edge]) -> list[int | None]:
    hidden = hidden_edges(edges)
    return [None if place in hidden else edge.value for place, edge in enumerate(edges)]
