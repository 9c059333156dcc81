"""A caption however it is written: in Latin letters by the law or without care, in CamelCase, with underscores.

„obshtina“, „obstina“, „ob6tina“ and „Община“ have one key. A Bulgarian caption has several, one for each habit that
writes its letters so that they can no longer be told apart: ъ as a, u or y, щ as sht or st.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

# By the law of transliteration, and after it what people write instead.
_LETTERS: dict[str, tuple[str, ...]] = {
    **{letter: (latin,) for letter, latin in zip("абвгдезийклмнопрстуфхэыѝ", "abvgdeziyklmnoprstufheyi", strict=True)},
    "ж": ("zh", "j", "z"),
    "ц": ("ts",),
    "ч": ("ch", "c"),
    "ш": ("sh", "s"),
    "щ": ("sht", "st"),
    "ъ": ("a", "u", "y"),
    "ь": ("y", ""),
    "ю": ("yu", "u"),
    "я": ("ya", "a"),
}
# Letters that the same person writes with the same care.
_TOGETHER = ("чшщ", "ж", "ъ", "ью", "я")
_UNUSUAL = re.compile(r"[A-Za-z]{2}|[^\W\d_A-ZА-Я][A-ZА-Я]")
_CYRILLIC = re.compile(r"[а-яё]")
_DIGIT_AS_LETTER = re.compile(r"(?<=[a-z])[46](?=[a-z])|(?<![^\W_])[46](?=[a-z]{2})")
_FOLDS = tuple(
    (re.compile(written), sign)
    for written, sign in (("sh", "š"), ("ch", "č"), ("zh", "ž"), ("kh|x", "h"), ("t[sz]", "c"), ("w", "v"), ("q", "ia"))
)
_TWICE = re.compile(r"([^\W\d])\1+")


def is_unusual(caption: str) -> bool:
    """Whether a caption may be one of ours written otherwise: it has Latin letters, or capitals inside."""
    return bool(_UNUSUAL.search(caption))


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """What all ways of writing a caption have in common, of Cyrillic letters by the law."""
    return _folded(_written(_plain(text), dict.fromkeys(_TOGETHER, 0)))


def keys(caption: str) -> frozenset[str]:
    """The keys of every way to write a Bulgarian caption in Latin letters."""
    plain = _plain(caption)
    ways = [
        range(max(len(_LETTERS[letter]) for letter in together)) if any(letter in plain for letter in together) else [0]
        for together in _TOGETHER
    ]
    return frozenset(_folded(_written(plain, dict(zip(_TOGETHER, way, strict=True)))) for way in product(*ways))


def _plain(text: str) -> str:
    """Small letters without accents; й is a letter, not an accented и."""
    letters = unicodedata.normalize("NFC", text.casefold())
    return "".join(letter if letter in _LETTERS else _bare(letter) for letter in letters)


def _bare(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


def _written(plain: str, way: dict[str, int]) -> str:
    if not _CYRILLIC.search(plain):
        return plain
    as_latin = {letter: written[0] for letter, written in _LETTERS.items()}
    as_latin |= {c: _LETTERS[c][min(n, len(_LETTERS[c]) - 1)] for group, n in way.items() for c in group}
    return "".join(as_latin.get(letter, letter) for letter in plain)


def _folded(latin: str) -> str:
    latin = _DIGIT_AS_LETTER.sub(lambda digit: {"4": "ch", "6": "sh"}[digit[0]], latin)
    latin = re.sub(r"[\W_]+", "", latin)
    for pattern, sign in _FOLDS:
        latin = pattern.sub(sign, latin)
    latin = latin.replace("y", "i").replace("j", "i")
    return _TWICE.sub(r"\1", latin)
