"""Оценка: do the rules work? What they said in a past month against who left afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from obhvat.charts import precision_recall
from obhvat.indicators import Rule
from obhvat.indicators.backtest import (
    DETECT,
    SCORE,
    at_stake,
    backtest,
    bowers,
    heard_of,
    known_until,
    leavers,
    past_months,
    tied,
    unknown,
    window_end,
)
from obhvat.indicators.flags import flagged
from obhvat.indicators.measures import measures
from obhvat.indicators.thresholds import RuleSet, rules_of
from obhvat.metrics.suppression import SMALLEST_SHOWN, hidden_parts
from obhvat.periods import month_label, next_month, school_year_of
from obhvat.store import Store
from obhvat.texts import NO_DATA, THIN_SPACE, counted, day, listed, number, percent
from obhvat.ui.filters import View, choose
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, offer_start
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, bold, tag
from obhvat.ui.widgets.picture import picture
from obhvat.ui.widgets.tile import HIDDEN, tiles

# Fewer who left than this say nothing of a rule: one child more or less would change the answer.
_ENOUGH = 10
_DRAWN = 6
_FOUND = 2
_LISTED = 8
_HOW = {"unsubscribed": "отписани", "case": "със случай на отпадане", "vanished": "изчезнали от списъците"}


@dataclass(frozen=True)
class Tested:
    """One backtest: what was asked, and what came of it."""

    month: date
    months: int
    k: int
    until: date
    result: pd.DataFrame
    left: pd.DataFrame
    """Of the children tested."""
    tied: int
    silent: list[str]
    """Schools nothing was heard of afterwards."""
    members: bool

    @property
    def score(self) -> pd.Series:
        return self.result.set_index("rule").loc[SCORE]

    @property
    def leavers(self) -> int:
        return int(self.score["leavers"])

    @property
    def few(self) -> bool:
        return self.leavers < _ENOUGH

    @property
    def window(self) -> str:
        """„следващия месец“, „следващите 3 месеца“"""
        return "следващия месец" if self.months == 1 else f"следващите {self.months} месеца"

    @property
    def is_secret(self) -> bool:
        """Whether even the number of all who left is too small to be shown."""
        return self.members and 0 < self.leavers < SMALLEST_SHOWN

    def is_hidden(self, row: pd.Series) -> bool:
        """Whether a row's children are so few, on any side of its table, that one could be recognised."""
        hits, flagged_, leavers_ = int(row["hits"]), int(row["flagged"]), int(row["leavers"])
        return self.members and any(0 < n < SMALLEST_SHOWN for n in (hits, flagged_ - hits, leavers_ - hits))


def main(store: Store) -> None:
    """The page, from its sentence down."""
    view = choose(store)
    if view.audience == "press":
        html.lead("Тази страница не е за пресата: тя проверява правилата, по които работят екипите.")
        html.notice("mind", "Изберете „За членовете“ или „Вътрешен“.")
        return
    months = [m for m in past_months(store, view.scope.moment) if school_year_of(m) == view.period.start_year]
    if not months:
        html.lead("За тази учебна година още няма минал месец, след който да е подадено нещо.")
        html.notice("mind", "Нужни са месец с отсъствия и списъци или отсъствия след него. Изберете друга година.")
        return
    known = known_until(store, view.scope.moment)
    month, ahead, k = _asked(months, known, view)
    rules = rules_of(store, view.scope.moment)
    found = _tested(store, month, ahead, k, rules, view)
    _sentence(found)
    _notices(found, known, view)
    if not found.leavers or found.is_secret:
        _definitions(found, rules)
        _stamp(found, rules)
        return
    _tiles(found)
    left, right = st.columns([1.3, 1], gap="large")
    with left:
        _picture(found, rules)
    with right:
        _definitions(found, rules)
    _table(found, rules)
    _stamp(found, rules)


def _asked(months: list[date], known: date | None, view: View) -> tuple[date, int, int]:
    first, second, third = st.columns([1, 0.8, 2], vertical_alignment="bottom")
    over = [m for m in months if known and window_end(_end_of(m), 3) <= known]
    default = over[0] if over else months[-1]
    if view.period.kind == "month" and view.period.months[0] in months:
        default = view.period.months[0]
    labels = {month_label(m): m for m in months}
    # The choices change with the year, and with them the widget.
    month = first.selectbox(
        "Минал месец", list(labels), index=months.index(default), key=f"month-{view.period.start_year}"
    )
    ahead = second.selectbox(
        "Напуснали в следващите",
        range(1, 7),
        index=2,
        format_func=lambda n: counted(n, "месец"),
        key="ahead",
        bind="query-params",
    )
    k = third.slider("Колко деца могат да посетят екипите", 10, 300, 30, 5, key="visits")
    return labels.get(str(month), default), int(ahead or 3), int(k)


def _end_of(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def _tested(store: Store, month: date, ahead: int, k: int, rules: RuleSet, view: View) -> Tested:
    known_at, after = view.scope.moment, _end_of(month)
    measured = measures(store, month, known_at)
    heard = heard_of(store, after, ahead, known_at)
    lost = unknown(store, after, ahead, known_at)
    flags = at_stake(measured, flagged(measured, rules.on), after, heard, lost)
    gone = leavers(store, after, ahead, known_at)
    gone = gone[gone["pupil"].isin(flags["pupil"])]
    silent = sorted(set(measured["school"]) - heard)
    return Tested(
        month=month,
        months=ahead,
        k=k,
        until=window_end(after, ahead),
        result=backtest(flags, frozenset(gone["pupil"]), k),
        left=gone,
        tied=tied(flags, k),
        silent=silent,
        members=view.audience != "internal",
    )


def _sentence(found: Tested) -> None:
    """The first line: what the first children by points came to, or that it cannot be said."""
    score = found.score
    since = f"след {month_label(found.month)}"
    if not found.leavers:
        html.lead(f"В {found.window} {since} ", bold("никой не е напуснал"), ": няма по какво да се оценят правилата.")
        return
    if found.is_secret:
        html.lead(f"В {found.window} {since} са напуснали толкова малко деца, че ", bold("нищо не може да се заключи"))
        return
    if found.few:
        html.lead(
            f"В {found.window} {since} {_have_left(found.leavers)} само ",
            bold(counted(found.leavers, "дете")),
            ": ",
            bold("нищо не може да се заключи"),
            " за правилата.",
        )
        return
    n, hits = int(score["flagged"]), int(score["hits"])
    if not n:
        html.lead(f"За {month_label(found.month)} нито едно дете няма точки: няма какво да се оцени.")
        return
    whom = f"първите {number(n)} деца по оценка" if n == found.k else f"всичките {counted(n, 'дете')} с точки"
    base = f"; без подбор щяха да са {_rate(found.leavers, int(score['children']))}"
    if not found.is_hidden(score):
        # Inside the limits chance alone would do as well.
        share = found.leavers / score["children"]
        base += " – разликата може да е случайна" if score["precision_low"] <= share <= score["precision_high"] else ""
    if found.is_hidden(score):
        html.lead(
            f"Колко от {whom} са напуснали в {found.window} {since}, ",
            bold("е скрито"),
            f", за да не се познае дете{base}.",
        )
        return
    html.lead(
        f"От {whom} ",
        bold(number(hits) if hits else "нито едно"),
        f" {_have_left(hits) if hits else 'не е напуснало'} в {found.window} {since} ",
        f"({percent(hits, n)}, между {number(100 * score['precision_low'])} и "
        f"{number(100 * score['precision_high'])}{THIN_SPACE}%){base}.",
    )


def _have_left(n: int) -> str:
    return "е напуснало" if n == 1 else "са напуснали"


def _rate(n: int, of: int) -> str:
    """„1 на 100“, „3 на 1000“: the smallest round number with at least one child in it."""
    for per in (100, 1000, 10_000):
        if round(per * n / of):
            return f"{number(per * n / of)} на {number(per)}"
    return f"под 1 на {number(10_000)}"


def _notices(found: Tested, known: date | None, view: View) -> None:
    if found.few and found.leavers:
        html.notice(
            "mind",
            f"Под {_ENOUGH} напуснали разликата между добро и лошо правило е едно-две деца. Изберете по-дълъг срок или "
            "друг месец; таблицата отдолу е за сведение.",
        )
    if known and known < found.until:
        html.notice(
            "mind",
            f"Данните стигат до {day(known)}, а срокът – до {day(found.until)}: част от напусналите още не се виждат.",
        )
    if view.scope.municipality or view.scope.school:
        html.notice("", "Оценява се цялата област: в една община напусналите са твърде малко, за да се съди по тях.")
    if found.silent:
        names = [view.name_of(code) for code in found.silent]
        more = [f"и още {len(names) - _LISTED}"] if len(names) > _LISTED else []
        html.notice(
            "mind",
            f"Не участват {counted(len(names), 'институция')}: не са подали нищо след месеца и не се знае кой е там – ",
            listed([*names[:_LISTED], *more]),
        )


def _tile(title: str, figure: object, small: str, note: str) -> Safe:
    value = tag("div", figure, tag("small", f" {small}") if small else "", css="figure")
    return tag("section", tag("h2", title), value, tag("div", note, css="from"), css="tile")


def _tiles(found: Tested) -> None:
    score = found.score
    n, hits, gone, children = (int(score[name]) for name in ("flagged", "hits", "leavers", "children"))
    kinds = {how: int((found.left["how"] == how).sum()) for how in _HOW}
    secret = hidden_parts(kinds) if found.members else frozenset()
    how = [f"{number(kinds[name])} {words}" for name, words in _HOW.items() if kinds[name] and name not in secret]
    how += [f"видът на {'другите' if how else 'напускането'} е скрит"] if secret else []
    shown = [_tile("Напуснали", number(gone), f"от {number(children)}", ", ".join(how))]
    if not found.is_hidden(score):
        shown += [
            _tile(f"Сред първите {number(n)} по оценка", number(hits), f"от {number(n)}", _ties(found)),
            _tile("Хванати от всички напуснали", number(hits), f"от {number(gone)}", _between(score, "recall")),
        ]
        if score["lift"] and not pd.isna(score["lift"]):
            shown.append(
                _tile("По-често, отколкото без подбор", number(score["lift"], 1), "пъти", _between_lifts(score))
            )
    if not pd.isna(score["ranking_auc"]):
        note = "колко често напуснало дете е с повече точки от останало; 0,50 е случайност"
        shown.append(_tile("Подреждането като цяло", number(score["ranking_auc"], 2), "", note))
    html.show(tiles(*shown))


def _ties(found: Tested) -> str:
    if not found.tied:
        return ""
    return f"{counted(found.tied, 'дете')} имат равни точки с последното; напред са тези с повече неизвинени"


def _between(row: pd.Series, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if pd.isna(low):
        return ""
    return f"между {number(100 * low)} и {number(100 * high)}{THIN_SPACE}%"


def _between_lifts(score: pd.Series) -> str:
    base = score["leavers"] / score["children"]
    low, high = (number(score[f"precision_{side}"] / base, 1) for side in ("low", "high"))
    return f"между {low} и {high}; 1,0 би било случайност"


def _name(rule_id: str, rules: RuleSet, found: Tested) -> str:
    if rule_id == SCORE:
        return f"Оценката: първите {number(found.score['flagged'])}"
    return _words(rules[rule_id])


def _short(rule_id: str, rules: RuleSet, found: Tested) -> str:
    return f"първите {number(found.score['flagged'])}" if rule_id == SCORE else rules[rule_id].short


def _words(rule: Rule) -> str:
    return f"{rule.name} – {rule.words}" if rule.unit != "times" else rule.name


def _sorted(found: Tested) -> pd.DataFrame:
    """The points first, then the rules, those that find most above chance before."""
    score, rest = found.result.iloc[:1], found.result.iloc[1:]
    return pd.concat([score, rest.sort_values(["lift", "flagged"], ascending=False, na_position="last")])


def _table(found: Tested, rules: RuleSet) -> None:
    html.part(
        "Всяко правило поотделно",
        f"отбелязаните за {month_label(found.month)} и напусналите до {day(found.until)}; границите са 95 %",
    )
    rows = []
    for _, row in _sorted(found).iterrows():
        name = _name(str(row["rule"]), rules, found)
        cells = ["–"] * 6
        if row["flagged"]:
            cells = [HIDDEN, *[""] * 5] if found.is_hidden(row) else _cells(row)
        rows.append([bold(name) if row["rule"] == SCORE else name, number(row["flagged"]), *cells])
    captions = (
        "Правило",
        "Отбелязани",
        "От тях напуснали",
        "Дял",
        "Граници",
        "Хванати от напусналите",
        "Спокойно подминати",
        # The hyphen is one that does not break.
        "Пъти по\u2011често",
    )
    html.show(html.table(captions, rows, numbers=range(1, 8)))


def _cells(row: pd.Series) -> list[str]:
    hits = int(row["hits"])
    low, high = (number(100 * row[f"precision_{side}"]) for side in ("low", "high"))
    return [
        f"{number(hits)} от {number(row['flagged'])}",
        percent(hits, row["flagged"], 1),
        f"{low}–{high}{THIN_SPACE}%",
        f"{number(hits)} от {number(row['leavers'])} ({percent(hits, row['leavers'])})",
        NO_DATA if pd.isna(row["specificity"]) else f"{number(100 * row['specificity'], 1)}{THIN_SPACE}%",
        "–" if pd.isna(row["lift"]) else number(row["lift"], 1),
    ]


def _picture(found: Tested, rules: RuleSet) -> None:
    published = bowers()
    html.part(
        "Нашите правила сред 110 публикувани",
        html.joined(
            [
                "сивите точки са признаци от изследвания в американски училища (",
                tag("span", "Bowers", translate="no"),
                " и др., 2013), повечето за отпадане в рамките на години; чертите са граници с 95 % сигурност",
            ]
        ),
    )
    ordered = _sorted(found)
    # One child found says nothing of a rule.
    seen = ordered[(ordered["flagged"] > 0) & ((ordered["hits"] >= _FOUND) | (ordered["rule"] == SCORE))]
    seen = seen[[not found.is_hidden(row) for _, row in seen.iterrows()]].iloc[:_DRAWN]
    if seen.empty:
        html.show(tag("p", "Малките числа са скрити: от тях може да се познае дете.", css="quiet"))
        return
    ours = pd.DataFrame(
        {
            "name": [_short(str(rule_id), rules, found) for rule_id in seen["rule"]],
            "precision": seen["precision"].to_numpy(float),
            "recall": seen["recall"].to_numpy(float),
            "low": seen["precision_low"].to_numpy(float),
            "high": seen["precision_high"].to_numpy(float),
            "main": (seen["rule"] == SCORE).to_numpy(),
        }
    )
    both = pd.concat([ours, published[["name", "precision", "recall"]]], ignore_index=True)
    table = pd.DataFrame(
        {
            "Признак": both["name"],
            "Напуснали от отбелязаните": [f"{number(100 * p)}{THIN_SPACE}%" for p in both["precision"]],
            "Хванати от напусналите": [f"{number(100 * r)}{THIN_SPACE}%" for r in both["recall"]],
            "Откъде": ["тук"] * len(ours) + ["публикуван"] * len(published),
        }
    )
    says = "Наши правила: " + "; ".join(
        f"{name} – напуснали {number(100 * p)} % от отбелязаните, хванати {number(100 * r)} % от напусналите"
        for name, p, r in zip(ours["name"], ours["precision"], ours["recall"], strict=True)
    )
    picture(precision_recall(ours, published, height=470), "precision-recall", says, table)


def _definitions(found: Tested, rules: RuleSet) -> None:
    html.part("Как е смятано")
    detect = listed([f"„{rules[name].name}“" for name in DETECT])
    middle = bowers()[["precision", "recall"]].median()
    html.show(
        html.bullets(
            [
                f"Отбелязани: над прага на правилото към края на {month_label(found.month)}, с днешните прагове "
                f"(версия {rules.version}) и само с данни до този месец. Оценката е сборът от точките на правилата.",
                f"Напуснали от {day(next_month(found.month))} до {day(found.until)}: отписани в списък или месечен "
                "файл; със случай на отпадане; или изчезнали – в последния списък на училището и в никой следващ, без "
                "запис. Кога точно е изчезнало дете не се знае: приема се средата между последното му появяване и "
                "първия списък без него; ако това е преди срока, детето не участва.",
                "Преместен не е напуснал: детето е в по-късен списък или има отсъствия в друго училище на областта. "
                "Отишлият в друга област не се различава от напуснал. Завършилите XII клас не се броят.",
                f"{detect} не се оценяват: те виждат деца, които вече ги няма, а не предсказват.",
                "„Спокойно подминати“: неотбелязаните от всички останали. „Пъти по-често“: колко пъти по-често напуска "
                "отбелязано дете, отколкото кое да е. Границите са по Уилсън.",
                f"Средният от 110-те признака: напуснали {number(100 * middle['precision'])}{THIN_SPACE}% от "
                f"отбелязаните, хванати {number(100 * middle['recall'])}{THIN_SPACE}% от напусналите. Те са за години "
                "напред и за места, където отпадат много; при малко напуснали всяко правило стои ниско в картината.",
                "Дете без точки не е в безопасност, а правилото не казва защо детето напуска.",
            ]
        )
    )


def _stamp(found: Tested, rules: RuleSet) -> None:
    html.show(
        tag(
            "p",
            f"Цялата област · {counted(int(found.score['children']), 'дете')} в училища и предучилищни групи · "
            f"прагове: версия {rules.version}",
            css="stamp",
        )
    )


store = open_store()
if is_empty(store):
    offer_start(store)
else:
    main(store)
