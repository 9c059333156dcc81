"""The backtest's numbers, a tile each."""

from __future__ import annotations

import pandas as pd

from obhvat.texts import THIN_SPACE, counted, number, out_of
from obhvat.ui.backtest.tested import Tested
from obhvat.ui.widgets import html
from obhvat.ui.widgets.tile import tile, tiles

_HOW = {"unsubscribed": "отписани", "case": "със случай на отпадане", "vanished": "липсват от списъците"}


def show(tested: Tested) -> None:
    """How many left, how many of them the first by points were, and how far above chance that is."""
    score = tested.score
    n, hits, gone, children = (int(score[name]) for name in ("flagged", "hits", "leavers", "children"))
    kinds = {how: int((tested.left["how"] == how).sum()) for how in _HOW}
    secret = tested.disclosure.hidden_kinds(kinds)
    how = [f"{number(kinds[name])} {words}" for name, words in _HOW.items() if kinds[name] and name not in secret]
    how += [f"видът на {'другите' if how else 'напускането'} е скрит"] if secret else []
    shown = [tile("Напуснали", out_of(gone, children), under=", ".join(how))]
    if not tested.hits(score).is_hidden:
        title = f"Сред първите {number(n)} по точки"
        shown += [
            tile(title, out_of(hits, n), under=_ties(tested)),
            tile("Разпознати от напусналите", out_of(hits, gone), under=_between(score, "recall")),
        ]
        if score["lift"] and not pd.isna(score["lift"]):
            lift, title = number(score["lift"], 1), "По-често, отколкото без подбор"
            shown.append(tile(title, lift, small="пъти", under=_between_lifts(score)))
    if not pd.isna(score["ranking_auc"]):
        note = "пъти напусналото дете е с повече точки, когато се сравни с останало; случайно щяха да са 50"
        shown.append(tile("Подреждането по точки", number(100 * score["ranking_auc"]), small="от 100", under=note))
    html.show(tiles(*shown))


def _ties(tested: Tested) -> str:
    if not tested.tied:
        return ""
    return f"{counted(tested.tied, 'дете')} имат равни точки с последното; напред са тези с повече неизвинени"


def _between(row: pd.Series, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if pd.isna(low):
        return ""
    return f"между {number(100 * low)} и {number(100 * high)}{THIN_SPACE}%"


def _between_lifts(score: pd.Series) -> str:
    base = score["leavers"] / score["children"]
    low, high = (number(score[f"precision_{side}"] / base, 1) for side in ("low", "high"))
    return f"между {low} и {high}; при случаен подбор – 1,0"
