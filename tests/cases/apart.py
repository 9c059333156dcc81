"""Small files of places that never meet: what tests would put in a store each, put in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from obhvat.ingest import Source

_SCHOOL = re.compile(r"\b9000(\d{3})\b")
_CHILD = re.compile(r"\bдете-(\d+)\b")
_NUMBER = re.compile(r"^К-(\d+)\b")


def number(n: int, of: str) -> str:
    """The number that a case, „К-1“, has in the n-th place."""
    return _NUMBER.sub(rf"К{n}-\1", of)


def put_apart(places: Iterable[Sequence[Source]]) -> list[Source]:
    """The files of many places, each written as if it were alone, as files of all: those of one form are one file, but
    for the absences, where a file is of one school. Each place has its own schools, children, case numbers and
    municipalities."""
    merged: dict[tuple[str, str], list[str]] = {}
    for n, sources in enumerate(places, start=1):
        for source in sources:
            head, *rows = source.data.decode().split("\n")
            alone = f"{n} {source.name}" if "Месец" in head else ""
            merged.setdefault((head, alone), [head]).extend(_moved(n, head, row) for row in rows)
    return [Source(f"файл-{no}.csv", "\n".join(lines).encode()) for no, lines in enumerate(merged.values(), start=1)]


def _moved(n: int, head: str, row: str) -> str:
    cells = [number(n, _CHILD.sub(rf"дете-{n}-\1", _SCHOOL.sub(rf"9{n:03}\1", cell))) for cell in row.split(";")]
    return ";".join(
        f"{cell} {n}" if title.startswith(("Община", "Населено място")) else cell
        for title, cell in zip(head.split(";"), cells, strict=True)
    )
