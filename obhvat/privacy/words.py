"""What one word may be: a given name in any of its forms, a family name by its ending, or neither."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from obhvat.resources import read_text

Given = Literal["name", "word"]
"""A given name; or one that is also another word."""
Family = Literal["of_given", "strong", "weak"]
"""A family name made of a given name or of a trade, one by its ending, one whose ending other words have, too."""

_STRONG = ("овски", "овска", "евски", "евска", "ови", "еви", "ова", "ева", "ов", "ев")
_DEFINITE = ("овата", "евата", "овото", "евото", "овите", "евите", "овия", "евия", "овият", "евият")
_WEAK = ("ски", "ска", "шки", "шка", "чки", "чка", "ин", "ина", "ян", "оглу")
_LONG_ENOUGH = 5
_VOWELS = "аеиоуъюя"
_LATIN = str.maketrans(
    {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ю": "yu", "я": "ya", "ь": "y", "ѝ": "i"}
    | dict(zip("абвгдезийклмнопрстуфх", "abvgdeziyklmnoprstufh", strict=True))
)
# One spelling for the many: Stoianov and Stoyanov, Mehmed and Mekhmed, Petur and Petar.
_FOLDED = (
    ("shch", "sht"), ("zh", "z"), ("kh", "h"), ("tz", "ts"), ("ck", "k"), ("ph", "f"), ("w", "v"), ("ou", "u"),
    ("dj", "dz"), ("x", "h"), ("yu", "u"), ("iu", "u"), ("ju", "u"), ("ya", "a"), ("ia", "a"), ("ja", "a"),
    ("y", "i"), ("j", "i"),
)  # fmt: skip


@cache
def _sections(path: str) -> dict[str, list[str]]:
    """The lines of a list by the first word of their heading."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in read_text(path).splitlines():
        if heading := re.match(r"## (\w+)", line):
            lines = sections.setdefault(heading[1], [])
        elif not line.startswith("#"):
            lines += line.split("|") if "|" in line else line.split()
    return sections


@cache
def listed(*headings: str) -> frozenset[str]:
    """The words under headings of the list of other words, in small letters."""
    return frozenset(w.casefold() for h in headings for w in _sections("privacy/other_words.txt")[h])


@cache
def whole_sequences() -> dict[str, list[tuple[str, ...]]]:
    """By its first word, what places, streets and schools are called in several; the longest first."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for name in _sections("privacy/other_words.txt")["whole"]:
        forms = tuple(re.findall(r"\w+", name.casefold()))
        by_first.setdefault(forms[0], []).append(forms)
    return {first: sorted(names, key=len, reverse=True) for first, names in by_first.items()}


def is_latin(word: str) -> bool:
    return word.isascii()


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """Given names, and those that are other words, too, in small letters."""
    lists = _sections("privacy/given_names.txt")
    words = frozenset(w.casefold() for w in lists["words"])
    return frozenset(w.casefold() for w in lists["names"]) - words, words


@cache
def _families() -> frozenset[str]:
    """Common family names that are made of a trade."""
    return frozenset(w.casefold() for w in _sections("privacy/given_names.txt")["families"])


@cache
def _forms() -> frozenset[str]:
    """Given names, also as one speaks of them and to them: „Петра“, „Иване“, „Марийо“."""
    names, words = _names()
    made = set(names)
    for name in names:
        if len(name) < 4 or (len(name) == 4 and name[-1] in _VOWELS):
            continue
        if name.endswith("ър"):
            made |= {f"{name[:-2]}ра", f"{name[:-2]}ре"}
        elif name.endswith("вел"):
            made |= {f"{name[:-2]}ла", f"{name[:-2]}ле"}
        elif name.endswith("й"):
            made |= {f"{name[:-1]}я", f"{name}о", f"{name[:-1]}е"}
        elif name.endswith("ия"):
            made |= {f"{name[:-1]}йо"}
        elif name.endswith("и"):
            made |= {f"{name}я"}
        elif name.endswith("ка"):
            made |= {f"{name[:-1]}е", f"{name[:-1]}о"}
        elif name.endswith("а"):
            made |= {f"{name[:-1]}о"}
        elif name[-1] not in _VOWELS:
            made |= {f"{name}а", f"{name}е"}
    return frozenset(made - words - listed("known", "kin", "posts", "titles") | names)


@cache
def _stems() -> frozenset[str]:
    """What family names are made of: a given name without its last vowel."""
    names, words = _names()
    stems = set()
    for name in names | words:
        stems.add(name)
        if name.endswith("ър"):
            stems.add(f"{name[:-2]}р")
        bare = name.rstrip("ь")
        while len(bare) > 2 and bare[-1] in "аеиоуюяьй":
            bare = bare[:-1]
            stems.add(bare)
    return frozenset(s for s in stems if len(s) > 2)


def _latin_keys(cyrillic: str) -> set[str]:
    return {_folded(cyrillic.replace("ъ", way).translate(_LATIN)) for way in "aui"}


def _folded(latin: str) -> str:
    for many, one in _FOLDED:
        latin = latin.replace(many, one)
    latin = re.sub(r"(.)\1", r"\1", latin)
    return re.sub("ia", "a", latin)


@cache
def _latin_names() -> frozenset[str]:
    return frozenset(key for name in _names()[0] for key in _latin_keys(name) if len(key) > 2)


@cache
def _latin_stems() -> frozenset[str]:
    return frozenset(key for stem in _stems() for key in _latin_keys(stem) if len(key) > 2)


@cache
def given_of(form: str) -> Given | None:
    """What a word in small letters is as a given name."""
    if is_latin(form):
        known = form in listed("known")
        return "name" if len(form) > 3 and not known and _folded(form) in _latin_names() else None
    if form in _names()[1]:
        return "word"
    return "name" if form in _forms() else None


@cache
def family_of(form: str) -> Family | None:
    """What a word in small letters is as a family name."""
    if is_latin(form):
        for ending in ("ov", "ova", "ev", "eva", "ovski", "ovska", "off", "eff"):
            if len(form) > _LONG_ENOUGH - 1 and form.endswith(ending):
                stem = _folded(form.removesuffix(ending))
                return "of_given" if stem in _latin_stems() else "strong"
        return None
    if form in _families():
        return "of_given"
    for ending in (*_STRONG, *_DEFINITE):
        stem = form.removesuffix(ending)
        if stem != form and stem in _stems() and form not in listed("known"):
            return "of_given"
    if len(form) < _LONG_ENOUGH or form in listed("known", "kin", "posts", "titles"):
        return None
    if form.endswith(_STRONG):
        return "strong"
    return "weak" if form.endswith(_WEAK) else None
