"""Names of people in a text: where they stand, and how sure that is.

Words that follow one another with a capital letter are looked at together, by what each may be: a given name (of a
list, also declined, in Latin letters), a family name (by its ending, the surer when it is made of a given name), an
initial, or no part of a name at all. What is said before them counts: „майката …“, „ул. …“, „ОУ …“.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from obhvat.privacy.words import Family, Given, family_of, given_of, is_latin, listed, whole_sequences


@dataclass(frozen=True)
class Name:
    """A place in a text that reads like a person's name. What is not `sure` is only asked about."""

    start: int
    end: int
    sure: bool


@dataclass(frozen=True)
class _Word:
    """A word of a text. `form` is in small letters; an initial is one letter or two with a dot behind it."""

    start: int
    end: int
    form: str
    is_capital: bool
    is_caps: bool
    is_initial: bool = False
    given: Given | None = None
    family: Family | None = None
    covered: bool = False
    """Part of the name of an institution, a street, a place."""

    @property
    def is_known(self) -> bool:
        return self.form in listed("known", "posts", "kin", "titles")

    @property
    def kind(self) -> str:
        """G a given name, W one that is another word, too; F, f, w a family name by how telling it is; I an initial;
        U an unknown word."""
        if self.is_initial:
            return "I"
        if self.given:
            return "G" if self.given == "name" else "W"
        return {"of_given": "F", "strong": "f", "weak": "w", None: "U"}[self.family]


WRITTEN_OVER = "[име]"
"""What stands where a name was."""

_LETTERS = re.compile(r"\b(?:[Гг]-(?:н|жа|ца)|[Дд]-р)\b|[^\W\d_]+(?:['’`][^\W\d_]+)?")
_CAMEL = re.compile(r"[^\W\d_][a-zа-яѝё]{2,}(?=[A-ZА-Я])|[A-ZА-Я][a-zа-яѝё]{2,}$")
_SCRIPTS = re.compile(r"[A-Za-z]+|[^A-Za-z]+")
_LOOKALIKES = str.maketrans("ABCEHKMOPTXaceopxykmhtb", "АВСЕНКМОРТХасеорхукмнтв")
# None between two that are run together.
_GAP = re.compile(r"[ \u00a0_]{0,2}|-")
_AFTER_INITIAL = re.compile(r"\.[ \u00a0_]?|\. ?-")
_SMALL_GAP = re.compile(r"[.]?[ \u00a0_]{0,2}-?")
_COMMA = re.compile(r", ?")
_SHORT = 5
_BEFORE_NAME = re.compile(r"[ \u00a0_]*[:–—\-(„\"«]?[ \u00a0_]*|, ")
_SENTENCE = re.compile(r"(?:^|[.!?:;\n]|[–—•]\s)[\s„“\"«(]*$")
_QUOTED = re.compile(r"[„“\"«”]([^„“\"«»”]{1,90})[“\"»”]")
# Enough to be a name at all: what has no such run of letters is not looked at.
_MAY_HOLD = re.compile(r"[^\W\d_]{3}|[^\W\d_]\. ?[^\W\d_]\.")


_LONGEST_WORD = 80
"""What has more letters in a row is nobody's name."""
_LONGEST_TEXT = 10_000
"""A longer text is looked at in parts."""


def names_in(text: str) -> tuple[Name, ...]:
    """The names of people in a text, in order."""
    if len(text) <= _LONGEST_TEXT:
        return _found(text) if _MAY_HOLD.search(text) else ()
    names, start = [], 0
    while start < len(text):
        end = start + _LONGEST_TEXT
        end = (text.rfind(" ", start, end) + 1 or end) if end < len(text) else len(text)
        names += [replace(name, start=start + name.start, end=start + name.end) for name in names_in(text[start:end])]
        start = end
    return tuple(names)


def without_names(text: str, *, single: bool = True) -> str:
    """A text with „[име]“ where a name is sure to stand; unless `single`, only for several words of one."""
    for name in reversed(names_in(text)):
        if name.sure and (single or len(_LETTERS.findall(text[name.start : name.end])) > 1):
            text = f"{text[: name.start]}{WRITTEN_OVER}{text[name.end :]}"
    return text


@lru_cache(1 << 14)
def _found(text: str) -> tuple[Name, ...]:
    words = _covered(text, list(_words(text)))
    in_caps = sum(w.is_caps and len(w.form) > 2 for w in words) > max(2, len(words) // 2)
    return tuple(sorted(_of_chains(text, words, in_caps=in_caps), key=lambda name: name.start))


def _words(text: str) -> Iterator[_Word]:
    for match in _LETTERS.finditer(text):
        if len(match[0]) > _LONGEST_WORD:
            continue
        for start, piece in _pieces(match[0]):
            at = match.start() + start
            form = piece.casefold()
            capital = piece[0].isupper()
            dotted = text[at + len(piece) : at + len(piece) + 1] == "."
            before = text[max(0, at - 2) : at].strip()
            initial = (
                capital and dotted and (len(piece) == 1 or form in listed("initials")) and not before[-1:].isdigit()
            )
            yield _Word(
                at,
                at + len(piece),
                form,
                is_capital=capital,
                is_caps=len(piece) > 1 and piece.isupper(),
                is_initial=initial,
                given=None if initial else given_of(form),
                family=None if initial else family_of(form),
            )


def _pieces(word: str) -> Iterator[tuple[int, str]]:
    """A word, or the words it is run together of: „ПетърИванов“; Latin letters in a Cyrillic word are made its own."""
    if is_latin(word) or not re.search("[A-Za-z]", word):
        same_script = [(0, word)]
    elif not is_latin(alike := word.translate(_LOOKALIKES)) and not re.search("[A-Za-z]", alike):
        same_script = [(0, alike)]
    else:
        same_script = [(m.start(), m[0]) for m in _SCRIPTS.finditer(word)]
    for start, piece in same_script:
        parts = [(m.start(), m[0]) for m in _CAMEL.finditer(piece)]
        whole = len(parts) > 1 and sum(len(part) for _, part in parts) == len(piece)
        for at, part in parts if whole else [(0, piece)]:
            yield start + at, part


def _covered(text: str, words: list[_Word]) -> list[_Word]:
    """The words with those marked that name an institution, a street or a place."""
    marked = [False] * len(words)
    for start, end in _quoted_names(text, words):
        for n, w in enumerate(words):
            if start <= w.start < end:
                marked[n] = True
    for n, w in enumerate(words):
        if marked[n]:
            continue
        if _opens(text, w, "places"):
            reach = _place(text, words, n)
        elif _opens(text, w, "streets") or _is_institution(text, w):
            reach = _named_after(text, words, n)
        else:
            reach = 0 if _kin_before(text, words, n) else _whole(text, words, n)
            if reach:
                marked[n : n + reach] = [True] * reach
            elif w.is_capital and w.form in listed("towns") and n and words[n - 1].form in listed("whereto"):
                marked[n] = True
            continue
        marked[n + 1 : n + 1 + reach] = [True] * reach
    return [replace(w, covered=True) if m else w for w, m in zip(words, marked, strict=True)]


def _opens(text: str, w: _Word, of: str) -> bool:
    """Whether a word says that a street or a place follows: an abbreviation only with its dot."""
    return w.form in listed(of) and (len(w.form) > 3 or w.form in ("жк", "гр") or text[w.end : w.end + 1] in ".-_")


def _is_institution(text: str, w: _Word) -> bool:
    return w.form in listed("institutions") and not (w.form == "гр" and text[w.end : w.end + 1] == ".")


def _quoted_names(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """What stands in quotation marks and is the name of an institution, a street or a place."""
    for match in _QUOTED.finditer(text):
        start, end = match.span(1)
        before = [w for w in words if w.end <= match.start()][-6:]
        inside = [w for w in words if start <= w.start < end]
        same_sentence = [w for w in before if not re.search(r"[.!?;,]\s", text[w.end : match.start()])]
        named = any(w.form in listed("institutions", "streets", "places") for w in same_sentence)
        said = bool(same_sentence) and same_sentence[-1].form in listed("kin", "titles", "between")
        if (
            (named and not said)
            or (inside and _whole(text, inside, 0))
            or (inside and inside[0].form in ("св", "свети"))
        ):
            yield start, end


def _adjacent(text: str, words: Sequence[_Word], n: int) -> bool:
    """Whether a capital word follows the n-th, with a blank, a hyphen or a dot between."""
    if n + 1 >= len(words):
        return False
    return words[n + 1].is_capital and bool(
        re.fullmatch(r"[.]?[ \u00a0_]{0,2}-?", text[words[n].end : words[n + 1].start])
    )


def _place(text: str, words: Sequence[_Word], n: int) -> int:
    """How many words behind the n-th are a settlement's name."""
    if not _adjacent(text, words, n):
        return 0
    if whole := _whole(text, words, n + 1):
        return whole
    first = words[n + 1]
    reach = 1
    if _adjacent(text, words, n + 1):
        second = words[n + 2]
        of_two = second.form.endswith(("ово", "ево", "ино")) or first.form in listed("first", "ranks")
        reach = 2 if of_two and not (second.given == "name" and first.form not in listed("ranks")) else 1
    return reach


def _named_after(text: str, words: Sequence[_Word], n: int) -> int:
    """How many words behind the n-th are the name of a street or an institution: ranks, then two."""
    reach = 0
    while _adjacent(text, words, n + reach) and (
        words[n + reach + 1].form in listed("ranks") and not words[n + reach + 1].given
    ):
        reach += 1
    if whole := _whole(text, words, n + reach + 1):
        return reach + whole
    for _ in range(2):
        if not _adjacent(text, words, n + reach) or words[n + reach + 1].is_known:
            break
        reach += 1
    return reach


def _whole(text: str, words: Sequence[_Word], n: int) -> int:
    """How many words from the n-th on are one of the known names of places and of people things are called after."""
    if n >= len(words):
        return 0
    for forms in whole_sequences().get(words[n].form, ()):
        behind = words[n : n + len(forms)]
        if tuple(w.form for w in behind) == forms and text[behind[0].start : behind[-1].end].count("\n") == 0:
            return len(forms)
    return 0


def _of_chains(text: str, words: Sequence[_Word], *, in_caps: bool) -> Iterator[Name]:
    n = 0
    while n < len(words):
        chain = _chain(text, words, n)
        if not chain:
            n += 1
            continue
        if name := _judged(text, words, n, chain, in_caps=in_caps):
            yield name
        n += len(chain)


def _chain(text: str, words: Sequence[_Word], n: int) -> list[_Word]:
    """The words from the n-th on that may be one name: with capitals, or a given and a family name without."""
    if not _may_be(words[n], small=True):
        return []
    chain = [words[n]]
    for w in words[n + 1 :]:
        between = text[chain[-1].end : w.start]
        last = chain[-1]
        joins = _AFTER_INITIAL.fullmatch(between) if last.is_initial else _GAP.fullmatch(between)
        # The family name first, as in a list: „Петрова, В.“
        in_list = len(chain) == 1 and last.family and not last.given and (w.given == "name" or w.is_initial)
        if not joins and not (in_list and _COMMA.fullmatch(between)):
            break
        if not _may_be(w, small=not chain[0].is_capital) or (w.is_capital != chain[0].is_capital and not w.is_initial):
            break
        chain.append(w)
    return chain


def _may_be(w: _Word, *, small: bool) -> bool:
    if w.covered:
        return False
    if w.is_initial:
        return True
    if len(w.form) < 2 or (w.is_known and not w.given and w.family != "of_given"):
        return False
    if w.is_capital:
        return True
    return small and (w.given == "name" or w.family == "of_given")


def _judged(text: str, words: Sequence[_Word], n: int, chain: list[_Word], *, in_caps: bool) -> Name | None:
    """What a chain of words is, as a name."""
    whose = _kin_before(text, words, n)
    kinds = [w.kind for w in chain]
    if not chain[0].is_capital:
        found = set(kinds)
        if not ({"G", "F"} <= found or (whose and found & {"G", "F"}) or kinds.count("F") > 2):
            return None
        return Name(chain[0].start, chain[-1].end, sure=True)
    starts = bool(_SENTENCE.search(text[: chain[0].start]))
    # „Вчера Иван …“: an unknown word in front belongs to the sentence; a foreign one behind is a family name, too.
    while len(chain) > 1 and not whose and kinds[0] == "U" and kinds[1] in "GW":
        chain, kinds = chain[1:], kinds[1:]
        starts = False
    while kinds[-1] == "U" and len(kinds) > 1 and (chain[-1].is_caps != chain[-2].is_caps or is_latin(chain[-1].form)):
        chain, kinds = chain[:-1], kinds[:-1]
    sure = _is_sure(kinds, whose, chain, in_caps=in_caps)
    if not sure and not _is_likely(kinds, whose, chain, starts=starts, in_caps=in_caps):
        return None
    end = chain[-1].end + (chain[-1].is_initial and text[chain[-1].end : chain[-1].end + 1] == ".")
    return Name(chain[0].start, end, sure)


def _is_sure(kinds: list[str], whose: str, chain: Sequence[_Word], *, in_caps: bool) -> bool:
    found = set(kinds)
    if is_latin(chain[0].form):
        return ("G" in found and (len(kinds) > 1 or len(chain[0].form) > 4)) or ("F" in found and len(kinds) > 1)
    if "G" in found or "F" in found:
        return True
    if "W" in found and (found & set("fwI") or whose):
        return True
    if "I" in found and found & set("fw"):
        return True
    if kinds.count("f") > 1 or (kinds[-1] == "f" and len(kinds) > 1 and not in_caps):
        return True
    return bool(whose) and (bool(found & set("fw")) or kinds.count("I") > 1)


def _is_likely(kinds: list[str], whose: str, chain: Sequence[_Word], *, starts: bool, in_caps: bool) -> bool:
    if in_caps or is_latin(chain[0].form) or any(w.is_caps for w in chain):
        return False
    if whose == "kin" and not starts:
        return "I" not in kinds
    if starts and len(kinds) == 1:
        return False
    return kinds in (["W"], ["f"]) or (len(kinds) > 1 and "I" not in kinds)


def _kin_before(text: str, words: Sequence[_Word], n: int) -> str:
    """„kin“ or „post“ when what stands before the n-th word says that a person follows, or nothing."""
    for back in range(1, 5):
        if back > n:
            break
        w, behind = words[n - back], words[n - back + 1]
        # „сем. Иванови“; behind a longer word a dot ends the sentence.
        between = text[w.end : behind.start].removeprefix("." if len(w.form) < _SHORT else "")
        if not _BEFORE_NAME.fullmatch(between):
            break
        for what in ("kin", "titles", "posts"):
            if w.form in listed(what):
                return "post" if what == "posts" else "kin"
        if w.form not in listed("between") or w.is_capital:
            break
    return ""
