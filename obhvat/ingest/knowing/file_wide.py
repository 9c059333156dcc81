"""What a file says of all its rows outside its cells: in the title above the table, in its name, in its sheet's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from obhvat.datasets import Dataset
from obhvat.datasets.captions import normal
from obhvat.ingest.knowing.reference import Reference

_DATE = re.compile(
    r"(?<!\d)(?:(?P<y>20\d\d)[-_.](?P<m>\d\d)[-_.](?P<d>\d\d)|(?P<d2>\d{1,2})[-_.](?P<m2>\d{1,2})[-_.](?P<y2>20\d\d))"
    r"(?!\d)"
)
_SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d) ?[-/–_] ?(?:20)?(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CODE = re.compile(r"(?<!\d)0?(\d{6,7})(?!\d)")
_TERMS = (
    ("term1", re.compile(r"\b(?:първи|1|i|і)(?: учебен)? срок")),
    ("term2", re.compile(r"\b(?:втори|2|ii|іі)(?: учебен)? срок")),
    ("year", re.compile(r"цялата(?: учебна)? година|годишн")),
)
_EXAMS = (
    ("nvo4", re.compile(r"\b(?:нво|nvo)\b.*?\b(?:4|iv|іv)\b")),
    ("nvo7", re.compile(r"\b(?:нво|nvo)\b.*?\b(?:7|vii|vіі)\b")),
    ("nvo10", re.compile(r"\b(?:нво|nvo)\b.*?\b(?:10|x|х)\b")),
    # One session replaces nothing of another.
    ("dzi_august", re.compile(r"(?:\b(?:дзи|dzi)\b|матур|зрелостн).*?(?:август|avgust|august|\b08\b|поправителн)")),
    ("dzi", re.compile(r"\b(?:дзи|dzi)\b|матур|зрелостн")),
)


def _date_in(text: str) -> date | None:
    """The last date of a text: „за първи срок към дата 02.02.2024 10:30“."""
    for match in reversed(list(_DATE.finditer(text))):
        year, month, day = (match[a] or match[b] for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _school_year_in(text: str) -> int | None:
    for match in _SCHOOL_YEAR.finditer(text):
        if (int(match[1]) + 1) % 100 == int(match[2]):
            return int(match[1])
    return None


def _school_in(texts: Sequence[str], reference: Reference) -> str | None:
    """The institution whose code, or else whose whole name, stands in the texts; only when it is one."""
    registered = set(reference.schools["code"])
    codes = {code for text in texts for code in _CODE.findall(text) if code in registered}
    if codes:
        return codes.pop() if len(codes) == 1 else None
    words = normal(" ".join(texts))
    named = {
        code: name
        for code, name in zip(reference.schools["code"], map(normal, reference.schools["name"]), strict=True)
        if len(name) > 5 and f" {name} " in f" {words} "
    }
    longest = max(map(len, named.values()), default=0)
    best = [code for code, name in named.items() if len(name) == longest]
    return best[0] if len(best) == 1 else None


def file_wide_values(
    wanted: Dataset, titles: Sequence[str], name: str, sheet: str, reference: Reference
) -> tuple[dict[str, str], set[str]]:
    """Field → value for fields that may be given for the whole file, and which of them were only concluded.

    A report's date says its school year; an exam of a calendar year belongs to the school year that ends in it.
    """
    stem = Path(name).stem
    texts = [*titles, sheet, stem]
    words = normal(" ".join(texts))
    values: dict[str, str] = {}
    concluded: set[str] = set()
    wide = {f.name: f for f in wanted.fields if f.file_wide}
    day = next((d for t in texts if (d := _date_in(t))), None)
    for f in wide.values():
        if f.type == "date" and day:
            values[f.name] = day.isoformat()
    for name_, forms in (("term", _TERMS), ("exam", (*_EXAMS, *_TERMS))):
        if name_ in wide:
            code_of_form = next((code for code, form in forms if form.search(words)), None)
            if code_of_form:
                values[name_] = code_of_form
    if "school_year" in wide:
        year = next((y for t in texts if (y := _school_year_in(t))), None)
        if year is None and values.get("exam") in {code for code, _ in _EXAMS}:
            held = next((int(y[1]) for t in texts if (y := _YEAR.search(t))), None)
            year = held - 1 if held else None
        elif year is None and day:
            year = day.year - (day.month < 9)
            concluded.add("school_year")
        if year is not None:
            values["school_year"] = str(year)
    if "school" in wide:
        school = _school_in(texts, reference)
        if school:
            values["school"] = school
    return values, concluded
