"""How two captions are compared: case, spaces, punctuation and look-alike letters do not matter."""

import re
import unicodedata
from functools import lru_cache

# Latin letters that print like Cyrillic ones. The national diary's own report is called
# „oтсъстващи за деня“ with a Latin o (domain.md §4.3).
_LATIN = "ABEKMHOPCTXYaeopcxyk"
_CYRILLIC = "АВЕКМНОРСТХУаеорсхук"
_LOOK_ALIKE = str.maketrans(_LATIN, _CYRILLIC)
_CYRILLIC_LETTER = re.compile(r"[а-яА-Я]")
_OTHER_LATIN = re.compile(f"(?![{_LATIN}])[A-Za-z]")
_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"[^\w%]+")


def same_letters(text: str) -> str:
    """`text` with Latin look-alikes made Cyrillic in words that also hold a Cyrillic letter."""
    return _WORD.sub(
        lambda word: word[0].translate(_LOOK_ALIKE) if _CYRILLIC_LETTER.search(word[0]) else word[0],
        text,
    )


def look_alikes(text: str) -> str:
    """The Latin letters of `text` that print like Cyrillic ones, each once."""
    return "".join(letter for letter in dict.fromkeys(text) if letter in _LATIN)


def as_cyrillic(text: str) -> str:
    """`text` in Cyrillic where all of its Latin letters print like Cyrillic ones; else with `same_letters` only."""
    return same_letters(text) if _OTHER_LATIN.search(text) else text.translate(_LOOK_ALIKE)


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """The form of a caption, a name or an enumerated value in which two spellings are equal."""
    # Before NFKC, which would make „No“ of the sign.
    text = unicodedata.normalize("NFKC", text.replace("№", " номер ")).replace("\ufeff", "")
    text = same_letters(text).casefold().replace("_", " ")
    return _NOT_WORD.sub(" ", text).strip()
