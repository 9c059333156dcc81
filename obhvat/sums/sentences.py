"""What is claimed with the numbers of a sentence: read by what stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from obhvat.sums.claims import Addend, Claim, Difference, Ratio, Sum
from obhvat.sums.numbers import FILLER, Number, blanked, numbers

_STOP = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:г|гр|с|обл|общ|чл|ал|т|ч|бр|вкл|напр|др|пр|ок|ул|проф|инж|доц|св|нар|лв|хил)\.$", re.IGNORECASE
)
_GOES_ON = re.compile(r"\s*(?:от тях|от които|сред тях|останалите|общо|всичко|или общо|така)\b", re.IGNORECASE)
_TOTAL_BEFORE = re.compile(
    r"(?:\b(?:общо|всичко|сумарно|сбор(?:ът)?|общ(?:ият|ия)?(?:\s+им)?\s+брой)\b(?:\s+[а-я]+){0,2}|=)\s*$",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(r"\s*(?:[а-я]+\s+){0,2}общо\b", re.IGNORECASE)
_ABOUT = r"(?:\s*(?:близо|около|почти|над|под|приблизително|някъде към)|\s*[~≈])?\s*"
_LISTED = re.compile(r"както следва|разпредел|съответно", re.IGNORECASE)
_OF_THEM = re.compile(
    r"от тях|от които|сред тях|сред които|в т\.\s?ч|в това число|включително|вкл\.|като от тях", re.IGNORECASE
)
_FROM = re.compile(r"(?:^|[,;:–(]\s*)от\s+(?:общо\s+|всички(?:те)?\s+|тези\s+)?$", re.IGNORECASE)
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
_MORE = re.compile(r"…|\.\.\.|\bи др(?:уги)?\b|\bи т\.\s?н", re.IGNORECASE)
_WHOLE = ("дете", "ученик", "училище", "семейство")


@dataclass
class Sentence:
    """A sentence, its numbers, and which of them were understood."""

    text: str
    numbers: list[Number]
    used: set[int] = field(default_factory=set)
    """Places of the numbers that no other claim may take."""
    seen: set[int] = field(default_factory=set)
    """Places of the numbers that were in a claim."""

    def take(self, *places: int, free: int | None = None) -> None:
        """These are in a claim; one of them may be in another one, too."""
        self.seen.update(places)
        self.used.update(set(places) - {free})

    @property
    def left(self) -> list[int]:
        """Counts that no claim has taken yet, by place."""
        return [i for i, number in enumerate(self.numbers) if i not in self.used and number.kind == "count"]

    def before(self, i: int) -> str:
        """What stands between a number and the one before it."""
        return self.text[self.numbers[i - 1].end if i else 0 : self.numbers[i].start]

    def after(self, i: int) -> str:
        """What stands between a number and the next one."""
        return self.text[self.numbers[i].end : self.numbers[i + 1].start if i + 1 < len(self.numbers) else None]

    def between(self, i: int, j: int) -> str:
        return self.text[self.numbers[i].end : self.numbers[j].start]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text; one that goes on about the number of the one before stands with it."""
    clean = blanked(text)
    pieces: list[str] = []
    begin = 0
    for stop in _STOP.finditer(clean):
        if stop[0] == "." and _SHORT.search(clean[begin : stop.end()]):
            continue
        pieces.append(clean[begin : stop.end()])
        begin = stop.end()
    pieces.append(clean[begin:])
    joined: list[str] = []
    for piece in pieces:
        if not piece.strip():
            continue
        if joined and (_GOES_ON.match(piece) or joined[-1].rstrip().endswith(":")):
            joined[-1] = f"{joined[-1].rstrip().rstrip('.')}, {piece.strip()}"
        else:
            joined.append(piece)
    return [Sentence(piece, numbers(piece)) for piece in joined]


def claims(sentence: Sentence) -> list[Claim]:
    """What a sentence says that can be worked out again; numbers that are taken are marked as used."""
    found: list[Claim] = [*_equations(sentence), *_changes(sentence), *_means(sentence)]
    nested = [*_in_brackets(sentence)]
    shares = [*_shares(sentence)]
    sums = [claim for part in _clauses(sentence) for claim in _sums(sentence, part)]
    return [*found, *sums, *nested, *shares, *_parts_in_percent(sentence, sums), *_bare_shares(sentence)]


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
        is_equal = re.fullmatch(rf"[^,;:\d]*={_ABOUT}", sentence.after(chain[-1]))
        if len(chain) > 1 and after < len(sentence.numbers) and is_equal:
            yield _sum(sentence, after, chain, more=False)
        elif len(chain) > 1 and chain[0] and re.fullmatch(r"[^.;\d]*[:(=–]\s*", sentence.before(chain[0])):
            yield _sum(sentence, chain[0] - 1, chain, more=False, is_part=True)
        elif (
            len(chain) == 1
            and i + 2 < len(sentence.numbers)
            and re.fullmatch(r"[^.,;\d]*[/:÷]\s*", sentence.after(i))
            and re.fullmatch(rf"[^.,;\d]*(?:=|е |са ){_ABOUT}", sentence.after(i + 1))
        ):
            n, d, stated = (sentence.numbers[j] for j in (i, i + 1, i + 2))
            sentence.take(i, i + 1, i + 2)
            kind = "percent" if stated.kind == "percent" else "mean"
            if d.value:
                yield Ratio(kind, n.value, d.value, stated.value, about=stated.about, decimals=stated.decimals)
        i = after


def _changes(sentence: Sentence) -> Iterator[Claim]:
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


def _means(sentence: Sentence) -> Iterator[Claim]:
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


def _shares(sentence: Sentence) -> Iterator[Claim]:
    """„190 от 3055, 10,8 %“, „10,8 % (190 от 3055)“; n stays free to be a part of a sum."""
    for i, j in _pairs_of(sentence):
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


def _pairs_of(sentence: Sentence) -> list[tuple[int, int]]:
    """„n от N“: the places of both."""
    counts = sentence.left
    apart = [(i, j) for i, j in pairwise(counts) if j == i + 1]
    return [(i, j) for i, j in apart if _OF.fullmatch(sentence.between(i, j))]


def _bare_shares(sentence: Sentence) -> Iterator[Claim]:
    """„38 от 40 училища“, „80 деца, от които 79 в чужбина“, with no percent to check."""
    left = sentence.left
    of_them = [(j, i) for i, j in pairwise(left) if _OF_THEM.search(sentence.between(i, j))]
    for n, d in [*_pairs_of(sentence), *of_them]:
        units = {sentence.numbers[i].unit for i in (n, d)} - {""}
        # „14 деца от 6 общини“ is no share.
        if sentence.numbers[d].value and len(units) < 2 and not {n, d} & sentence.used:
            sentence.take(n, d)
            yield Ratio("percent", sentence.numbers[n].value, sentence.numbers[d].value, None)


def _clauses(sentence: Sentence) -> list[list[int]]:
    """The counts that are left, those between semicolons apart unless a total stands before all of them."""
    first = sentence.text.find(";")
    left = sentence.left
    if first < 0 or ":" in sentence.text[:first] or _OF_THEM.search(sentence.text[:first]):
        return [left]
    clauses: dict[int, list[int]] = {}
    for i in left:
        clauses.setdefault(sentence.text.count(";", 0, sentence.numbers[i].start), []).append(i)
    return [*clauses.values()] if max(map(len, clauses.values()), default=0) > 2 else [left]


def _sums(sentence: Sentence, counts: list[int]) -> Iterator[Sum]:
    """The total of a clause and its parts."""
    # In „n от N“ the whole is no part.
    wholes = {j for i, j in _pairs_of(sentence) if j in counts and not _TOTAL_BEFORE.search(sentence.before(i))}
    counts = [i for i in counts if i not in wholes]
    if len(counts) < 3:
        return
    has_more = bool(_MORE.search(re.sub(r"\([^()]*\)", "", sentence.text)))
    for total in counts:
        if _TOTAL_BEFORE.search(sentence.before(total)) or _TOTAL_AFTER.match(sentence.after(total)):
            earlier, later = [i for i in counts if i < total], [i for i in counts if i > total]
            parts = later if len(later) > 1 and _is_list(sentence, total, later[0]) else earlier or later
            if len(parts) > 1:
                loose = parts is later and _OF_THEM.search(sentence.between(total, later[0]))
                yield _sum(sentence, total, parts, more=has_more or bool(loose))
            return
    of_them = {j for i, j in pairwise(counts) if _OF_THEM.search(sentence.between(i, j))}
    for place, (total, first) in enumerate(pairwise(counts)):
        is_list = _is_list(sentence, total, first)
        if not (is_list or first in of_them or _FROM.search(sentence.before(total))):
            continue
        # „…, от тях 3“ in the middle of a list is a part of a part.
        parts = [i for i in counts[place + 1 :] if i not in of_them - {first}]
        if len(parts) > 1 and not _is_of_other_things(sentence, total, parts):
            yield _sum(sentence, total, parts, more=has_more or first in of_them or not is_list)
        return


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


def _parts_in_percent(sentence: Sentence, sums: list[Sum]) -> Iterator[Claim]:
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
