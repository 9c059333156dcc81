"""Checking what somebody is about to send: a sentence or a table of his own. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
            return "Не намерих ред или колона „Общо“, нито дялове, които да проверя."
        if not self.verdicts and not self.unchecked:
            return "В текста няма числа, които да се проверят."
        if not self.verdicts:
            return (
                "Не разбрах какво да проверя: има числа, но не и общо с частите му, дял с n и N, „пъти“ или средно на "
                f"някого. Числата са {listed(self.unchecked)}."
            )
        n, of = len(self.faults), len(self.verdicts)
        if n:
            return "Не излиза." if of == 1 else f"Не {'излиза' if n == 1 else 'излизат'} {out_of(n, of)} проверени."
        if any(verdict.fault for verdict in self.verdicts):
            return "Има нещо за уточняване."
        return "Излиза." if of == 1 else f"Излизат и {of}-те проверени."


def check(text: str) -> Checked:
    """Check a sentence, several, or a table with columns separated by tabs or semicolons."""
    text = text[:LONGEST]
    table = checked_table(text)
    if table is not None:
        return Checked(tuple(map(_verdict_of_cell, table)), (), is_table=True)
    every = sentences(text)
    verdicts = [_verdict(claim) for sentence in every for claim in claims(sentence)] or _unsaid(every)
    unused = [
        _written(one.value, one.decimals) + (" %" if one.kind == "percent" else " пъти" if one.kind == "times" else "")
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
    read = f"ако числата след {_written(whole.value)} са негови части: {verdict.read}"
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
    return f"{'около ' if about else ''}{_written(value)}"


def _of_sum(claim: Sum) -> Verdict:
    parts = " + ".join(_rough(part.n, part.about) for part in claim.parts)
    total = f"{_rough(claim.total, claim.about)}{f' {noun(claim.total, claim.unit)}' if claim.unit else ''}"
    read = f"{parts} = {_written(claim.added)}; обявено: {total}"
    if len(claim.units) > 1:
        units = listed(sorted(noun(2, unit) for unit in claim.units))
        return Verdict(read, f"събрани са различни единици: {units}", "mind")
    if claim.adds_up:
        if claim.left:
            read += f"; разликата от {_written(abs(claim.left))} е колкото закръглението"
        return Verdict(read)
    if claim.left < 0:
        return Verdict(read, f"частите са с {_written(-claim.left)} повече от общото", "act")
    if claim.open:
        return Verdict(
            read, f"за {_written(claim.left)} не се казва нищо; ако изброяването е пълно, не достигат толкова", "mind"
        )
    return Verdict(read, f"частите са с {_written(claim.left)} по-малко от общото", "act")


def _of_ratio(claim: Ratio) -> Verdict:
    n, d = _written(claim.n), _written(claim.d)
    stated = None if claim.stated is None else _written(claim.stated, claim.digits)
    digits = max(claim.digits, 1)
    if claim.kind == "percent":
        real = percent(claim.n, claim.d, digits)
        read = f"{n} от {d} са {real}"
        if claim.stated is None:
            return Verdict(f"{read}; процент не е обявен") if claim.adds_up else Verdict(read, f"{n} е над {d}", "act")
        read += f"; обявено: {stated}\u202f%"
        if claim.adds_up:
            return Verdict(read)
        would_be = f"{stated}\u202f% от {d} са {_written(round(claim.stated * claim.d / 100))}"
        points = _written(round(abs(claim.real - claim.stated), digits), digits)
        return Verdict(read, f"разликата е {points} пункта; {would_be}", "act")
    if claim.kind == "times":
        read = f"{n} : {d} = {number(claim.real, digits)} пъти; обявено: {stated} пъти"
        if claim.adds_up or not claim.stated:
            return Verdict(read)
        off = _written(round(abs(claim.real - claim.stated), digits), digits)
        would_be = f"{n} : {stated} = {_written(round(claim.n / claim.stated))}"
        return Verdict(read, f"разликата е {off} пъти; {would_be}", "act")
    read = f"{n} на {d} са средно {number(claim.real, max(claim.digits, 2))}; обявено: {stated}"
    if claim.adds_up or claim.stated is None:
        return Verdict(read)
    return Verdict(read, f"при {stated} на всеки от {d} биха били {_written(round(claim.stated * claim.d))}", "act")


def _of_difference(claim: Difference) -> Verdict:
    way = "повече" if claim.now > claim.before else "по-малко"
    unit = "\u202f%" if claim.is_percent else ""
    real = _written(claim.real, max(claim.decimals, 1) if claim.is_percent else 0)
    read = f"от {_written(claim.before)} на {_written(claim.now)} е с {real}{unit} {way}"
    if claim.now == claim.before:
        read = f"от {_written(claim.before)} на {_written(claim.now)} няма промяна"
    if claim.stated is not None:
        read += f"; обявено: {_written(claim.stated, claim.decimals)}{unit}"
    if claim.is_other_way:
        said, is_so = ("увеличение", "намаление") if claim.rises else ("намаление", "увеличение")
        return Verdict(read, f"написано е {said}, а е {is_so}", "act")
    if claim.adds_up:
        return Verdict(read)
    off = round(abs(claim.real - (claim.stated or 0)), 1)
    return Verdict(read, f"разликата е {_written(off)}{' пункта' if claim.is_percent else ''}", "act")
