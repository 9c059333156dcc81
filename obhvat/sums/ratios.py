"""Ratios and changes that a sentence claims: shares, averages, „пъти“, „с толкова повече“."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from obhvat.sums.claims import Claim, Difference, Ratio, Sum
from obhvat.sums.numbers import FILLER
from obhvat.sums.sentence import ABOUT, FROM, OF_THEM, Sentence

_OF = re.compile(r"[^,;:.()\d+=]{0,40}?\s*(?:\bот|/)\s*(?:общо\s+|всички(?:те)?\s+|тези\s+)?$", re.IGNORECASE)
_BEFORE_PERCENT = re.compile(
    r"[^;:.()\d]{0,30}?\s*(?:[,(–-]|\b(?:или|което|това|които|т\. ?е\.)\b|=)?[^;:.\d]{0,25}$", re.IGNORECASE
)
_RISES = re.compile(r"ръст|увелич|нарас|повече|покач|скок|скоч|повиш", re.IGNORECASE)
_FALLS = re.compile(r"спад|намал|по-малко|понижен|по-ниск|свил|редуцир", re.IGNORECASE)
_VERSUS = re.compile(r"\b(?:срещу|спрямо|при|вместо|преди|в сравнение с|докато|миналата|предходната)\b", re.IGNORECASE)
_MEAN = re.compile(
    r"\bсредно\b|\bна (?:един |1 )?(?:ученик|дете|човек|училище|екип|семейство|паралелка)\b", re.IGNORECASE
)
_WHOLE = ("дете", "ученик", "училище", "семейство")


def changes(sentence: Sentence) -> Iterator[Claim]:
    """„спад 11 пъти от 422 на 59“, „с 20 % повече: 60 срещу 50“, „намаляха с 626, от 48 392 на 47 766“."""
    words = sentence.text
    rises = True if _RISES.search(words) else False if _FALLS.search(words) else None
    if _RISES.search(words) and _FALLS.search(words):
        rises = None
    pair = _pair(sentence)
    if pair is None:
        return
    before, now = (sentence.numbers[i] for i in pair[:2])
    is_ordered = pair[2]
    sizes = [i for i in range(len(sentence.numbers)) if i not in (*pair[:2], *sentence.used) and _is_size(sentence, i)]
    if not sizes and (rises is None or not is_ordered):
        return
    size = sentence.numbers[sizes[0]] if sizes else None
    sentence.take(*pair[:2], *sizes[:1])
    direction = rises if is_ordered else None
    if size and size.kind == "times":
        large, small = max(before.value, now.value), min(before.value, now.value)
        if (change := Difference(before.value, now.value, rises=direction)).is_other_way:
            yield change
        if small:
            yield Ratio("times", large, small, size.value, about=size.about, decimals=size.decimals)
    elif size and size.kind == "percent" and not before.value:
        return
    else:
        stated = size.value if size else None
        yield Difference(
            before.value, now.value, stated, bool(size and size.kind == "percent"), direction,
            bool(size and size.about), size.decimals if size else 0,
        )  # fmt: skip


def _is_size(sentence: Sentence, i: int) -> bool:
    """Whether a number says how much something changed."""
    number, before, after = sentence.numbers[i], sentence.before(i), sentence.after(i)
    if number.kind == "times":
        return True
    of_change = r"(?:\bс|\bсъс)(?:\s+(?:близо|около|почти|над|приблизително|цели|точно))?\s*$"
    if re.search(of_change, before, re.IGNORECASE):
        more = re.match(r"\s*(?:%|процента?|на сто)?\s*(?:[а-я]+\s+){0,2}(?:повече|по-малко)", after, re.IGNORECASE)
        return bool(more or (_RISES.search(before) or _FALLS.search(before)))
    named = r"\b(?:спад|ръст|намаление|увеличение|разлика)\S*(?:\s+(?:от|с|е))?\s*$"
    return bool(re.search(named, before, re.IGNORECASE))


def _pair(sentence: Sentence) -> tuple[int, int, bool] | None:
    """Where the number before and the number now stand, and whether their order is said."""
    counts = [i for i in sentence.left if not _is_size(sentence, i)]
    for i, j in pairwise(counts):
        between = sentence.between(i, j)
        if re.search(r"\b(?:от|вместо)\s+(?:[а-я]+\s+){0,2}$", sentence.before(i), re.IGNORECASE) and re.search(
            r"^[^.;:+=]{0,45}\b(?:на|до)\s*(?:едва |само |близо |около |над )?$", between, re.IGNORECASE
        ):
            return i, j, True
    has_times = any(number.kind == "times" for number in sentence.numbers)
    if len(counts) == 2 and (has_times or any(_is_size(sentence, i) for i in range(len(sentence.numbers)))):
        versus = _VERSUS.search(sentence.between(*counts))
        return (counts[1], counts[0], True) if versus else (counts[0], counts[1], False)
    return None


def means(sentence: Sentence) -> Iterator[Claim]:
    """„1937 отсъствия на 311 ученици, средно по 6,2“."""
    if not _MEAN.search(sentence.text):
        return
    for i, number in enumerate(sentence.numbers):
        near = sentence.before(i)[-25:] + FILLER + sentence.after(i)[:35]
        if i in sentence.used or number.kind != "count" or not _MEAN.search(near):
            continue
        left = sentence.left
        others = [j for j in left if j < i][-2:] if i > left[0] else [j for j in left if j > i][:2]
        divisors = [j for j in others if sentence.numbers[j].unit in _WHOLE]
        if len(others) != 2 or len(divisors) != 1 or not sentence.numbers[divisors[0]].value:
            continue
        [n] = [j for j in others if j not in divisors]
        d = divisors[0]
        sentence.take(i, n, d)
        yield Ratio(
            "mean", sentence.numbers[n].value, sentence.numbers[d].value, number.value,
            about=number.about, decimals=number.decimals,
        )  # fmt: skip
        return


def shares(sentence: Sentence) -> Iterator[Claim]:
    """n of N with a percent, in any order; n stays free to be a part of a sum."""
    yield from _stated_shares(sentence)
    yield from _shares_of_first(sentence)
    yield from _shares_in_words(sentence)


def _stated_shares(sentence: Sentence) -> Iterator[Claim]:
    """„190 от 3055, 10,8 %“, „10,8 % (190 от 3055)“."""
    for i, j in pairs_of(sentence):
        after = j + 1 if j + 1 < len(sentence.numbers) else None
        candidates = []
        if after is not None and _BEFORE_PERCENT.fullmatch(sentence.between(j, after)):
            candidates.append(after)
        if i and re.fullmatch(r"[^.;:\d]{0,30}", sentence.between(i - 1, i)):
            candidates.append(i - 1)
        for k in candidates:
            percent = sentence.numbers[k]
            if percent.kind == "percent" and k not in sentence.used and sentence.numbers[j].value:
                sentence.take(i, j, k, free=i)
                yield Ratio(
                    "percent", sentence.numbers[i].value, sentence.numbers[j].value, percent.value,
                    about=percent.about, decimals=percent.decimals,
                )  # fmt: skip
                break


def _shares_of_first(sentence: Sentence) -> Iterator[Claim]:
    """„От 3055 деца 190 (10,8 %) са без информация“."""
    wholes = [i for i in sentence.left if FROM.search(sentence.before(i))]
    for j in wholes[:1]:
        for i, k in pairwise(range(j + 1, len(sentence.numbers))):
            percent = sentence.numbers[k]
            is_free = i not in sentence.used and k not in sentence.used
            if (
                percent.kind == "percent"
                and sentence.numbers[i].kind == "count"
                and is_free
                and sentence.numbers[j].value
            ):
                sentence.take(i, j, k, free=i)
                sentence.used.discard(j)
                yield Ratio(
                    "percent", sentence.numbers[i].value, sentence.numbers[j].value, percent.value,
                    about=percent.about, decimals=percent.decimals,
                )  # fmt: skip


def _shares_in_words(sentence: Sentence) -> Iterator[Claim]:
    """„10,8 на сто от 3055 деца са 330“."""
    for i, percent in enumerate(sentence.numbers[:-2]):
        d, n = sentence.numbers[i + 1], sentence.numbers[i + 2]
        is_said = re.fullmatch(r"[^.;:\d]{0,25}\bот\s*", sentence.before(i + 1)) and re.fullmatch(
            rf"[^,.;:\d]{{0,40}}(?:\bса|\bе|=|прави|означава){ABOUT}", sentence.before(i + 2)
        )
        free = not {i, i + 1, i + 2} & sentence.used
        if percent.kind == "percent" and d.kind == n.kind == "count" and is_said and free and d.value:
            sentence.take(i, i + 1, i + 2, free=i + 2)
            yield Ratio("percent", n.value, d.value, percent.value, about=percent.about, decimals=percent.decimals)


def pairs_of(sentence: Sentence) -> list[tuple[int, int]]:
    """„n от N“: the places of both."""
    counts = sentence.left
    apart = [(i, j) for i, j in pairwise(counts) if j == i + 1]
    return [(i, j) for i, j in apart if _OF.fullmatch(sentence.between(i, j))]


def bare_shares(sentence: Sentence) -> Iterator[Claim]:
    """„38 от 40 училища“, „80 деца, от които 79 в чужбина“, with no percent to check."""
    left = sentence.left
    of_them = [
        (j, i)
        for i, j in pairwise(left)
        if OF_THEM.search(sentence.between(i, j))
        or re.match(r"\s*(?:от тях|от които)", sentence.after(j), re.IGNORECASE)
    ]
    for n, d in [*pairs_of(sentence), *of_them]:
        units = {sentence.numbers[i].unit for i in (n, d)} - {""}
        # „14 деца от 6 общини“ is no share.
        if sentence.numbers[d].value and len(units) < 2 and not {n, d} & sentence.used:
            sentence.take(n, d)
            yield Ratio("percent", sentence.numbers[n].value, sentence.numbers[d].value, None)


def parts_in_percent(sentence: Sentence, sums: list[Sum]) -> Iterator[Claim]:
    """„12 отпаднали: 2 (16,7 %) реинтегрирани …“: shares of the total."""
    if len(sums) != 1 or not sums[0].total:
        return
    for i, percent in enumerate(sentence.numbers):
        if percent.kind != "percent" or i in sentence.used or not i:
            continue
        part = sentence.numbers[i - 1]
        if part.kind == "count" and re.fullmatch(r"[^;:\d]{0,40}", sentence.before(i)):
            sentence.take(i)
            yield Ratio(
                "percent", part.value, sums[0].total, percent.value, about=percent.about, decimals=percent.decimals
            )
