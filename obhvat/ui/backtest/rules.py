"""Every rule by itself, in a table and among published ones."""

from __future__ import annotations

import pandas as pd

from obhvat.charts import precision_recall
from obhvat.disclosure import SMALL_ARE_HIDDEN
from obhvat.indicators import Rule
from obhvat.indicators.backtest import (
    SCORE,
    bowers,
)
from obhvat.indicators.thresholds import RuleSet
from obhvat.language import _
from obhvat.periods import month_label
from obhvat.texts import THIN_SPACE, day, listed, number, out_of, percent
from obhvat.ui.backtest.tested import Tested
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold
from obhvat.ui.widgets.picture import drawing, picture

_DRAWN = 6
_FOUND = 2


def _name(rule_id: str, rules: RuleSet, tested: Tested) -> str:
    if rule_id == SCORE:
        return _("По точки: първите {flagged}").format(flagged=number(tested.score["flagged"]))
    return _rule_words(rules[rule_id])


def _short(rule_id: str, rules: RuleSet, tested: Tested) -> str:
    return (
        _("първите {flagged}").format(flagged=number(tested.score["flagged"]))
        if rule_id == SCORE
        else rules[rule_id].short
    )


def _rule_words(rule: Rule) -> str:
    return f"{rule.name} – {rule.words}" if rule.unit != "times" else rule.name


def _sorted(tested: Tested) -> pd.DataFrame:
    """The points first, then the rules, those that find most above chance before."""
    score, rest = tested.result.iloc[:1], tested.result.iloc[1:]
    return pd.concat([score, rest.sort_values(["lift", "flagged"], ascending=False, na_position="last")])


def table(tested: Tested, rules: RuleSet) -> None:
    html.part(
        _("Всяко правило поотделно"),
        _("отбелязаните за {month_label} и напусналите до {until}").format(
            month_label=month_label(tested.month), until=day(tested.until)
        ),
    )
    rows: list[list[object]] = []
    none_left: list[str] = []
    none_flagged: list[str] = []
    for _unused, row in _sorted(tested).iterrows():
        name = _name(str(row["rule"]), rules, tested)
        if row["rule"] != SCORE and not row["flagged"]:
            none_flagged.append(f"„{name}“")
            continue
        hits = tested.hits(row)
        if row["rule"] != SCORE and not hits.is_hidden and not row["hits"]:
            none_left.append(f"„{name}“ ({number(row['flagged'])})")
            continue
        cells = [hits.text, *[""] * 4] if hits.is_hidden else _cells(row)
        rows.append([bold(name) if row["rule"] == SCORE else name, number(row["flagged"]), *cells])
    captions = (
        _("Правило"),
        _("Отбелязани"),
        _("От тях напуснали"),
        _("Дял"),
        _("Вероятно между"),
        _("Разпознати от напусналите"),
        # The hyphen is one that does not break.
        _("Пъти по‑често"),
    )
    html.show(html.table(captions, rows, numbers=range(1, 7)))
    if none_left:
        html.quiet(
            bold(_("Нито един отбелязан не е напуснал")),
            _(" (в скоби – колко са отбелязани): "),
            f"{listed(none_left)}.",
        )
    if none_flagged:
        html.quiet(bold(_("Никой не е отбелязан")), f": {listed(none_flagged)}.")


def _cells(row: pd.Series) -> list[str]:
    hits = int(row["hits"])
    low, high = (number(100 * row[f"precision_{side}"]) for side in ("low", "high"))
    return [
        out_of(hits, row["flagged"]),
        percent(hits, row["flagged"], 1),
        f"{low}–{high}{THIN_SPACE}%",
        f"{out_of(hits, row['leavers'])} ({percent(hits, row['leavers'])})",
        "–" if pd.isna(row["lift"]) else number(row["lift"], 1),
    ]


def picture_among_published(tested: Tested, rules: RuleSet) -> None:
    published = bowers()
    html.part(
        _("Нашите правила сред 110 публикувани"),
        html.joined(
            [
                _(
                    "сивите точки са признаци от изследвания в американски училища (Бауърс и др., 2013), "
                    "повечето за отпадане в рамките на години; чертите показват между колко вероятно е делът"
                ),
            ]
        ),
    )
    ordered = _sorted(tested)
    # One child found says nothing of a rule.
    seen = ordered[(ordered["flagged"] > 0) & ((ordered["hits"] >= _FOUND) | (ordered["rule"] == SCORE))]
    seen = seen[[not tested.hits(row).is_hidden for _unused, row in seen.iterrows()]].iloc[:_DRAWN]
    if seen.empty:
        html.quiet(_(SMALL_ARE_HIDDEN))
        return
    ours = pd.DataFrame(
        {
            "name": [_short(str(rule_id), rules, tested) for rule_id in seen["rule"]],
            "precision": seen["precision"].to_numpy(float),
            "recall": seen["recall"].to_numpy(float),
            "low": seen["precision_low"].to_numpy(float),
            "high": seen["precision_high"].to_numpy(float),
            "main": (seen["rule"] == SCORE).to_numpy(),
        }
    )
    both = pd.concat([ours, published[["name", "precision", "recall"]]], ignore_index=True)
    of_both = pd.DataFrame(
        {
            _("Признак"): both["name"],
            _("Напуснали от отбелязаните"): [f"{number(100 * p)}{THIN_SPACE}%" for p in both["precision"]],
            _("Разпознати от напусналите"): [f"{number(100 * r)}{THIN_SPACE}%" for r in both["recall"]],
            _("Откъде"): [_("тук")] * len(ours) + [_("публикуван")] * len(published),
        }
    )
    says = _("Наши правила: ") + "; ".join(
        _("{name} – напуснали {part} % от отбелязаните, разпознати {part2} % от напусналите").format(
            name=name, part=number(100 * p), part2=number(100 * r)
        )
        for name, p, r in zip(ours["name"], ours["precision"], ours["recall"], strict=True)
    )
    picture(drawing(precision_recall, ours, published, height=470), "precision-recall", says, of_both)
