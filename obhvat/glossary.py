"""The one word for each thing, and what is not said instead. „Помощ“ shows it and a test holds every text to it."""

from __future__ import annotations

from dataclasses import dataclass

from obhvat.language import declared


@dataclass(frozen=True)
class Term:
    """A word of the field, what it stands for, its English, and the words that are not said for it."""

    word: str
    meaning: str
    english: str
    avoid: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    """Regular expressions that no text of ours may hold."""


def terms() -> tuple[Term, ...]:
    """The glossary, in the order of the work."""
    return tuple(
        Term(
            word=term["word"],
            meaning=term["meaning"],
            english=term["english"],
            avoid=tuple(term["avoid"]),
            forbidden=tuple(term.get("forbidden", ())),
        )
        for term in declared("glossary.toml")["term"]
    )
