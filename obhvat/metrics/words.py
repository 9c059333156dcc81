"""A figure in words: its value, its change, and from how many places it comes."""

from __future__ import annotations

from obhvat.metrics.figures import Figure
from obhvat.metrics.metric import Metric
from obhvat.texts import NO_DATA, change, counted, number, out_of


def value_words(of: Metric, n: float | None, d: float | None) -> str:
    """„14“, „38 от 40“, „3,45“ or „няма данни“."""
    if of.kind == "ratio":
        return number(n / d, 2) if n is not None and d else NO_DATA
    return number(n) if of.kind == "count" else out_of(n, d)


def comparable(now: Figure, before: Figure) -> bool:
    """False when the rule behind the figure changed between the two periods."""
    day = now.metric.breaks_on
    return day is None or not (before.period.first < day <= now.period.last)


def change_words(now: Figure, before: Figure) -> str:
    """How it changed since the same period a year ago."""
    since = before.since
    if now.value is None:
        return ""
    if before.value is None:
        return f"за {since} няма данни за сравнение"
    if not comparable(now, before):
        return f"не се сравнява с {since}: правилото е сменено"
    if now.metric.kind == "ratio":
        difference = now.value - before.value
        words = "повече" if difference > 0 else "по-малко"
        return f"{number(abs(difference), 2)} {words} от {since} ({number(before.value, 2)})"
    return change(now.value, before.value, now.metric.unit, since)


def source_words(of: Figure) -> str:
    """„по данни от 38 от 40 училища“; empty without data."""
    if not of.has_data:
        return ""
    n, places, noun = of.reporting, of.places, of.place_noun
    return f"по данни от {out_of(n, places, noun) if n < places else counted(places, noun)}"
