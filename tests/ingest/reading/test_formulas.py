"""Formulas simple enough to be checked."""

from __future__ import annotations

import pytest

from obhvat.ingest.reading.formulas import computed

ROWS = [[1, 2.5, "дума", 0], [4, None, True, 10]]
OF_CELLS = {(0, 3): "A1-A1", (1, 3): "D1+A2"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1+2*3", 7),
        ("-(A1 + B1) * 2", -7),
        ("$A$2/A1-0.5", 3.5),
        ("sum(A1:B2)", 7.5),
        ("SUM(A1:C1,A2,1)", 8.5),
        ("B2+1", 1),
        ("D2", 4),
        ("Z99", 0),
        ("C1+1", None),
        ("C2+1", None),
        ("A1/B2", None),
        ("IF(A1>0,1,2)", None),
        ("Лист2!A1", None),
        ("A1+", None),
        ("(A1", None),
        ("A1:B2", None),
        ("", None),
    ],
)
def test_what_a_formula_gives(formula, value):
    assert computed(formula, ROWS, OF_CELLS) == value


def test_cells_that_ask_for_each_other_have_no_value():
    assert computed("A1", [[0, 0]], {(0, 0): "B1", (0, 1): "A1"}) is None
