"""Tiles: a figure with its n of N, its change, where it comes from, and its definition behind one click."""

from __future__ import annotations

from obhvat.metrics import Figure
from obhvat.texts import NO_DATA, change, counted, noun, number
from obhvat.ui.filters import View
from obhvat.ui.widgets.html import Safe, joined, tag

HIDDEN = "скрито"


def words_of(found: Figure, *, hidden: bool = False) -> Safe:
    """The number as it is shown: „14“, „38 от 40“, „3,45“, „няма данни“, or that it is small and hidden."""
    if found.value is None:
        return tag("div", NO_DATA, css="figure none")
    if hidden:
        return tag("div", HIDDEN, css="figure none")
    if found.metric.kind == "share" and found.d is not None:
        return tag("div", number(found.n), tag("small", f" от {number(found.d)}"), css="figure")
    return tag("div", number(found.value, 2 if found.metric.kind == "ratio" else 0), css="figure")


def change_words(found: Figure, before: Figure) -> str:
    """How it changed since the same period a year ago, in words."""
    since = before.since
    if found.value is None:
        return ""
    if before.value is None:
        return f"за {since} няма данни за сравнение"
    if not comparable(found, before):
        return f"не се сравнява с {since}: правилото е сменено"
    if found.metric.kind == "ratio":
        difference = found.value - before.value
        words = "повече" if difference > 0 else "по-малко"
        return f"{number(abs(difference), 2)} {words} от {since} ({number(before.value, 2)})"
    return change(found.value, before.value, found.metric.unit, since)


def comparable(found: Figure, before: Figure) -> bool:
    """False when the rule behind the figure changed between the two periods."""
    day = found.metric.breaks_on
    return day is None or not (before.period.first < day <= found.period.last)


def source_words(found: Figure) -> str:
    """From how many of how many places it comes."""
    if not found.has_data:
        return ""
    if found.reporting == found.places:
        return f"по данни от {counted(found.places, found.place_noun)}"
    return f"по данни от {number(found.reporting)} от {counted(found.places, found.place_noun)}"


def definition(found: Figure) -> Safe:
    """The definition, n, N and source, folded."""
    m = found.metric
    lines = [tag("p", m.definition)]
    if found.n is not None:
        lines.append(tag("p", f"{m.numerator}: {number(found.n)}"))
        if m.denominator and found.d is not None and m.kind != "count":
            lines.append(tag("p", f"{m.denominator}: {number(found.d)}"))
    if m.rule:
        lines.append(tag("p", f"Праг: {m.rule.words} за месец."))
    lines.append(tag("p", f"Източник: {m.source}."))
    return tag("details", tag("summary", "какво означава"), *lines)


def tile(
    found: Figure,
    before: Figure | None,
    view: View,
    title: str,
    *,
    hidden: bool = False,
    act: bool = False,
    since: str = "",
) -> Safe:
    """One tile; `since` is what changed since the last meeting, in words."""
    parts: list[Safe] = [tag("h2", title), words_of(found, hidden=hidden)]
    if before is not None and not hidden:
        parts.append(tag("div", change_words(found, before), css="change"))
        if since:
            parts.append(tag("div", since, css="change"))
    parts.append(tag("div", source_words(found), css="from"))
    if not hidden:
        parts.append(definition(found))
    return tag("section", *parts, css="tile act" if act else "tile")


def tiles(*items: Safe) -> Safe:
    return tag("div", joined(items), css="tiles")


def listed_count(n: int, name: str) -> str:
    """„2 училища“ for a heading."""
    return f"{number(n)} {noun(n, name)}"
