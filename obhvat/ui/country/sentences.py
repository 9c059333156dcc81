"""What the page of the country says: how many oblasts are further out than is expected, and where work lags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from obhvat.country.compared import Compared, Pair
from obhvat.language import _
from obhvat.periods import month_label
from obhvat.texts import counted, listed, number, out_of
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold

_NAMED = 12
FEWEST = 2
"""So many oblasts at least are compared."""


def lead(of: Compared, month: date) -> None:
    """The answer, to be read aloud."""
    compared, outside, silent = len(of.compared), len(of.outside), len(of.of("not_sent"))
    when = _("За {month} ").format(month=month_label(month))
    parts: list[object] = [when]
    if compared < FEWEST:
        parts.append(_("няма две области, които да се сравнят"))
    elif not outside:
        parts.append(bold(_("нито една от {n} не е извън очакваното").format(n=counted(compared, "област"))))
    else:
        verb = _("е извън очакваното") if outside == 1 else _("са извън очакваното")
        parts += [bold(out_of(outside, compared, "област")), f" {verb}"]
    parts.append(_(" по „{name}“").format(name=of.name))
    if silent:
        verb = _("не е изпратила числа") if silent == 1 else _("не са изпратили числа")
        parts.append(f"; {counted(silent, 'област')} {verb}")
    html.lead(*parts)


def who_is_outside(of: Compared) -> None:
    """The oblasts outside the limits by name, in the order of their names, and how the limits come about."""
    lines: list[object] = []
    for level, words in ((1, _("Над очакваното: ")), (-1, _("Под очакваното: "))):
        names = [place.oblast for place in of.outside if place.level == level]
        if names:
            lines.append(html.joined([bold(words), f"{listed(names, most=_NAMED)}."]))
    lines.append(
        _(
            "Очакваното е от–до: при толкова деца или училища там биха били 95 от 100 области, ако се различаваха само "
            "по случайност. Редица по дял не се прави: в малка област той се мени и по случайност."
        )
    )
    if of.spread > 1:
        lines.append(
            _(
                "Областите се различават повече, отколкото по случайност, затова границите са {times} пъти по-широки."
            ).format(times=number(of.spread**0.5, 1))
        )
    html.show(html.bullets(lines))


def other_definitions(*figures: Compared) -> None:
    """Who counts something else under the same name: not compared, and not added up."""
    others = {place.oblast: place.threshold for of in figures for place in of.places if place.state == "other"}
    if not others:
        return
    names = [f"{oblast} ({threshold})" if threshold else oblast for oblast, threshold in sorted(others.items())]
    html.notice(
        "mind",
        bold(_("По друго определение или праг: ")),
        _("{names}. Тези числа не се сравняват и не се събират с другите.").format(names=listed(names, most=_NAMED)),
    )


def where_work_lags(every: Sequence[Pair], visits: Compared) -> None:
    """The oblasts with less work than their need asks: of schools and pupils, and of cases."""
    lagging = [pair.oblast for pair in every if pair.lags]
    known = sum(pair.is_known for pair in every)
    if lagging:
        html.notice(
            "act",
            bold(_("Работата изостава от нуждата: ")),
            _(
                "{names}. Нуждата там е над общата за всички, работата – под общата, и поне едното е извън очакваното."
            ).format(names=listed(lagging, most=_NAMED)),
        )
    few = [place.oblast for place in visits.outside if place.level < 0]
    if few:
        html.notice(
            "act",
            bold(_("Посещенията на адрес са под очакваното: ")),
            _("{names}. Очакваното е според случаите в работа.").format(names=listed(few, most=_NAMED)),
        )
    if known and not lagging and not few:
        html.notice("good", _("В нито една област работата не изостава от нуждата."))
