"""Answers kept in memory, so that a question about the same data is worked out once."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import islice
from typing import Any, TypeVar

import pandas as pd

Answer = TypeVar("Answer")

# A country's month, the one before and a year ago are 200 MB of measures each; of an oblast they are 3.
MOST_BYTES = 768 * 2**20
MOST_ANSWERS = 4096
_MANY = 5


class Kept:
    """The answers asked for last, by question, as many as fit. The newest is kept whatever its size.

    Any thread may ask. A question that several ask at once is worked out by the first of them. What is kept is shared:
    nobody may change it.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, most_answers: int = MOST_ANSWERS) -> None:
        self._most_bytes, self._most_answers = most_bytes, most_answers
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._asking: dict[Hashable, threading.RLock] = {}
        self._lock = threading.Lock()

    def get(self, question: Hashable, answer: Callable[[], Answer], holds: Callable[[], bool]) -> Answer:
        """The kept answer, or a new one, which is kept if it `holds` when it is there. An error is not kept."""
        with self._lock:
            if question in self._answers:
                return self._used(question)
            asking = self._asking.setdefault(question, threading.RLock())
        with asking:
            with self._lock:
                if question in self._answers:
                    return self._used(question)
            try:
                worked_out = answer()
                size = size_of(worked_out)
                with self._lock:
                    if holds():
                        self._keep(question, worked_out, size)
            finally:
                with self._lock:
                    self._asking.pop(question, None)
            return worked_out

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    def _used(self, question: Hashable) -> Any:
        self._answers.move_to_end(question)
        return self._answers[question][0]

    def _keep(self, question: Hashable, answer: Any, size: int) -> None:
        _, replaced = self._answers.pop(question, (None, 0))
        self._answers[question] = answer, size
        self._bytes += size - replaced
        while len(self._answers) > 1 and (self._bytes > self._most_bytes or len(self._answers) > self._most_answers):
            _, (_, freed) = self._answers.popitem(last=False)
            self._bytes -= freed


def size_of(answer: Any) -> int:
    """About how many bytes an answer takes. What two answers share is counted in both."""
    if isinstance(answer, pd.DataFrame):
        # To look at each text of a small frame costs more than what is asked of it.
        return 250 * answer.size if answer.size < 10_000 else int(answer.memory_usage(deep=True).sum())
    if answer is None or isinstance(answer, (str, bytes, int, float, date)):
        return sys.getsizeof(answer)
    if isinstance(answer, (pd.Series, pd.Index)):
        return int(answer.memory_usage(deep=True))
    parts: Iterable[Any] = ()
    if isinstance(answer, (list, tuple, set, frozenset)):
        parts = answer
    elif isinstance(answer, Mapping):
        parts = answer.items()
    elif is_dataclass(answer):
        parts = (getattr(answer, field.name) for field in fields(answer))
    if isinstance(parts, Collection) and len(parts) > _MANY:
        # To look at each costs more than what is asked: some tell enough.
        some = [*islice(parts, 0, None, len(parts) // _MANY)]
        return sys.getsizeof(answer) + sum(map(size_of, some)) * len(parts) // len(some)
    return sys.getsizeof(answer) + sum(map(size_of, parts))
