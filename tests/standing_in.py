"""Which of very many numbers and words stand in a text: each of ten thousand looked for by itself takes seconds."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONG = 9
"""Digits of a number that is found by cutting the text up; of shorter ones a text has too many pieces."""


def standing_in(text: str, sought: Iterable[str]) -> set[str]:
    """Those of `sought` that stand in a text, inside of a longer number or word, too: what `in` says of each."""
    wanted = {*sought}
    numbers = {one for one in wanted if len(one) >= LONG and one.isdecimal() and one.isascii()}
    lengths = {len(number) for number in numbers}
    pieces = {
        run[at : at + length]
        for run in set(re.findall(rf"[0-9]{{{LONG},}}", text))
        for length in lengths
        for at in range(len(run) - length + 1)
    }
    return (numbers & pieces) | {one for one in wanted - numbers if one in text}
