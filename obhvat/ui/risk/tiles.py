"""The rules that are looked at first, a tile each."""

from __future__ import annotations

from obhvat.indicators.thresholds import RuleSet
from obhvat.language import _
from obhvat.metrics import figure, lists_words
from obhvat.store import Store
from obhvat.ui.filters import View
from obhvat.ui.widgets import html
from obhvat.ui.widgets.tile import meaning, tile, tiles

_ALWAYS = ("chronic_absence", "rising", "vanished", "earlier_case")


def show(store: Store, rules: RuleSet, chosen: str, view: View) -> None:
    """The chosen rule, then those that are always looked at."""
    shown = []
    for rule_id in dict.fromkeys((chosen, *_ALWAYS)):
        rule, over = rules[rule_id], figure(store, f"flags_{rule_id}", view.period, view.scope, view.day)
        words = rule.words if rule.unit != "times" else rule.short
        folded = meaning(
            over.metric.definition,
            _("Праг: {words}; точки: {points}.").format(words=words, points=rule.points),
            _("Източник: {source}.").format(source=rule.source),
        )
        n = view.disclosure.figure(over)
        # A red edge beside a hidden number would say that it is not zero.
        is_urgent = rule_id == "vanished" and bool(n.value)
        shown.append(tile(rule.name, n, words, under=lists_words(over), folded=folded, act=is_urgent))
    html.show(tiles(*shown))
