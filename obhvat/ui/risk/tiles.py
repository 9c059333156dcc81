"""The rules that are looked at first, a tile each."""

from __future__ import annotations

import pandas as pd

from obhvat.disclosure import HIDDEN
from obhvat.indicators.flags import whole
from obhvat.indicators.thresholds import RuleSet
from obhvat.texts import NO_LISTS, out_of
from obhvat.ui.filters import View
from obhvat.ui.risk.tables import is_hidden
from obhvat.ui.widgets import html
from obhvat.ui.widgets.tile import meaning, tile, tiles

_ALWAYS = ("chronic_absence", "rising", "vanished", "earlier_case")


def show(of_oblast: pd.DataFrame, measured: pd.DataFrame, rules: RuleSet, chosen: str, view: View) -> None:
    """The chosen rule, then those that are always looked at. `measured` is the part of the oblast in the view."""
    shown = []
    for rule_id in dict.fromkeys((chosen, *_ALWAYS)):
        rule = rules[rule_id]
        n, d = whole(measured, rule)
        number = HIDDEN if n is not None and is_hidden(of_oblast, rule, view) else out_of(n, d)
        words = rule.words if rule.unit != "times" else rule.short
        folded = meaning(f"Праг: {words}; точки: {rule.points}.", f"Източник: {rule.source}.")
        under = NO_LISTS if n is not None and d is None else ""
        act = rule_id == "vanished" and bool(n)
        shown.append(tile(rule.name, number, words, under=under, folded=folded, act=act))
    html.show(tiles(*shown))
