"""Which word of a list a file means when it writes it otherwise: surely, or what is to be asked.

Sure are the same words in another form or order, with a word for the kind of thing beside them, or shortened, as long
as only one of the list can be read so. A slip of the pen and a word that says more or less are only offered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from obhvat.datasets import Dataset, Field, latin
from obhvat.datasets.captions import as_cyrillic, normal
from obhvat.ingest.knowing.schools import place_form

_OFFERED = 3
_ALIKE = 78
# What joins words and says nothing by itself.
_JOINING = frozenset(
    (
        *("на", "по", "от", "до", "в", "във", "с", "със", "за", "и", "или", "се", "е", "са", "г"),
        *("при", "към", "през", "поради", "заради"),
    )
)
# The same words with one of these and without it are opposites.
_OPPOSITES = frozenset(("не", "няма", "без", "нито"))
_THINGS = ("дете", "деца", "ученик", "ученици", "ученичка", "лице", "случай", "случая")
_SHORTEST_STEM, _LONGEST_ENDING, _SHORTEST_PART = 4, 3, 3
# A vaccinated child is not one without vaccinations.
_DONE = re.compile(r"(?:ира|ва)н[аои]?$")
_ENUMERATED = re.compile(r"(\w+)(?: и| или) (\w+)")
_OF_MUNICIPALITY = re.compile(r"\bобщ(?:ина|ината)? (.+)")
_OF_OBLAST = re.compile(r"\bобл(?:аст)? (\w+).*$")
_NEXT_PLACE = re.compile(r"\b(?:гр|град|с|село|обл|област) .*$")
_LATIN = re.compile(r"(?=.*[A-Za-z]{2})[^а-яА-Я]+")
_LATIN_KIND = re.compile(r"\b(?:gr|grad|s|selo|obsht|obsh|obshtina)\b[. ]*", re.IGNORECASE)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "x": "10", "х": "10"}
_LIST = re.compile(r"[;,+\n]")
_PAIR = re.compile(r"/| и ")


@dataclass(frozen=True)
class Reading:
    """What a text means: the code when it is sure, else the codes to ask about, likeliest first."""

    code: str | None = None
    is_exact: bool = False
    """Whether it is written as the list has it."""
    offers: tuple[str, ...] = ()


class Vocabulary:
    """A list of words that a field may hold."""

    def __init__(
        self,
        name: str,
        spellings: Mapping[str, Sequence[str]],
        captions: Mapping[str, str],
        around: Iterable[str] = (),
        inside: Mapping[str, str] | None = None,
        oblasts: Collection[str] = (),
    ) -> None:
        """`spellings` in `normal` form and `captions` by code; `around` are words that may stand beside any of them;
        `inside` is for lists of places: of what lies in one, its code; `oblasts` are those they are in, in
        `place_form`, if that is known."""
        self.name = name
        self.captions = captions
        self._code_of = {spelling: code for code, forms in spellings.items() for spelling in forms}
        self._is_places = inside is not None
        self._inside = inside or {}
        self._oblasts = oblasts
        self._around = frozenset(around)

    def exact(self, text: str) -> str | None:
        """The code of what is written as the list has it."""
        return self._code_of.get(normal(text))

    def read(self, text: str, aliases: Mapping[str, str]) -> Reading:
        """`aliases` is what a person said before, by `said`."""
        form = normal(text)
        if form in self._code_of:
            return Reading(self._code_of[form], is_exact=True)
        alias = aliases.get(self.said(text)) or aliases.get(said_anywhere(text))
        if alias is not None and (code := alias if alias in self.captions else self.exact(alias)):
            return Reading(code)
        form = _joined(normal(as_cyrillic(text)))
        code = self._in_latin(text) if _LATIN.fullmatch(text) else None
        code = code or (self._place(form) if self._is_places else self._same_words(form))
        return Reading(code) if code else Reading(offers=self._likely(form))

    def said(self, text: str) -> str:
        """By what a text of this list is known again."""
        return f"{self.name}|{normal(text)}"

    def _in_latin(self, text: str) -> str | None:
        """„Pernik“, „obshtina Tran“, „v rabota“."""
        written = latin.key(_LATIN_KIND.sub("", text) if self._is_places else text)
        codes = {code for spelling, code in self._code_of.items() if written in latin.keys(spelling)}
        return codes.pop() if len(codes) == 1 else None

    def _place(self, form: str) -> str | None:
        """„гр. Перник“, „Перник (общ.)“, „с. Дивотино, общ. Перник, обл. Перник“."""
        told = _OF_MUNICIPALITY.search(form)
        oblast = _OF_OBLAST.search(form)
        if oblast and self._oblasts and oblast[1] not in self._oblasts:
            return None
        forms = [_NEXT_PLACE.sub("", told[1]).strip()] if told else []
        if not oblast or oblast[1] in (self._oblasts or self._code_of):
            forms += [place_form(_OF_OBLAST.sub("", form))]
        return next((self._code_of[f] for f in forms if f in self._code_of), None)

    def _same_words(self, form: str) -> str | None:
        words = [w for w in _words(form) if not any(_is_same(w, beside) for beside in self._around)] or _words(form)
        for reads in (_are_same, _is_part):
            codes = {code for spelling, code in self._code_of.items() if reads(words, spelling, self._around)}
            if codes:
                return codes.pop() if len(codes) == 1 else None
        return self._code_of.get(form)

    def _likely(self, form: str) -> tuple[str, ...]:
        bare = place_form(form) if self._is_places else form
        scores: dict[str, float] = {}
        for spelling, code in self._code_of.items():
            score = _likeness(bare, spelling, is_place=self._is_places)
            if score > scores.get(code, 0):
                scores[code] = score
        if bare in self._inside:
            scores[self._inside[bare]] = 100
        return tuple(sorted(scores, key=lambda code: -scores[code])[:_OFFERED])


def said_anywhere(text: str) -> str:
    """By what a text is known again in every list."""
    return f"|{normal(text)}"


def vocabulary_of(
    dataset: Dataset,
    f: Field,
    municipalities: Mapping[str, str],
    settlements: Mapping[str, str],
    oblasts: Collection[str] = (),
) -> Vocabulary:
    """The words of a field; `municipalities`, `settlements` and `oblasts` as the register has them (Reference)."""
    if f.type == "municipality":
        spellings = {m: list(dict.fromkeys((form, place_form(form)))) for form, m in municipalities.items()}
        return Vocabulary("municipality", spellings, {m: m for m in spellings}, (), settlements, oblasts)
    around = (*_THINGS, *_words(normal(f.caption)))
    return Vocabulary(
        f"{dataset.name}.{f.name}",
        {v.code: v.spellings for v in f.values},
        {v.code: v.caption for v in f.values},
        around,
    )


def pieces(text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of a cell that may hold several: „РУО; училище/ДГ“, „РУО и училище“."""
    cut = []
    for piece in filter(str.strip, _LIST.split(text)):
        pair = [p for p in _PAIR.split(piece) if p.strip()]
        is_pair = len(pair) > 1 and vocabulary.read(piece, {}).code is None
        cut += pair if is_pair and all(vocabulary.read(p, {}).code for p in pair) else [piece]
    return [piece.strip() for piece in cut]


def _joined(form: str) -> str:
    """„А.С.П.“ as a word."""
    return form.replace(" ", "") if all(len(word) == 1 for word in form.split()) else form


@lru_cache(maxsize=20_000)
def _words(form: str) -> tuple[str, ...]:
    words = [_ROMAN.get(w, w) for w in form.split()]
    return tuple(w for w in words if w not in _JOINING) or tuple(words)


def _is_same(word: str, listed: str) -> bool:
    """Whether two words differ by their endings, or one is cut short: „тел“ of „телефонен“."""
    if word == listed:
        return True
    if bool(_DONE.search(word)) != bool(_DONE.search(listed)):
        return False
    shorter, longer = sorted((len(word), len(listed)))
    if len(word) >= _SHORTEST_PART and listed.startswith(word) and word.isalpha():
        return True
    stem = max(_SHORTEST_STEM, longer - _LONGEST_ENDING)
    return shorter >= stem and word[:stem] == listed[:stem] and word.isalpha()


def _denies(words: Iterable[str], others: Iterable[str]) -> bool:
    """„неоткрит“ and „открит“ are a slip of two letters apart."""
    return any(word.startswith("не") and any(_is_same(word[2:], other) for other in others) for word in words)


def _opposites(words: Iterable[str]) -> frozenset[str]:
    return _OPPOSITES.intersection(words)


def _matched(words: Sequence[str], listed: Sequence[str]) -> int:
    """How many of the words stand among the listed, each for another one."""
    rest = list(listed)
    for word in words:
        same = next((w for w in rest if _is_same(word, w)), None)
        if same is not None:
            rest.remove(same)
    return len(listed) - len(rest)


def _are_same(words: Sequence[str], spelling: str, around: Iterable[str]) -> bool:
    listed = _words(spelling)
    return (
        len(words) == len(listed) and _opposites(words) == _opposites(listed) and _matched(words, listed) == len(words)
    )


def _is_part(words: Sequence[str], spelling: str, around: Iterable[str]) -> bool:
    """Several words of a longer one, without what „и“ joins to others and what stands beside any; a single word says
    too little to be sure, and any other word left out may be what it is about: „записан в чужбина“ is not back."""
    listed = _words(spelling)
    may_lack = {*around, *(word for pair in _ENUMERATED.findall(spelling) for word in pair)}
    left_out = [word for word in listed if not any(_is_same(other, word) for other in (*words, *may_lack))]
    return (
        1 < len(words) < len(listed)
        and _opposites(words) == _opposites(listed)
        and _matched(words, listed) == len(words)
        and not left_out
    )


def _likeness(form: str, spelling: str, *, is_place: bool) -> float:
    """From 0, not alike, to 100."""
    words, listed = _words(form), _words(spelling)
    if _opposites(words) != _opposites(listed) or _denies(words, listed) or _denies(listed, words):
        return 0
    slips = OSA.distance(form, spelling, score_cutoff=3)
    longest = max(len(form), len(spelling))
    if longest > 2 and slips <= (1 if longest <= 5 else 2 if longest <= 12 else 3):
        return 99 - slips
    if is_place:
        # A village and a quarter are often called nearly as another municipality is.
        return 0
    matched = _matched(words, listed)
    if matched and matched in (len(words), len(listed)):
        return 95 * (matched + 1) / (max(len(words), len(listed)) + 1)
    alike = fuzz.token_sort_ratio(" ".join(words), " ".join(listed))
    return alike if alike >= _ALIKE else 0
