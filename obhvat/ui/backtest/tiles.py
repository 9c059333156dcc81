"""The backtest's numbers, a tile each."""

from __future__ import annotations

import pandas as pd

from obhvat.language import N_, _
from obhvat.texts import THIN_SPACE, counted, number, out_of
from obhvat.ui.backtest.tested import Tested
from obhvat.ui.widgets import html
from obhvat.ui.widgets.tile import tile, tiles

_HOW = {"unsubscribed": N_("отписани"), "case": N_("със случай на отпадане"), "vanished": N_("липсват от списъците")}


def show(tested: Tested) -> None:
    """How many left, how many of them the first by points were, and how far above chance that is."""
    score = tested.score
    n, hits, gone, children = (int(score[name]) for name in ("flagged", "hits", "leavers", "children"))
    kinds = {how: tested.left.get(how, 0) for how in _HOW}
    secret = tested.disclosure.hidden_kinds(kinds)
    how = [f"{number(kinds[name])} {_(words)}" for name, words in _HOW.items() if kinds[name] and name not in secret]
    how += [_("видът на {part} е скрит").format(part=_("другите") if how else _("напускането"))] if secret else []
    shown = [tile(_("Напуснали"), out_of(gone, children), under=", ".join(how))]
    if not tested.hits(score).is_hidden:
        title = _("Сред първите {n} по точки").format(n=number(n))
        shown += [
            tile(title, out_of(hits, n), under=_ties(tested)),
            tile(_("Разпознати от напусналите"), out_of(hits, gone), under=_between(score, "recall")),
        ]
        if score["lift"] and not pd.isna(score["lift"]):
            lift, title = number(score["lift"], 1), _("По-често, отколкото без подбор")
            shown.append(tile(title, lift, small=_("пъти"), under=_between_lifts(score)))
    if not pd.isna(score["ranking_auc"]):
        note = _("пъти напусналото дете е с повече точки, когато се сравни с останало; случайно щяха да са 50")
        shown.append(
            tile(_("Подреждането по точки"), number(100 * score["ranking_auc"]), small=_("от 100"), under=note)
        )
    html.show(tiles(*shown))


def _ties(tested: Tested) -> str:
    if not tested.tied:
        return ""
    return _("{tied} имат равни точки с последното; напред са тези с повече неизвинени").format(
        tied=counted(tested.tied, "дете")
    )


def _between(row: pd.Series, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if pd.isna(low):
        return ""
    return _("между {part} и {part2}{THIN_SPACE}%").format(
        part=number(100 * low), part2=number(100 * high), THIN_SPACE=THIN_SPACE
    )


def _between_lifts(score: pd.Series) -> str:
    base = score["leavers"] / score["children"]
    low, high = (number(score[f"precision_{side}"] / base, 1) for side in ("low", "high"))
    return _("между {low} и {high}; при случаен подбор – 1,0").format(low=low, high=high)
