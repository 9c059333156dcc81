"""What is claimed with the numbers of a sentence: read by what stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from obhvat.sums.claims import Addend, Claim, Ratio, Sum
from obhvat.sums.numbers import Number
from obhvat.sums.ratios import bare_shares, changes, means, pairs_of, parts_in_percent, shares
from obhvat.sums.sentence import ABOUT, FROM, OF_THEM, Sentence

_TOTAL_BEFORE = re.compile(
    r"(?:\b(?:общо|всичко|сумарно|сбор(?:ът)?|общ(?:ият|ия)?(?:\s+им)?\s+брой)\b(?:\s+[а-я]+){0,2}|=)\s*$",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(r"\s*(?:[а-я]+\s+){0,2}общо\b", re.IGNORECASE)
_LISTED = re.compile(r"както следва|разпредел|съответно", re.IGNORECASE)
_MORE = re.compile(r"…|\.\.\.|\bи др(?:уги)?\b|\bи т\.\s?н", re.IGNORECASE)


def claims(sentence: Sentence) -> list[Claim]:
    """What a sentence says that can be worked out again; numbers that are taken are marked as used."""
    found: list[Claim] = [*_equations(sentence), *changes(sentence), *means(sentence)]
    nested = [*_in_brackets(sentence)]
    of_wholes = [*shares(sentence)]
    sums = [claim for part in _clauses(sentence) for claim in _sums(sentence, part)]
    return [*found, *sums, *nested, *of_wholes, *parts_in_percent(sentence, sums), *bare_shares(sentence)]


def _addend(number: Number) -> Addend:
    return Addend(number.value, number.unit, about=number.about)


def _sum(sentence: Sentence, total: int, parts: list[int], *, more: bool, is_part: bool = False) -> Sum:
    """`is_part`: the total may itself be a part of another sum."""
    whole = sentence.numbers[total]
    addends = tuple(_addend(sentence.numbers[i]) for i in parts)
    sentence.take(total, *parts, free=total if is_part else None)
    return Sum(whole.value, addends, unit=whole.unit, about=whole.about, open=more)


def _equations(sentence: Sentence) -> Iterator[Claim]:
    """„2 + 2 + 6 = 10“, „554 / 72 = 7,7“; a chain of + in brackets is of the number before them."""
    i = 0
    while i < len(sentence.numbers):
        chain = [i]
        while chain[-1] + 1 < len(sentence.numbers) and re.fullmatch(r"[^.,;:=\d]*\+\s*", sentence.after(chain[-1])):
            chain.append(chain[-1] + 1)
        after = chain[-1] + 1
        is_equal = re.fullmatch(rf"[^,;:\d]*={ABOUT}", sentence.after(chain[-1]))
        if len(chain) > 1 and after < len(sentence.numbers) and is_equal:
            yield _sum(sentence, after, chain, more=False)
        elif len(chain) > 1 and chain[0] and re.fullmatch(r"[^.;\d]*[:(=–]\s*", sentence.before(chain[0])):
            yield _sum(sentence, chain[0] - 1, chain, more=False, is_part=True)
        elif (
            len(chain) == 1
            and i + 2 < len(sentence.numbers)
            and re.fullmatch(r"[^.,;\d]*[/:÷]\s*", sentence.after(i))
            and re.fullmatch(rf"[^.,;\d]*(?:=|е |са ){ABOUT}", sentence.after(i + 1))
        ):
            n, d, stated = (sentence.numbers[j] for j in (i, i + 1, i + 2))
            sentence.take(i, i + 1, i + 2)
            kind = "percent" if stated.kind == "percent" else "mean"
            if d.value:
                yield Ratio(kind, n.value, d.value, stated.value, about=stated.about, decimals=stated.decimals)
        i = after


def _in_brackets(sentence: Sentence) -> Iterator[Claim]:
    """„328 (81, 71, 60…)“: the parts of the number before. One number in brackets is beside the sum: „162 семейства
    (176 деца)“."""
    for match in re.finditer(r"\(([^()]*)\)", sentence.text):
        within = [i for i in sentence.left if match.start() < sentence.numbers[i].start < match.end()]
        before = [i for i in sentence.left if sentence.numbers[i].end <= match.start()]
        if len(within) >= 2 and before and not re.search(r"\bот\b", match[1]):
            whole = before[-1]
            yield _sum(sentence, whole, within, more=bool(_MORE.search(match[1])), is_part=True)
        elif len(within) == 1 and not any(n.kind == "percent" for n in sentence.numbers
                                          if match.start() < n.start < match.end()):  # fmt: skip
            sentence.used.add(within[0])


def _clauses(sentence: Sentence) -> list[list[int]]:
    """The counts that are left, those between semicolons apart unless a total stands before all of them."""
    first = sentence.text.find(";")
    left = sentence.left
    if first < 0 or ":" in sentence.text[:first] or OF_THEM.search(sentence.text[:first]):
        return [left]
    clauses: dict[int, list[int]] = {}
    for i in left:
        clauses.setdefault(sentence.text.count(";", 0, sentence.numbers[i].start), []).append(i)
    return [*clauses.values()] if max(map(len, clauses.values()), default=0) > 2 else [left]


def _sums(sentence: Sentence, counts: list[int]) -> Iterator[Sum]:
    """The total of a clause and its parts."""
    # In „n от N“ the whole is no part.
    wholes = {j for i, j in pairs_of(sentence) if j in counts and not _TOTAL_BEFORE.search(sentence.before(i))}
    counts = [i for i in counts if i not in wholes]
    if len(counts) < 3:
        return
    has_more = bool(_MORE.search(re.sub(r"\([^()]*\)", "", sentence.text)))
    for total in counts:
        if _TOTAL_BEFORE.search(sentence.before(total)) or _TOTAL_AFTER.match(sentence.after(total)):
            earlier, later = [i for i in counts if i < total], [i for i in counts if i > total]
            parts = later if len(later) > 1 and _is_list(sentence, total, later[0]) else earlier or later
            if len(parts) > 1:
                loose = parts is later and OF_THEM.search(sentence.between(total, later[0]))
                yield _sum(sentence, total, parts, more=has_more or bool(loose))
            return
    of_them = {j for i, j in pairwise(counts) if OF_THEM.search(sentence.between(i, j))}
    for place, (total, first) in enumerate(pairwise(counts)):
        is_list = _is_list(sentence, total, first)
        if not (is_list or first in of_them or FROM.search(sentence.before(total))):
            continue
        parts = counts[place + 1 :]
        inner = min(of_them - {first}, default=None)
        if inner is not None:
            outer, within = _divided(sentence, total, parts, inner)
            if len(within) > 1:
                yield _sum(sentence, outer[-1], within, more=True, is_part=True)
            parts = [i for i in parts if i not in within]
        if len(parts) > 1 and not _is_of_other_things(sentence, total, parts):
            yield _sum(sentence, total, parts, more=has_more or first in of_them or not is_list)
        return


def _divided(sentence: Sentence, total: int, parts: list[int], inner: int) -> tuple[list[int], list[int]]:
    """The parts before „…, от които 55, 2 и 13“, and those of the last of them: all that follow, or only the first if
    that is what adds up."""
    before = [i for i in parts if i < inner]
    after = [i for i in parts if i >= inner]

    def added(places: list[int]) -> float:
        return sum(sentence.numbers[i].value for i in places)

    of_last, of_total = sentence.numbers[before[-1]].value, sentence.numbers[total].value
    is_one = added(after) != of_last and added([*before, *after[1:]]) == of_total
    return before, after[:1] if is_one else after


def _is_list(sentence: Sentence, total: int, first: int) -> bool:
    """Whether a list begins between two numbers: „12 отпаднали: 2…“, „12, разпределени така: …“."""
    between = sentence.between(total, first)
    only = sentence.text.count(":", sentence.numbers[total].end) == 1
    colon = re.match(r"[^,;:]*:", between) or (only and ":" in between)
    return bool(colon or _LISTED.search(between) or re.fullmatch(r"[^,;:]*\s[–—-]\s*", between))


def _is_of_other_things(sentence: Sentence, total: int, parts: list[int]) -> bool:
    """Whether what is listed is said to be something else: „1 училище: 30 ученици и 2434 отсъствия“."""
    unit = sentence.numbers[total].unit
    others = [sentence.numbers[i].unit for i in parts]
    return bool(unit) and all(other and other != unit for other in others) and len(set(others)) > 1
