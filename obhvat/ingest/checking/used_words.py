"""Words of lists that a file writes otherwise than the list has them: what each is taken for, and in how many rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from obhvat.datasets import Dataset, Field
from obhvat.datasets.captions import as_cyrillic, look_alikes, normal
from obhvat.ingest.checking.column import Column
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.words import Reading, Vocabulary, pieces, vocabulary_of
from obhvat.language import BULGARIAN, N_, _, ngettext, speaking
from obhvat.privacy import scrub_place
from obhvat.texts import counted, listed

LISTS = ("enum", "set", "municipality")
"""Types whose values are words of a list."""
_KEYS = ("class_name", "classes", "repeat_of", "round", "inspection")
"""Beside the keys themselves, texts by which rows are told to be of the same thing."""
_LISTED = 6
# Letters of a word that are shown.
_LONGEST = 60
_MOST_ALLOWED = 30


@dataclass(frozen=True)
class UsedWord:
    """A word as a file has it, of one field."""

    file_no: int
    caption: str
    """Of the field."""
    text: str
    said: str
    """By what it is known again."""
    means: str | None
    """The caption of what it is taken for, or None when that is to be asked."""
    is_told: bool
    """Whether a person said so."""
    offers: tuple[str, ...]
    """Codes of what is likely meant."""
    captions: Mapping[str, str]
    """By code, all the words of the list."""
    n_rows: int

    @property
    def likely(self) -> str:
        """What may be meant, in words: „„Трън“ или „Земен““."""
        return listed((f"„{self.captions[code]}“" for code in self.offers), last=N_("или"))


class UsedWords:
    """Reads the words of lists of one dataset, and counts those that are written otherwise."""

    def __init__(self, dataset: Dataset, reference: Reference, aliases: Mapping[str, str]) -> None:
        """`aliases` is what a person said in this upload, by `UsedWord.said`."""
        self._dataset = dataset
        self._municipalities = reference.municipalities()
        self._settlements = reference.settlements
        self._aliases = {**reference.aliases, **aliases}
        self._otherwise: dict[str, dict[str, list[tuple[str, Reading]]]] = {}
        """By field and text of a cell, the words in it that the list does not have so."""
        self._vocabulary = cache(self._made)
        self._reference = reference
        self._keys: dict[tuple[int, str, str], UsedWord] = {}
        """Numbers and names of classes of the part read last that are known though they are written otherwise."""

    def is_key(self, f: Field) -> bool:
        """Whether equal texts of a field mean the same thing."""
        in_key = f.name in self._dataset.key and f.name != "subject"
        return f.type == "case" or (f.type == "text" and (in_key or f.name in _KEYS))

    def as_known(self, f: Field, texts: Sequence[str], numbers: np.ndarray, file_nos: np.ndarray) -> list[str]:
        """Texts of a key's column as the register has them: the same number with Latin letters, other dashes, other
        blanks. `numbers` is the text of each row."""
        is_case = f.type == "case" or self._dataset.name == "cases"
        known = [self._case(f, text) if is_case else as_cyrillic(text) for text in texts]
        if is_case and f.type != "case":
            known = self._once(known, numbers, file_nos)
        for n, (text, means) in enumerate(zip(texts, known, strict=True)):
            if means != text:
                for file_no, n_rows in Counter(file_nos[numbers == n].tolist()).items():
                    word = UsedWord(file_no, f.caption, text, f"|{text}", means, False, (), {}, n_rows)
                    self._keys[(file_no, f.name, text)] = word
        return known

    def _once(self, cases: Sequence[str], numbers: np.ndarray, file_nos: np.ndarray) -> list[str]:
        """Of numbers that nobody knows yet, those that a file writes in two ways as it has them first."""
        first: dict[str, int] = {}
        once = list(cases)
        for n, text in enumerate(cases):
            m = first.setdefault(folded(text), n)
            is_new = m != n and text and text not in self._cases[0]
            if is_new and np.intersect1d(file_nos[numbers == n], file_nos[numbers == m]).size:
                once[n] = cases[m]
        return once

    def _case(self, f: Field, text: str) -> str:
        if not text or text in self._cases[0]:
            return text
        same = self._cases[1].get(folded(text), [])
        # A step of a case that nobody knows is handed back as it is written.
        return same[0] if len(same) == 1 else text if f.type == "case" else as_cyrillic(text)

    @cached_property
    def _cases(self) -> tuple[frozenset[str], dict[str, list[str]]]:
        """The numbers of known cases, and the same by what is left of them without what does not matter."""
        numbers = self._reference.cases["number"].astype("object").tolist()
        by_folded: dict[str, list[str]] = defaultdict(list)
        for number_ in numbers:
            by_folded[folded(number_)].append(number_)
        return frozenset(numbers), by_folded

    def codes(self, f: Field, text: str) -> list[str] | None:
        """The codes that the text of a cell stands for, or None when that is not sure."""
        if f.type == "municipality" and not self._municipalities:
            return [text]
        vocabulary = self._vocabulary(f.name)
        exact = vocabulary.exact(text)
        if exact is not None or f.lenient:
            return [exact] if exact else None
        # What looks like somebody's name or number is neither kept nor asked about.
        if scrub_place(text) != text:
            return None
        words = pieces(text, vocabulary) if f.type == "set" else [text]
        readings = [vocabulary.read(word, self._aliases) for word in words]
        self._otherwise.setdefault(f.name, {})[text] = [
            (word, reading) for word, reading in zip(words, readings, strict=True) if not reading.is_exact
        ]
        codes = [reading.code for reading in readings if reading.code]
        return list(dict.fromkeys(codes)) if len(codes) == len(words) else None

    @speaking(BULGARIAN)
    def likely(self, field_name: str, text: str) -> str:
        """What may be meant by a cell whose words are not all sure, in words; empty where nobody knows."""
        unclear = [r for _unused, r in self._otherwise.get(field_name, {}).get(text, ()) if r.code is None]
        if not unclear or not all(r.offers for r in unclear):
            return ""
        captions = self._vocabulary(field_name).captions
        return listed((f"„{captions[code]}“" for r in unclear for code in r.offers), last=N_("или"))

    @speaking(BULGARIAN)
    def allowed(self, field_name: str) -> str:
        """The words of a list, as far as a person would read it."""
        captions = [f"„{caption}“" for caption in sorted(self._vocabulary(field_name).captions.values())]
        return listed(captions, most=_MOST_ALLOWED)

    def counted(self, columns: Mapping[str, Column], file_nos: np.ndarray, rows: np.ndarray) -> list[UsedWord]:
        """Those in chosen rows of a part, by file."""
        used, self._keys = list(self._keys.values()), {}
        for name, by_text in self._otherwise.items():
            column, f, vocabulary = columns[name], self._dataset[name], self._vocabulary(name)
            by_number = {n: by_text[key[0]] for key, n in column.texts.items() if key[0] in by_text}
            chosen = rows & np.isin(column.numbers, list(by_number))
            counts: Counter[tuple[int, str, Reading]] = Counter()
            for file_no, n in zip(file_nos[chosen].tolist(), column.numbers[chosen].tolist(), strict=True):
                counts.update((file_no, word, reading) for word, reading in by_number[n])
            for (file_no, word, reading), n_rows in counts.items():
                if reading.code or reading.offers:
                    means = vocabulary.captions[reading.code] if reading.code else None
                    said = vocabulary.said(word)
                    is_told = means is not None and vocabulary.read(word, {}).code is None
                    offers, captions = reading.offers, vocabulary.captions
                    used.append(UsedWord(file_no, f.caption, word, said, means, is_told, offers, captions, n_rows))
        return used

    def _made(self, field_name: str) -> Vocabulary:
        f = self._dataset[field_name]
        settlements = self._settlements() if f.type == "municipality" else {}
        return vocabulary_of(self._dataset, f, self._municipalities, settlements, self._reference.oblasts())


def together(words: Iterable[UsedWord]) -> list[UsedWord]:
    """The same word of one field and file once, with all its rows."""
    by_key: dict[tuple[int, str, str], UsedWord] = {}
    for word in words:
        key = (word.file_no, word.caption, word.said)
        earlier = by_key.get(key)
        by_key[key] = replace(word, n_rows=word.n_rows + earlier.n_rows) if earlier else word
    return sorted(by_key.values(), key=lambda word: (word.file_no, -word.n_rows, word.text))


def taken(words: Sequence[UsedWord]) -> list[str]:
    """What is said of words that were taken for others."""
    told = [w for w in words if w.means and w.is_told]
    plain = [w for w in words if w.means and not w.is_told]
    said = [_("Приети по смисъл: {words}.").format(words=taken_for(plain))] if plain else []
    if told:
        said.append(_("Приети по отговор, който се помни: {words}.").format(words=taken_for(told)))
    return said


def taken_for(words: Sequence[UsedWord]) -> str:
    """„„гр. Перник“ е „Перник“ (5 реда)“, of several words."""
    return listed(
        (
            _("„{text}“{letters} е „{means}“ ({rows})").format(
                text=_in_short(w.text),
                letters=latin_letters(_in_short(w.text)) if w.means else "",
                means=_in_short(w.means or ""),
                rows=counted(w.n_rows, "ред"),
            )
            for w in words
        ),
        most=_LISTED,
    )


def _in_short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def latin_letters(text: str) -> str:
    """„ (буквите K и M са латински)“ of a text whose letters print like Cyrillic ones; else nothing."""
    letters = look_alikes(text) if as_cyrillic(text) != text else ""
    told = ngettext(" (буквата {letters} е латинска)", " (буквите {letters} са латински)", len(letters))
    return told.format(letters=listed(letters)) if letters else ""


def folded(number_: str) -> str:
    """The form of a number in which two spellings are equal: letters that print alike, dashes and blanks."""
    return normal(as_cyrillic(number_))
