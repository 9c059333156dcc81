"""Checking what somebody is about to send: a sentence or a table of his own. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from obhvat.language import _, ngettext
from obhvat.privacy import scrub
from obhvat.sums.claims import Addend, Claim, Difference, Ratio, Sum
from obhvat.sums.reading import claims
from obhvat.sums.sentence import Sentence, sentences
from obhvat.sums.tables import checked_table
from obhvat.texts import listed, noun, number, out_of, percent

Level = Literal["good", "mind", "act"]
_NEAR = 0.1
"""How far from the first number of a text the sum of the others may be, to be taken for its parts."""
LONGEST = 10_000
"""Letters that are read of a text."""


@dataclass(frozen=True)
class Verdict:
    """One thing that was understood: what was read, and what does not add up; '' when it does."""

    read: str
    fault: str = ""
    level: Level = "good"


@dataclass(frozen=True)
class Checked:
    """What was understood of a text, what of it does not add up, and which of its numbers were not checked."""

    verdicts: tuple[Verdict, ...]
    unchecked: tuple[str, ...]
    is_table: bool = False

    @property
    def faults(self) -> tuple[Verdict, ...]:
        """What surely does not add up."""
        return tuple(verdict for verdict in self.verdicts if verdict.level == "act")

    @property
    def words(self) -> str:
        """The answer in one sentence."""
        if self.is_table and not self.verdicts:
            return _("Не намерих ред или колона „Общо“, нито дялове, които да проверя.")
        if not self.verdicts and not self.unchecked:
            return _("В текста няма числа, които да се проверят.")
        if not self.verdicts:
            return _(
                "Не разбрах какво да проверя: има числа, но не и общо с частите му, дял с n и N, „пъти“ или средно "
                "на някого. Числата са {numbers}."
            ).format(numbers=listed(self.unchecked))
        n, of = len(self.faults), len(self.verdicts)
        if n:
            return (
                _("Не излиза.")
                if of == 1
                else ngettext("Не излиза {n} проверени.", "Не излизат {n} проверени.", n).format(n=out_of(n, of))
            )
        if any(verdict.fault for verdict in self.verdicts):
            return _("Има нещо за уточняване.")
        return _("Излиза.") if of == 1 else _("Излизат и {n}-те проверени.").format(n=of)


def check(text: str) -> Checked:
    """Check a sentence, several, or a table with columns separated by tabs or semicolons."""
    text = text[:LONGEST]
    table = checked_table(text)
    if table is not None:
        return Checked(tuple(map(_verdict_of_cell, table)), (), is_table=True)
    every = sentences(text)
    verdicts = [_verdict(claim) for sentence in every for claim in claims(sentence)] or _unsaid(every)
    unused = [
        _written(one.value, one.decimals)
        + (" %" if one.kind == "percent" else _(" пъти") if one.kind == "times" else "")
        for sentence in every
        for i, one in enumerate(sentence.numbers)
        if i not in sentence.seen
    ]
    return Checked(tuple(verdicts), tuple(unused))


def _unsaid(every: list[Sentence]) -> list[Verdict]:
    """When nothing says what is a part of what: whether all other numbers are nearly the first one."""
    counts = [(sentence, i) for sentence in every for i in sentence.left]
    if len(counts) < 3 or any(len(sentence.left) < len(sentence.numbers) for sentence in every):
        return []
    whole, *parts = (sentence.numbers[i] for sentence, i in counts)
    claim = Sum(whole.value, tuple(Addend(part.value, about=part.about) for part in parts), about=whole.about)
    if abs(claim.left) > claim.total * _NEAR:
        return []
    for sentence, i in counts:
        sentence.take(i)
    verdict = _verdict(claim)
    read = _("ако числата след {written} са негови части: {read}").format(
        written=_written(whole.value), read=verdict.read
    )
    return [Verdict(read, verdict.fault, "mind" if verdict.fault else "good")]


def _verdict_of_cell(claim: tuple[str, Claim]) -> Verdict:
    where, what = claim
    verdict = _verdict(what)
    # A row of a pasted table may be called by a child's name.
    return Verdict(f"{scrub(where)}: {verdict.read}", verdict.fault, verdict.level)


def _verdict(claim: Claim) -> Verdict:
    if isinstance(claim, Sum):
        return _of_sum(claim)
    return _of_ratio(claim) if isinstance(claim, Ratio) else _of_difference(claim)


def _written(value: float, decimals: int = 0) -> str:
    return number(value, decimals or (0 if float(value).is_integer() else 2))


def _rough(value: float, about: bool) -> str:
    return f"{(_('около ') if about else '')}{_written(value)}"


def _of_sum(claim: Sum) -> Verdict:
    parts = " + ".join(_rough(part.n, part.about) for part in claim.parts)
    total = f"{_rough(claim.total, claim.about)}{f' {noun(claim.total, claim.unit)}' if claim.unit else ''}"
    read = _("{parts} = {written}; обявено: {total}").format(parts=parts, written=_written(claim.added), total=total)
    if len(claim.units) > 1:
        units = listed(sorted(noun(2, unit) for unit in claim.units))
        return Verdict(read, _("събрани са различни единици: {units}").format(units=units), "mind")
    if claim.adds_up:
        if claim.left:
            read += _("; разликата от {written} е колкото закръглението").format(written=_written(abs(claim.left)))
        return Verdict(read)
    if claim.left < 0:
        return Verdict(read, _("частите са с {written} повече от общото").format(written=_written(-claim.left)), "act")
    if claim.open:
        return Verdict(
            read,
            _("за {written} не се казва нищо; ако изброяването е пълно, не достигат толкова").format(
                written=_written(claim.left)
            ),
            "mind",
        )
    return Verdict(read, _("частите са с {written} по-малко от общото").format(written=_written(claim.left)), "act")


def _of_ratio(claim: Ratio) -> Verdict:
    n, d = _written(claim.n), _written(claim.d)
    stated = None if claim.stated is None else _written(claim.stated, claim.digits)
    digits = max(claim.digits, 1)
    if claim.kind == "percent":
        real = percent(claim.n, claim.d, digits)
        read = _("{n} от {d} са {real}").format(n=n, d=d, real=real)
        if claim.stated is None:
            return (
                Verdict(_("{read}; процент не е обявен").format(read=read))
                if claim.adds_up
                else Verdict(read, _("{n} е над {d}").format(n=n, d=d), "act")
            )
        read += _("; обявено: {stated}\u202f%").format(stated=stated)
        if claim.adds_up:
            return Verdict(read)
        would_be = _("{stated}\u202f% от {d} са {written}").format(
            stated=stated, d=d, written=_written(round(claim.stated * claim.d / 100))
        )
        points = _written(round(abs(claim.real - claim.stated), digits), digits)
        return Verdict(
            read, _("разликата е {points} пункта; {would_be}").format(points=points, would_be=would_be), "act"
        )
    if claim.kind == "times":
        read = _("{n} : {d} = {real} пъти; обявено: {stated} пъти").format(
            n=n, d=d, real=number(claim.real, digits), stated=stated
        )
        if claim.adds_up or not claim.stated:
            return Verdict(read)
        off = _written(round(abs(claim.real - claim.stated), digits), digits)
        would_be = f"{n} : {stated} = {_written(round(claim.n / claim.stated))}"
        return Verdict(read, _("разликата е {off} пъти; {would_be}").format(off=off, would_be=would_be), "act")
    read = _("{n} на {d} са средно {real}; обявено: {stated}").format(
        n=n, d=d, real=number(claim.real, max(claim.digits, 2)), stated=stated
    )
    if claim.adds_up or claim.stated is None:
        return Verdict(read)
    return Verdict(
        read,
        _("при {stated} на всеки от {d} биха били {written}").format(
            stated=stated, d=d, written=_written(round(claim.stated * claim.d))
        ),
        "act",
    )


def _of_difference(claim: Difference) -> Verdict:
    unit = "\u202f%" if claim.is_percent else ""
    real = _written(claim.real, max(claim.decimals, 1) if claim.is_percent else 0)
    rises = claim.now > claim.before
    read = _("от {before} на {now} е с {real} повече") if rises else _("от {before} на {now} е с {real} по-малко")
    if claim.now == claim.before:
        read = _("от {before} на {now} няма промяна")
    read = read.format(before=_written(claim.before), now=_written(claim.now), real=f"{real}{unit}")
    if claim.stated is not None:
        read += _("; обявено: {written}{unit}").format(written=_written(claim.stated, claim.decimals), unit=unit)
    if claim.is_other_way:
        falls = _("написано е увеличение, а е намаление")
        return Verdict(read, falls if claim.rises else _("написано е намаление, а е увеличение"), "act")
    if claim.adds_up:
        return Verdict(read)
    off = round(abs(claim.real - (claim.stated or 0)), 1)
    return Verdict(
        read,
        (_("разликата е {n} пункта") if claim.is_percent else _("разликата е {n}")).format(n=_written(off)),
        "act",
    )
