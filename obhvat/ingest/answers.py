"""What a person answers about a file: how to read it, what it is, and what it does not say of its rows itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from obhvat.datasets import Field


@dataclass(frozen=True)
class ColumnAnswers:
    """What a person said a table is: the dataset, and the field of each column or None."""

    dataset: str
    fields: tuple[str | None, ...]


@dataclass(frozen=True)
class FileAnswers:
    """What a person said of a file: how to read it, what it is, and what it does not say of its rows."""

    given: Mapping[str, str] = field(default_factory=dict)
    dataset: str | None = None
    """What the file is, when a person wants to say its columns too."""
    mapping: ColumnAnswers | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None


NO_ANSWERS = FileAnswers()


@dataclass(frozen=True)
class Question:
    """A value for every row of a file: the field, what is assumed or was answered, and whether anybody said it."""

    field: Field
    answer: str | None
    said: bool
