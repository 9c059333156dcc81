"""Two sentences in a text have a stop between them."""

from __future__ import annotations

import re

from catalogue import catalogue

# A small letter or a closing mark, then a word that begins with a capital.
_RUN_ON = re.compile(r"[а-я)“] ([А-Я][а-я]{2,})")
_NAMES = {
    "Англия",
    "Бургас",
    "Втора",
    "Гринуич",
    "Майер",
    "Наредба",
    "Механизма",
    "Областна",
    "Областния",
    "Уилсън",
    "Уъркс",
}
"""Of places, people, laws and offices: these have a capital within a sentence, too."""


def test_no_sentence_begins_without_the_end_of_the_one_before() -> None:
    texts = [
        text for message in catalogue() for text in (message.id if isinstance(message.id, tuple) else [message.id])
    ]
    assert len(texts) > 2000
    run_on = [text for text in map(str, texts) for word in _RUN_ON.findall(text) if word not in _NAMES]
    assert run_on == []
