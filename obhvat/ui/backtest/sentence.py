"""What the backtest says in a sentence, and what to keep in mind."""

from __future__ import annotations

from datetime import date

from obhvat.periods import month_label
from obhvat.texts import THIN_SPACE, counted, day, listed, number, percent
from obhvat.ui.backtest.tested import ENOUGH, Tested
from obhvat.ui.filters import View
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold

_LISTED = 8


def answer(tested: Tested) -> None:
    """The first line: what the first children by points came to, or that it cannot be said."""
    score = tested.score
    since = f"след {month_label(tested.month)}"
    if not tested.leavers:
        html.lead(f"В {tested.window} {since} ", bold("никой не е напуснал"), ": няма по какво да се оценят правилата.")
        return
    if tested.is_secret:
        html.lead(f"В {tested.window} {since} са напуснали толкова малко деца, че ", bold("нищо не може да се заключи"))
        return
    if tested.few:
        html.lead(
            f"В {tested.window} {since} {_have_left(tested.leavers)} само ",
            bold(counted(tested.leavers, "дете")),
            ": ",
            bold("нищо не може да се заключи"),
            " за правилата.",
        )
        return
    n, hits = int(score["flagged"]), int(score["hits"])
    if not n:
        html.lead(f"За {month_label(tested.month)} нито едно дете няма точки: няма какво да се оцени.")
        return
    whom = f"първите {number(n)} деца по точки" if n == tested.k else f"всичките {counted(n, 'дете')} с точки"
    base = f"; без подбор щяха да са {_rate(tested.leavers, int(score['children']))}"
    if not tested.hits(score).is_hidden:
        # Inside the limits chance alone would do as well.
        share = tested.leavers / score["children"]
        base += " – разликата може да е случайна" if score["precision_low"] <= share <= score["precision_high"] else ""
    if tested.hits(score).is_hidden:
        html.lead(
            f"Колко от {whom} са напуснали в {tested.window} {since}, ",
            bold("е скрито"),
            f", за да не се познае дете{base}.",
        )
        return
    html.lead(
        f"От {whom} ",
        bold(number(hits) if hits else "нито едно"),
        f" {_have_left(hits) if hits else 'не е напуснало'} в {tested.window} {since} ",
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


def notices(tested: Tested, until: date | None, view: View) -> None:
    if tested.few and tested.leavers:
        html.notice(
            "mind",
            f"Под {ENOUGH} напуснали разликата между добро и лошо правило е едно-две деца. Изберете по-дълъг срок или "
            "друг месец; таблицата отдолу е за сведение.",
        )
    if until and until < tested.until:
        html.notice(
            "mind",
            f"Данните стигат до {day(until)}, а срокът – до {day(tested.until)}: част от напусналите още не се виждат.",
        )
    if view.scope.municipality or view.scope.school:
        html.notice("", "Оценява се цялата област: в една община напусналите са твърде малко, за да се съди по тях.")
    if tested.silent:
        names = [view.name_of(code) for code in tested.silent]
        html.notice(
            "mind",
            f"Не {'участва' if len(names) == 1 else 'участват'} {counted(len(names), 'институция')}: след месеца няма "
            "подадено и не се знае кой е там – ",
            listed(names, most=_LISTED),
        )
