"""What the backtest says in a sentence, and what to keep in mind."""

from __future__ import annotations

from datetime import date

from obhvat.language import _
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
    since = _("след {month_label}").format(month_label=month_label(tested.month))
    if not tested.leavers:
        html.lead(
            _("В {window} {since} ").format(window=tested.window, since=since),
            bold(_("никой не е напуснал")),
            _(": няма по какво да се оценят правилата."),
        )
        return
    if tested.is_secret:
        html.lead(
            _("В {window} {since} са напуснали толкова малко деца, че ").format(window=tested.window, since=since),
            bold(_("нищо не може да се заключи")),
        )
        return
    if tested.few:
        html.lead(
            _("В {window} {since} {have_left} само ").format(
                window=tested.window, since=since, have_left=_have_left(tested.leavers)
            ),
            bold(counted(tested.leavers, "дете")),
            ": ",
            bold(_("нищо не може да се заключи")),
            _(" за правилата."),
        )
        return
    n, hits = int(score["flagged"]), int(score["hits"])
    if not n:
        html.lead(
            _("За {month_label} нито едно дете няма точки: няма какво да се оцени.").format(
                month_label=month_label(tested.month)
            )
        )
        return
    whom = _("всичките {n} с точки").format(n=counted(n, "дете"))
    if n == 1:
        whom = _("единственото дете с точки")
    elif n == tested.k:
        whom = _("първите {n} деца по точки").format(n=number(n))
    base = _("; без подбор щяха да са {rate}").format(rate=_rate(tested.leavers, int(score["children"])))
    if not tested.hits(score).is_hidden:
        # Inside the limits chance alone would do as well.
        share = tested.leavers / score["children"]
        base += (
            _(" – разликата може да е случайна") if score["precision_low"] <= share <= score["precision_high"] else ""
        )
    if tested.hits(score).is_hidden:
        html.lead(
            _("Колко от {whom} са напуснали в {window} {since}, ").format(whom=whom, window=tested.window, since=since),
            bold(_("е скрито")),
            _(", за да не се познае дете{base}.").format(base=base),
        )
        return
    html.lead(
        _("От {whom} ").format(whom=whom),
        bold(number(hits) if hits else _("нито едно")),
        _(" {part} в {window} {since} ").format(
            part=_have_left(hits) if hits else _("не е напуснало"), window=tested.window, since=since
        ),
        _("({hits}, между {part} и {part2}{THIN_SPACE}%){base}.").format(
            hits=percent(hits, n),
            part=number(100 * score["precision_low"]),
            part2=number(100 * score["precision_high"]),
            THIN_SPACE=THIN_SPACE,
            base=base,
        ),
    )


def _have_left(n: int) -> str:
    return _("е напуснало") if n == 1 else _("са напуснали")


def _rate(n: int, of: int) -> str:
    """„1 на 100“, „3 на 1000“: the smallest round number with at least one child in it."""
    for per in (100, 1000, 10_000):
        if round(per * n / of):
            return _("{per} на {per2}").format(per=number(per * n / of), per2=number(per))
    return _("под 1 на {part}").format(part=number(10_000))


def notices(tested: Tested, until: date | None, view: View) -> None:
    if tested.few and tested.leavers:
        html.notice(
            "mind",
            _(
                "Под {ENOUGH} напуснали разликата между добро и лошо правило е едно-две деца. Изберете "
                "по-дълъг срок или друг месец; таблицата отдолу е за сведение."
            ).format(ENOUGH=ENOUGH),
        )
    if until and until < tested.until:
        html.notice(
            "mind",
            _("Данните стигат до {until}, а срокът – до {until2}: част от напусналите още не се виждат.").format(
                until=day(until), until2=day(tested.until)
            ),
        )
    if view.scope.municipality or view.scope.school:
        html.notice("", _("Оценява се цялата област: в една община напусналите са твърде малко, за да се съди по тях."))
    if tested.silent:
        names = [view.name_of(code) for code in tested.silent]
        html.notice(
            "mind",
            _("Не {part} {names}: след месеца няма подадено и не се знае кой е там – ").format(
                part=_("участва") if len(names) == 1 else _("участват"), names=counted(len(names), "институция")
            ),
            listed(names, most=_LISTED),
        )
