"""Which Word forms there are and what each is given: the fields, with what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from obhvat.reports import word
from obhvat.reports.forms.filling import Value
from obhvat.resources import read_toml

_EXAMPLE_TABLE = word.Table(("Община", "Случаи", "С изтекъл срок"), (("Горун", "9", "2"), ("Ведрово", "5", "0")))


@dataclass(frozen=True)
class Field:
    """Something a form is given; of a list, with the fields of each of its rows."""

    name: str
    meaning: str
    kind: Literal["text", "table", "list"] = "text"
    example: str = ""
    required: bool = False
    fields: tuple[Field, ...] = ()

    def trial(self, n: int = 1) -> Value:
        """What stands in it in a trial document, in the n-th row of a list."""
        if self.kind == "table":
            return _EXAMPLE_TABLE
        if self.kind == "list":
            return [{field.name: field.trial(n) for field in self.fields} for n in (1, 2)]
        return str(int(self.example) + n - 1) if self.example.isdecimal() else self.example


@dataclass(frozen=True)
class Form:
    """A Word form that the program brings and an oblast may change."""

    name: str
    title: str
    file: str
    fields: tuple[Field, ...]

    @property
    def own(self) -> bytes:
        """The form as the program brings it, a .docx."""
        return files("obhvat").joinpath(f"reports/forms/{self.name}.docx").read_bytes()

    def trial(self) -> dict[str, Value]:
        """Examples for every field."""
        return {field.name: field.trial() for field in self.fields}


@cache
def all_forms() -> Mapping[str, Form]:
    """The forms by name."""
    declared = read_toml("reports/forms/forms.toml")
    return MappingProxyType(
        {
            name: Form(name, about["title"], about["file"], tuple(map(_field, about["fields"])))
            for name, about in declared.items()
        }
    )


def _field(about: dict[str, Any]) -> Field:
    rest = {name: value for name, value in about.items() if name != "fields"}
    return Field(**rest, fields=tuple(map(_field, about.get("fields", ()))))
