"""The risk page's tables: what is counted, in words, with small numbers hidden where the audience asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import OWES, by_place, is_over, whole
from obhvat.metrics.suppression import hidden_parts
from obhvat.texts import NO_DATA, number, percent
from obhvat.ui.filters import View
from obhvat.ui.tiles import HIDDEN

PLACE_WORDS = {"municipality": "Община", "school": "Училище", "class_name": "Паралелка"}


def hidden_places(parts: pd.DataFrame, place: str, view: View) -> frozenset[str]:
    """The places of a table whose number is not shown to the view's audience."""
    if view.audience == "internal":
        return frozenset()
    if view.audience == "press":
        return frozenset(parts[place])
    known = parts["n"].notna()
    numbers = {
        name: int(n) if ok else None for name, n, ok in zip(parts[place], parts["n"].fillna(0), known, strict=True)
    }
    return hidden_parts(numbers)


def hidden_in(measured: pd.DataFrame, rule: Rule, view: View, place: str) -> frozenset[str]:
    """The places under the view's scope whose number is hidden: with a hidden municipality all its schools are."""
    municipalities = by_place(measured, rule, "municipality")
    hidden = hidden_places(municipalities, "municipality", view)
    if place == "municipality" or not view.scope.municipality:
        if place == "school":
            return hidden | _schools_hidden(measured, rule, view, hidden)
        return hidden
    inside = measured[measured["municipality"] == view.scope.municipality]
    parts = by_place(inside, rule, place)
    if view.scope.municipality in hidden:
        return frozenset(parts[place])
    return hidden_places(parts, place, view)


def _schools_hidden(
    measured: pd.DataFrame, rule: Rule, view: View, hidden_municipalities: frozenset[str]
) -> frozenset[str]:
    found: set[str] = set()
    for name, inside in measured.groupby("municipality"):
        parts = by_place(inside, rule, "school")
        found |= set(parts["school"]) if name in hidden_municipalities else hidden_places(parts, "school", view)
    return frozenset(found)


def place_table(
    now: pd.DataFrame,
    before: pd.DataFrame | None,
    year_ago: pd.DataFrame | None,
    rule: Rule,
    place: str,
    hidden: frozenset[str],
    names: dict[str, str],
    unit_noun: str,
) -> pd.DataFrame:
    """One row a place: who is over the rule, of how many, the share and the average, and the change in words.

    Columns `place` (its code), and Bulgarian captions; sorted by the number, the hidden and the unknown last.
    """
    parts = by_place(now, rule, place)
    earlier = _numbers(before, rule, place)
    ago = _numbers(year_ago, rule, place)
    rows = []
    for code, n, d, average in parts.itertuples(index=False, name=None):
        is_hidden, known = code in hidden, not pd.isna(n)
        rows.append(
            (
                code,
                names.get(code, code or "без община"),
                NO_DATA if not known else HIDDEN if is_hidden else number(n),
                number(d),
                NO_DATA if not known else HIDDEN if is_hidden else percent(n, d, 1),
                "–" if is_hidden or pd.isna(average) else number(average, 2),
                "" if is_hidden or not known else _change(n, earlier.get(code)),
                "" if is_hidden or not known else _change(n, ago.get(code)),
                -1.0 if is_hidden or not known else float(n),
            )
        )
    changes = ("От миналия месец", "От миналата година")
    captions = ["place", PLACE_WORDS[place], "Над прага", f"От {unit_noun}", "Дял", "Средно", *changes, "order"]
    table = pd.DataFrame(rows, columns=captions)
    return table.sort_values(["order", PLACE_WORDS[place]], ascending=[False, True], ignore_index=True).drop(
        columns="order"
    )


def _numbers(measured: pd.DataFrame | None, rule: Rule, place: str) -> dict[str, float]:
    if measured is None:
        return {}
    parts = by_place(measured, rule, place)
    return {code: n for code, n in zip(parts[place], parts["n"], strict=True) if not pd.isna(n)}


def _change(n: float, before: float | None) -> str:
    if before is None:
        return "–"
    difference = round(n - before)
    return "без промяна" if not difference else f"{'+' if difference > 0 else '−'}{number(abs(difference))}"


def owed_table(waiting: pd.DataFrame, n_over: int, audience: str) -> pd.DataFrame:
    """Who owes the next step to the children over a threshold, the most first.

    Inside also by municipality. For others the whole only, with as much hidden as keeps small numbers from being
    computed from the number over the threshold.
    """
    by_owes = waiting["owes"].value_counts()
    parts = {key: int(by_owes.get(key, 0)) for key in OWES} | {"acted": n_over - len(waiting)}
    hidden = frozenset() if audience == "internal" else hidden_parts(parts)
    rows: list[list[str]] = []
    places = sorted(waiting["municipality"].unique()) if audience == "internal" else []
    for key in sorted(OWES, key=lambda key: -parts[key]):
        if parts[key]:
            of_places = waiting.loc[waiting["owes"] == key, "municipality"].value_counts()
            counts = (number(int(of_places.get(place, 0))) for place in places)
            rows.append([OWES[key], *counts, HIDDEN if key in hidden else number(parts[key])])
    return pd.DataFrame(rows, columns=["Кой дължи следващата стъпка", *places, "Деца"])


def shown_parts(numbers: Sequence[int], audience: str) -> list[str]:
    """Numbers that add up to one a reader may know, small ones hidden outside."""
    parts = {str(n): int(value) for n, value in enumerate(numbers)}
    hidden = frozenset() if audience == "internal" else hidden_parts(parts)
    return [HIDDEN if name in hidden else number(value) for name, value in parts.items()]


def pupils_table(
    flags: pd.DataFrame, measured: pd.DataFrame, waiting: pd.DataFrame, rules: Sequence[Rule], chosen: Rule, view: View
) -> pd.DataFrame:
    """The list for tomorrow morning, without anything that names a child: the place in the file finds it.

    One row a child over the chosen rule, most points first; `index` is the row of `measured`.
    """
    over = is_over(measured, chosen)
    about = measured[over]
    shown = flags[over]
    short = {rule.id: rule.short for rule in rules if rule.points}
    why = [", ".join(short[name] for name in short if row[name]) for row in shown[list(short)].to_dict("records")]
    table = pd.DataFrame(
        {
            "Община": about["municipality"],
            "Училище": [view.name_of(code) for code in about["school"]],
            "Паралелка": about["class_name"],
            "Ред във файла": about["month_line"].fillna(about["list_line"]),
            "Точки": shown["score"].astype(int),
            "Правила": why,
            "Стойност": about[chosen.measure],
            "Случай": about["case_number"].fillna("няма"),
            "Последно действие": pd.to_datetime(about["last_action"]).dt.date,
            "Никой не е действал": about.index.isin(waiting.index),
        },
        index=about.index,
    )
    return table.sort_values(["Никой не е действал", "Точки", "Стойност"], ascending=[False, False, False])


def what_if(measured: pd.DataFrame, now: Rule, tried: Rule) -> pd.DataFrame:
    """How many each municipality's teams would have under another threshold, and how many of them have no case yet."""
    old, new = is_over(measured, now), is_over(measured, tried)
    without_case = new & measured["case_number"].isna()
    found = (
        measured.assign(old=old, new=new, fresh=without_case)
        .groupby("municipality", as_index=False)[["old", "new", "fresh"]]
        .sum()
    )
    total = pd.DataFrame([("Цялата област", *found[["old", "new", "fresh"]].sum())], columns=found.columns)
    return pd.concat([found, total], ignore_index=True)


def stamp_notes(view: View, rule: Rule, month: date, version: int, at: datetime) -> str:
    """What a downloaded table is of: scope, period, threshold and its version, and when."""
    return "\n".join(
        [
            f"Обхват на таблицата: {view.place}",
            f"Към месец: {month:%m.%Y}",
            f"Правило: {rule.name} – {rule.words}",
            f"Източник на прага: {rule.source}",
            f"Версия на праговете: {version}",
            f"Данните са към {at:%d.%m.%Y %H:%M}",
        ]
    )


def total_words(measured: pd.DataFrame, rule: Rule) -> str:
    """„472 от 10 842“."""
    n, d = whole(measured, rule)
    return NO_DATA if n is None else f"{number(n)} от {number(d)}"
