"""Every oblast in a row, in the order of their names: its figures, what is expected, and what it has sent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from obhvat.country.compared import Compared, Place, Sender, from_words
from obhvat.disclosure import HIDDEN
from obhvat.language import N_, _
from obhvat.periods import month_label
from obhvat.texts import NO_DATA, counted, day, number, of_hundred, out_of, percent
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, joined, tag
from obhvat.ui.widgets.tile import tile, tiles

_LEVELS = {1: N_("▲ над очакваното"), 0: N_("в очакваното"), -1: N_("▼ под очакваното")}
_STATES = {
    "hidden": HIDDEN,
    "no_data": NO_DATA,
    "other": N_("друго определение"),
    "not_in_file": N_("не е във файла"),
    "not_sent": N_("няма файл"),
}
_SINCE_START = N_("от началото на учебната година")


def state_words(place: Place) -> str:
    """„460 от 10 810 (4,3 %)“, „14“, „скрито“, „няма данни“, „няма файл“."""
    if place.state != "told":
        return _(_STATES[place.state])
    if not place.d:
        return number(place.n)
    return f"{out_of(place.n, place.d)} ({percent(place.n or 0, place.d, 1)})"


def range_words(place: Place) -> str:
    """„3,9–4,6 %“; of a count „12–31“."""
    if place.low is None or place.high is None:
        return ""
    if place.d is None:
        return f"{number(math.ceil(place.low))}–{number(math.floor(place.high))}"
    return of_hundred(f"{number(100 * place.low, 1)}–{number(100 * place.high, 1)}")


def totals(figures: Mapping[str, Compared], so_far: frozenset[str]) -> None:
    """The country's sums, each with the oblasts that it is from."""
    html.show(
        tiles(
            *(
                tile(
                    of.name,
                    out_of(of.n, of.d) if of.d else number(of.n),
                    _(_SINCE_START) if name in so_far else "",
                    under=from_words(of),
                )
                for name, of in figures.items()
            )
        )
    )


def by_oblast(figures: Mapping[str, Compared], sent: Sequence[Sender], today: date) -> None:
    """A row an oblast; the last is their sum."""
    html.part(
        _("По области"),
        _("по азбучен ред; отдолу е колко се очаква, за посещенията – според случаите; сборът е на показаните числа"),
    )
    columns = [{place.oblast: place for place in of.places} for of in figures.values()]
    rows = [(one.oblast, *(_cell(column[one.oblast]) for column in columns), _file(one, today)) for one in sent]
    sums = (out_of(of.n, of.d) if of.d else number(of.n) for of in figures.values())
    captions = [_("Област"), *(of.name for of in figures.values()), _("Файл за месеца")]
    html.show(html.table(captions, rows, total=(_("Общо"), *sums, _sent_words(sent))))


def _cell(place: Place) -> Safe:
    words = tag("span", state_words(place))
    if place.low is None:
        return words
    expected = _("{level}: {between}").format(level=_(_LEVELS[place.level]), between=range_words(place))
    return joined([words, tag("div", tag("small", expected))])


def _file(one: Sender, today: date) -> Safe:
    if one.made_at:
        days = max((today - one.made_at.date()).days, 0)
        ago = _("преди {days}").format(days=counted(days, "ден")) if days else _("днес")
        return joined([day(one.made_at.date()), tag("div", tag("small", ago))])
    last = (
        _("последният е за {month}").format(month=month_label(one.last_month))
        if one.last_month
        else _("още никога не е изпращан")
    )
    return joined([tag("b", _("няма файл")), tag("div", tag("small", last))])


def _sent_words(sent: Sequence[Sender]) -> str:
    return out_of(sum(one.made_at is not None for one in sent), len(sent), "област")
