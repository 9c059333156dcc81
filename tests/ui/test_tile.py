"""A tile sets the number apart from what it is of, and what is no number quieter."""

from __future__ import annotations

import pytest

from obhvat.disclosure import HIDDEN
from obhvat.texts import NO_DATA, out_of
from obhvat.ui.widgets.tile import tile


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("14", '<div class="figure">14</div>'),
        ("3,45", '<div class="figure">3,45</div>'),
        (out_of(38, 40), '<div class="figure">38<small> от 40</small></div>'),
        (HIDDEN, f'<div class="figure none">{HIDDEN}</div>'),
        (NO_DATA, f'<div class="figure none">{NO_DATA}</div>'),
    ],
)
def test_the_number_stands_before_what_it_is_of(value: str, shown: str) -> None:
    assert tile("Училища", value) == f'<section class="tile"><h2>Училища</h2>{shown}</section>'


def test_what_is_empty_takes_no_place() -> None:
    made = tile("По-често", "2,5", "", "повече от миналата година", small="пъти", under="", act=True)
    assert made == (
        '<section class="tile act"><h2>По-често</h2><div class="figure">2,5<small> пъти</small></div>'
        '<div class="change">повече от миналата година</div></section>'
    )
