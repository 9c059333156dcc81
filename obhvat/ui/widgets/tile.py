"""Tiles: a number with its n of N, its change, where it comes from, and what it means behind one click."""

from __future__ import annotations

from obhvat.disclosure import Disclosure, Shown
from obhvat.language import _
from obhvat.metrics import Figure, doubled_note, source_words
from obhvat.texts import number
from obhvat.ui.widgets.html import Safe, joined, tag


def tile(
    title: str,
    value: Shown | str,
    *changes: str,
    small: str = "",
    under: str = "",
    note: str = "",
    folded: Safe | str = "",
    act: bool = False,
) -> Safe:
    """One tile: the number, how it changed, what it is from, a `note` of what to mind in it, and what is `folded` under
    it. `small` stands beside the number; a red edge says to act."""
    return tag(
        "section",
        tag("h2", title),
        _value(value if isinstance(value, str) else value.text, small),
        *(tag("div", change, css="change") for change in changes if change),
        tag("div", under, css="from") if under else "",
        tag("div", note, css="from") if note else "",
        folded,
        css="tile act" if act else "tile",
    )


def _value(words: str, small: str) -> Safe:
    """„14“; „38 от 40“ with the whole smaller; „няма данни“ and „скрито“ quieter than a number."""
    n, of, whole = words.partition(_(" от "))
    if not n[-1:].isdigit():
        return tag("div", words, css="figure none")
    small = small or (whole and f"{of.lstrip()}{whole}")
    # „под 10“ is one word to the eye; of how many stands under it.
    css = "figure" if n[:1].isdigit() else "figure band"
    return tag("div", n, tag("small", f" {small}") if small else "", css=css)


def figure_tile(
    of: Figure, before: Figure, disclosure: Disclosure, title: str, *, act: bool = False, since: str = ""
) -> Safe:
    """The tile of a figure as an audience may see it; `since` is what changed since the last meeting, in words."""
    change = disclosure.change(of, before)
    return tile(
        title,
        disclosure.figure(of),
        *("", "") if change.is_hidden else (change.text, since),
        under="; ".join(filter(None, (of.day_words, source_words(of)))),
        note=doubled_note(of, named=not disclosure.is_press),
        folded="" if change.is_hidden else definition(of),
        act=act,
    )


def meaning(*lines: str) -> Safe:
    """What a number means, folded."""
    return tag("details", tag("summary", _("какво означава")), *(tag("p", line) for line in lines))


def definition(of: Figure) -> Safe:
    """What a figure means, folded: its definition, n, N and source. Not for a number that is hidden."""
    metric = of.metric
    lines = [metric.definition]
    if of.n is not None:
        lines.append(f"{metric.numerator}: {number(of.n)}")
        if metric.denominator and of.d is not None and metric.kind != "count":
            lines.append(f"{metric.denominator}: {number(of.d)}")
    if metric.rule:
        lines.append(_("Праг: {words} за месец.").format(words=metric.rule.words))
    return meaning(*lines, _("Източник: {source}.").format(source=metric.source))


def tiles(*items: Safe, css: str = "tiles") -> Safe:
    """A row of tiles; „tiles pairs“ sets them two a row."""
    return tag("div", joined(items), css=css)
