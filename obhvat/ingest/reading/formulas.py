"""Formulas simple enough to be checked: sums, differences, products and quotients of numbers and cells of the sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Cell = tuple[int, int]
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|(\$?[A-Z]{1,3}\$?\d{1,7})|(SUM)(?=\()|([-+*/(),:]))", re.IGNORECASE)
_DEEPEST = 20
_MOST_SUMMED = 100_000


class _Unknown(Exception):
    """What this reader does not know to compute."""


def computed(
    formula: str, rows: Sequence[Sequence[object]], formulas: Mapping[Cell, str], depth: int = 0
) -> float | None:
    """What a formula gives over the typed cells of a sheet, or None when that is not simple. `formulas` are those of
    cells whose own stored values are not to be trusted; row and column count from 0."""
    try:
        return _Formula(formula, rows, formulas, depth).value()
    except (_Unknown, ZeroDivisionError, OverflowError, RecursionError):
        return None


class _Formula:
    def __init__(
        self, formula: str, rows: Sequence[Sequence[object]], formulas: Mapping[Cell, str], depth: int
    ) -> None:
        self._tokens = _tokens(formula)
        self._rows, self._formulas, self._depth = rows, formulas, depth

    def value(self) -> float:
        value = self._sum()
        if self._tokens:
            raise _Unknown
        return value

    def _next(self, *wanted: str) -> str | None:
        return self._tokens.pop(0) if self._tokens and self._tokens[0] in wanted else None

    def _sum(self) -> float:
        value = self._product()
        while sign := self._next("+", "-"):
            value += self._product() * (1 if sign == "+" else -1)
        return value

    def _product(self) -> float:
        value = self._single()
        while sign := self._next("*", "/"):
            by = self._single()
            value = value * by if sign == "*" else value / by
        return value

    def _single(self) -> float:
        if self._next("-"):
            return -self._single()
        if self._next("("):
            value = self._sum()
            self._close()
            return value
        if self._next("SUM"):
            self._next("(")
            value = self._summed()
            while self._next(","):
                value += self._summed()
            self._close()
            return value
        if not self._tokens:
            raise _Unknown
        token = self._tokens.pop(0)
        return self._of_cell(*_place(token)) if token[0].isalpha() else float(token)

    def _close(self) -> None:
        if not self._next(")"):
            raise _Unknown

    def _summed(self) -> float:
        """An argument of SUM: an expression, or a range, of which text is left out."""
        if len(self._tokens) < 3 or self._tokens[1] != ":":
            return self._sum()
        (top, left), (bottom, right) = _place(self._tokens[0]), _place(self._tokens[2])
        del self._tokens[:3]
        if (bottom - top + 1) * (right - left + 1) > _MOST_SUMMED:
            raise _Unknown
        cells = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        return sum(self._of_cell(*cell) for cell in cells if not isinstance(self._stored(*cell), str))

    def _of_cell(self, row: int, column: int) -> float:
        if (row, column) in self._formulas:
            if self._depth > _DEEPEST:
                raise _Unknown
            value = computed(self._formulas[(row, column)], self._rows, self._formulas, self._depth + 1)
        else:
            value = self._stored(row, column) or 0
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _Unknown
        return float(value)

    def _stored(self, row: int, column: int) -> object:
        return self._rows[row][column] if row < len(self._rows) and column < len(self._rows[row]) else None


def _tokens(formula: str) -> list[str]:
    tokens, end = [], 0
    for found in _TOKEN.finditer(formula):
        if found.start() != end:
            break
        tokens.append(found[0].strip().replace("$", "").upper())
        end = found.end()
    if formula[end:].strip():
        raise _Unknown
    return tokens


def _place(reference: str) -> Cell:
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference)
    if not found:
        raise _Unknown
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
