"""The risk page's tables: what is counted, in words, with small numbers hidden where the audience asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pandas as pd

from obhvat.disclosure import Disclosure, Shown
from obhvat.indicators import Rule
from obhvat.indicators.flags import OWES, is_over, reason
from obhvat.indicators.tables import Waiting
from obhvat.indicators.thresholds import RuleSet
from obhvat.language import N_, _
from obhvat.texts import NO_LISTS, number, percent
from obhvat.ui.filters import View

PLACE_WORDS = {"municipality": N_("Община"), "school": N_("Училище"), "class_name": N_("Паралелка")}


def numbers_of_classes(parts: pd.DataFrame, disclosure: Disclosure) -> dict[str, Shown]:
    """How many of each class of a school are over a rule: `parts` as `over_by_place`."""
    parts = parts.dropna(subset="n")
    return {name: disclosure.count(int(n)) for name, n in zip(parts["class_name"], parts["n"], strict=True)}


def place_table(
    parts: pd.DataFrame, rule: Rule, place: str, view: View, moments: Sequence[Mapping[str, Shown]], noun: str
) -> pd.DataFrame:
    """One row a place: who is over the rule, of how many, the share and the average, and the change in words.

    `parts` are `over_by_place` of the scope that is looked at; `moments` how many were over in the month, the month
    before and a year ago, by place, as the audience may see them. Columns `place` (its code), and Bulgarian captions;
    sorted by the number, the hidden and the unknown last.
    """
    now, *earlier = moments
    rows = []
    for code, _unused, d, average in parts.itertuples(index=False, name=None):
        n = now.get(code, view.disclosure.count(None))
        of = None if pd.isna(d) else d
        whole = view.disclosure.count(of)
        if n.is_hidden and rule.reads == "subject_absences":
            # Of those who are reported because they are over, the whole is the number itself.
            whole = n
        share = n.text if n.value is None else "–" if of is None else percent(n.value, of, 1)
        rows.append(
            (
                code,
                view.name_of(code) if place == "school" else code or _("без наименование"),
                n.text,
                _(NO_LISTS) if of is None and not whole.is_hidden else whole.text,
                share,
                "–" if n.is_hidden or whole.is_hidden or pd.isna(average) else number(average, 2),
                *("" if n.value is None else _change(n.value, then.get(code)) for then in earlier),
                -1.0 if n.value is None else n.value,
            )
        )
    changes = (_("От миналия месец"), _("От миналата година"))
    captions = [
        "place",
        _(PLACE_WORDS[place]),
        _("Над прага"),
        _("От {noun}").format(noun=noun),
        _("Дял"),
        _("Средно"),
        *changes,
        "order",
    ]
    table = pd.DataFrame(rows, columns=captions)
    return table.sort_values(["order", _(PLACE_WORDS[place])], ascending=[False, True], ignore_index=True).drop(
        columns="order"
    )


def _change(n: float, before: Shown | None) -> str:
    """From a number that is hidden or not known nothing can be told."""
    if before is None or before.value is None:
        return "–"
    difference = round(n - before.value)
    return _more(difference) if difference else _("без промяна")


def hours_by_place(rows: pd.DataFrame, place: str, names: dict[str, str]) -> pd.DataFrame:
    """Hours a pupil by place and month, for the heat map: columns class, month, value, note."""
    parts = rows.groupby([place, "month"], as_index=False)[["n", "d"]].sum()
    return pd.DataFrame(
        {
            "class": [names.get(code, code) for code in parts[place]],
            "month": parts["month"],
            "value": parts["n"] / parts["d"].where(parts["d"] > 0),
            "note": "",
        }
    )


def hours_by_class(rows: pd.DataFrame, sizes: Mapping[str, int]) -> pd.DataFrame:
    """The same of a school's classes: `rows` of `class_months`, `sizes` of its list."""
    value = rows["unexcused"] / rows["class_name"].map(sizes)
    return pd.DataFrame({"class": rows["class_name"], "month": rows["month"], "value": value, "note": ""})


def owed_table(of: Waiting, disclosure: Disclosure) -> pd.DataFrame:
    """Who owes the next step to the children over a threshold, the most first.

    Inside also by municipality. For others the whole of the oblast only, with as much hidden as keeps small numbers
    from being computed from the number over the threshold.
    """
    by_owes = {key: sum(n for (owes, _place), n in of.by_owner.items() if owes == key) for key in OWES}
    parts = by_owes | {"acted": of.over - of.n}
    shown = disclosure.kinds(parts)
    rows: list[list[str]] = []
    places = sorted({place for _owes, place in of.by_owner}) if disclosure.is_inside else []
    for key in sorted(OWES, key=lambda key: -parts[key]):
        if parts[key]:
            counts = (number(of.by_owner.get((key, place), 0)) for place in places)
            rows.append([_(OWES[key]), *counts, shown[key].text])
    return pd.DataFrame(rows, columns=[_("Отговорник за следващата стъпка"), *places, _("Деца")])


def pupils_table(
    flags: pd.DataFrame,
    measured: pd.DataFrame,
    waiting: pd.DataFrame,
    rules: Sequence[Rule],
    chosen: Rule,
    month: date,
    view: View,
) -> pd.DataFrame:
    """The list for tomorrow morning, without anything that names a child: the place in the file finds it.

    One row a child over the chosen rule, most points first; `index` is the row of `measured`.
    """
    over = is_over(measured, chosen)
    about = measured[over]
    shown = flags[over]
    short = {rule.id: rule.short for rule in rules if rule.points and rule.id != chosen.id}
    others = [", ".join(short[name] for name in short if row[name]) for row in shown[list(short)].to_dict("records")]
    table = pd.DataFrame(
        {
            _("Община"): about["municipality"],
            _("Училище"): [view.name_of(code) for code in about["school"]],
            _("Паралелка"): about["class_name"],
            _("Ред във файла"): about["month_line"].fillna(about["list_line"]),
            _("Причина"): [reason(chosen, row, month) for row in about.to_dict("records")],
            _("Стойност"): about[chosen.measure],
            _("Други правила"): others,
            _("Точки"): shown["score"].astype(int),
            _("Случай"): about["case_number"].fillna(_("няма")),
            _("Последно действие"): pd.to_datetime(about["last_action"]).dt.date,
            _("Никой не е действал"): about.index.isin(waiting.index),
        },
        index=about.index,
    )
    return table.sort_values([_("Никой не е действал"), _("Точки"), _("Стойност")], ascending=[False, False, False])


def on_screen(pupils: pd.DataFrame) -> pd.DataFrame:
    """The same as far as a laptop's screen is wide: the value is in the reason, other rules only counted."""
    others = pupils[_("Други правила")]
    counts = others.str.count(", ") + others.ne("")
    return pupils.drop(columns=[_("Стойност"), _("Никой не е действал")]).assign(**{_("Други правила"): counts})


def teams_under(by_municipality: pd.DataFrame, view: View) -> list[list[str]]:
    """How many each municipality's teams would have under another threshold, and how many of them have no case yet, of
    the rows of `under`.

    Rows of place, now, then, difference, without a case; the last is the chosen place. Numbers at every threshold tell
    how many children have just so many hours, so outside there is only the last; and not those without a case, because
    the others, who have one, are few.
    """
    total = [int(n) for n in by_municipality[["old", "new", "fresh"]].sum()]
    if not view.is_inside:
        difference = total[1] - total[0]
        was, would, change = (view.disclosure.count(n) for n in (*total[:2], difference))
        if change.is_hidden:
            would = change
        hidden = next((shown for shown in (was, would) if shown.is_hidden), None)
        more = hidden.text if hidden else _more(difference)
        return [[view.heading, was.text, would.text, more]]
    return [
        [name or _("без община"), number(old), number(new), _more(new - old), number(fresh)]
        for name, old, new, fresh in [*by_municipality.itertuples(index=False, name=None), (view.heading, *total)]
    ]


def _more(n: int) -> str:
    return f"{'+' if n > 0 else '−' if n < 0 else ''}{number(abs(n))}"


def stamp_notes(view: View, rule: Rule, month: date, rules: RuleSet, at: datetime) -> str:
    """What a downloaded table is of: scope, period, threshold and its version, and when."""
    return "\n".join(
        [
            _("Обхват на таблицата: {place}").format(place=view.place),
            _("Към месец: {month:%m.%Y}").format(month=month),
            _("Правило: {name} – {words}").format(name=rule.name, words=rule.words),
            _("Източник на прага: {source}").format(source=rule.source),
            _("Прагове: {words}").format(words=rules.words),
            _("Данните са към {at:%d.%m.%Y %H:%M}").format(at=at),
        ]
    )
