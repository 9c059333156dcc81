"""What an oblast tells the ministry of a month: every figure that the press may be told, of the oblast as a whole.

All of it goes through `Disclosure` as for the press. Numbers of children are told of the month alone and never of a
longer time beside it: then no month that is hidden can be computed from a longer time and the other months, in one file
or in two that follow one another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime

from obhvat import __version__
from obhvat.country.keys import signing_key
from obhvat.country.signed import SUFFIX, About, sign
from obhvat.country.told import Told
from obhvat.disclosure import Disclosure
from obhvat.errors import ObhvatError
from obhvat.language import BULGARIAN, _, speaking
from obhvat.metrics import Figure, Metric, figure, metrics_in_use
from obhvat.periods import Period, last_of, month_label, month_period, school_year_of_month, term_of_month
from obhvat.scope import Scope, oblast_name
from obhvat.scope.days import newest_month
from obhvat.store import Store

_DECIMALS = 6
_NO_NAME = re.compile(r"[^\w() -]+")
"""What a file's name does not hold."""


def figures_file(store: Store, month: date | None = None) -> tuple[str, bytes]:
    """The signed file of a month, without one of the newest that anybody has sent absences for, and its usual name.

    Raises ObhvatError where the register names no oblast, and for a month that is not over or that there is none of.
    """
    now = store.now()
    oblast = oblast_name(store, now)
    if not oblast:
        raise ObhvatError(_("Не се знае на коя област са числата. Качете регистъра на институциите с колона „Област“."))
    month = month or newest_month(store, now.date(), now)
    if month is None:
        raise ObhvatError(_("В базата няма отсъствия за нито един месец. Качете ги или посочете месец с --period."))
    if last_of(month) >= now.date():
        raise ObhvatError(
            _("За {month} още не се изпращат числа: месецът не е изтекъл.").format(month=month_label(month))
        )
    about = About(oblast, month, now.astimezone(), __version__)
    name = f"obhvat-{_NO_NAME.sub('_', oblast)}-{month:%Y-%m}{SUFFIX}"
    return name, sign(about, told_of(store, month, now), signing_key(store.path))


@speaking(BULGARIAN)
def told_of(store: Store, month: date, known_at: datetime) -> tuple[Told, ...]:
    """The figures of a month as known at a moment, in the order metrics are declared."""
    door = Disclosure(store, "press")
    told = [of for of in metrics_in_use(store, known_at) if door.tells_alone(of.id)]
    return tuple(line for of in told for line in lines_of(store, of, month, known_at))


def lines_of(store: Store, of: Metric, month: date, known_at: datetime) -> Iterator[Told]:
    """One figure of the month, and of what happened that of the term and the school year so far."""
    door, scope = Disclosure(store, "press"), Scope(known_at=known_at)
    for period, day in _times(of, month):
        yield _told(figure(store, of.id, period, scope, day), period, door)


def _times(of: Metric, month: date) -> Iterator[tuple[Period, date | None]]:
    """The month; of what happened, the term and the school year up to its end, too."""
    yield month_period(month), None
    if not (of.children or of.stock or of.period == "last_month"):
        yield term_of_month(month), last_of(month)
        yield Period(school_year_of_month(month), "year"), last_of(month)


def _told(of: Figure, period: Period, door: Disclosure) -> Told:
    shown, kind = door.figure(of), of.metric.kind
    # Where it is hidden, of how many it is could be the number of another figure that is hidden.
    n, d = (None, None) if shown.is_hidden else (of.n, of.d if kind != "count" else None)
    return Told(
        metric=of.metric.id,
        name=of.metric.name,
        unit=of.metric.unit,
        kind=kind,
        period=period.key,
        day=of.day.isoformat() if of.day else None,
        definition=definition_of(of.metric),
        threshold=of.metric.rule_words,
        text=shown.text,
        value=_rounded(shown.value),
        n=_rounded(n),
        d=_rounded(d),
        why=shown.why,
        reporting=of.reporting,
        places=of.places,
    )


def _rounded(number: float | None) -> float | None:
    """As JSON has it: whole numbers whole."""
    if number is None:
        return None
    return int(number) if float(number).is_integer() else round(float(number), _DECIMALS)


@speaking(BULGARIAN)
def definition_of(of: Metric) -> str:
    """By what two figures are known to count the same: a hash of the definition, with the threshold that was used."""
    words = (of.id, of.definition, of.numerator, of.denominator, of.unit, of.kind, of.period, of.grain, of.rule_words)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
