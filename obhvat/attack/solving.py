"""The smallest and the largest value of each number, by all that is known of them together.

Bounds are carried from sum to sum until nothing changes. Where sums hang together like a tree that is the answer, for
whole numbers, too; else HiGHS finds it, component by component.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, milp
from scipy.sparse import csr_array

from obhvat.attack.equations import UNKNOWN, Cell, Equations, Row

Interval = tuple[int, int]


class Contradiction(Exception):
    """What is known cannot be so."""


def intervals(known: Equations, wanted: Collection[Cell]) -> dict[Cell, Interval]:
    """From where to where each of the wanted numbers can be. Exact for the narrowest, and so for all that are one
    value; of wider ones at least from the smallest to the largest value that was met. Raises Contradiction."""
    bounds = carried(known.bounds, known.rows)
    answer = {cell: bounds[cell] for cell in wanted}
    searched = []
    for rows in components(known.rows, bounds):
        free = [*dict.fromkeys(cell for row in rows for cell, _ in row.terms if bounds[cell][0] < bounds[cell][1])]
        asked = [cell for cell in free if cell in answer]
        if asked and not _is_tree(rows, free):
            searched.append((rows, free, asked))
    in_search = {cell for _, _, asked in searched for cell in asked}
    narrowest = min((high - low for cell, (low, high) in answer.items() if cell not in in_search), default=UNKNOWN)
    for rows, free, asked in searched:
        best = _solver(rows, bounds, free)
        met = [best(dict.fromkeys(asked, sign)) for sign in (1, -1)]
        for cell in asked:
            values = [numbers[cell] for numbers in met]
            if max(values) - min(values) < max(narrowest, 1):
                met += [best({cell: 1}), best({cell: -1})]
                values = [numbers[cell] for numbers in met[-2:]]
                narrowest = min(narrowest, max(values) - min(values))
            answer[cell] = min(values), max(values)
    return answer


def carried(bounds: Mapping[Cell, Interval], rows: Sequence[Row]) -> dict[Cell, Interval]:
    """The bounds that follow from each row alone, again and again. Raises Contradiction."""
    known = dict(bounds)
    rows_of: dict[Cell, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        for cell, _ in row.terms:
            rows_of[cell].append(n)
    waiting = dict.fromkeys(range(len(rows)))
    while waiting:
        row = rows[waiting.popitem()[0]]
        ends = [known[cell] if sign > 0 else (-known[cell][1], -known[cell][0]) for cell, sign in row.terms]
        lows, highs = sum(low for low, _ in ends), sum(high for _, high in ends)
        for (cell, sign), (low, high) in zip(row.terms, ends, strict=True):
            least, most = row.low - (highs - high), row.high - (lows - low)
            if sign < 0:
                least, most = -most, -least
            now = max(known[cell][0], least), min(known[cell][1], most)
            if now[0] > now[1]:
                raise Contradiction(f"{row.why}: {cell}")
            if now != known[cell]:
                known[cell] = now
                waiting |= dict.fromkeys(rows_of[cell])
    return known


def components(rows: Iterable[Row], bounds: Mapping[Cell, Interval]) -> list[list[Row]]:
    """Rows that share numbers which are not known, together."""
    parent: dict[Cell, Cell] = {}

    def root(cell: Cell) -> Cell:
        while parent.setdefault(cell, cell) != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    first_of = []
    for row in rows:
        if free := [cell for cell, _ in row.terms if bounds[cell][0] < bounds[cell][1]]:
            first_of.append((row, free[0]))
            for cell in free:
                parent[root(cell)] = root(free[0])
    together: dict[Cell, list[Row]] = defaultdict(list)
    for row, first in first_of:
        together[root(first)].append(row)
    return [*together.values()]


def _is_tree(rows: Sequence[Row], free: Collection[Cell]) -> bool:
    there = {*free}
    return sum(cell in there for row in rows for cell, _ in row.terms) == len(rows) + len(there) - 1


def _solver(
    rows: Sequence[Row], bounds: Mapping[Cell, Interval], free: Sequence[Cell]
) -> Callable[[Mapping[Cell, int]], dict[Cell, int]]:
    """What finds the numbers of the smallest weighted sum that are possible."""
    place = {cell: n for n, cell in enumerate(free)}
    entries = [(n, place[cell], sign) for n, row in enumerate(rows) for cell, sign in row.terms if cell in place]
    at, columns, signs = zip(*entries, strict=True)
    matrix = csr_array((signs, (at, columns)), shape=(len(rows), len(free)), dtype=float)
    fixed = [sum(sign * bounds[cell][0] for cell, sign in row.terms if cell not in place) for row in rows]
    lows = np.array([row.low - n for row, n in zip(rows, fixed, strict=True)], float)
    highs = np.array([row.high - n for row, n in zip(rows, fixed, strict=True)], float)
    limits = Bounds(*np.array([bounds[cell] for cell in free], float).T)

    def best(weights: Mapping[Cell, int]) -> dict[Cell, int]:
        goal = np.zeros(len(free))
        for cell, weight in weights.items():
            goal[place[cell]] = weight
        answer = milp(goal, integrality=np.ones(len(free)), bounds=limits, constraints=(matrix, lows, highs))
        if answer.x is None:
            raise Contradiction(f"{rows[0].why}: {answer.message}")
        return {cell: round(value) for cell, value in zip(free, answer.x, strict=True)}

    return best
