"""What an unknown table probably is: a guess for each column with its confidence, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from obhvat.datasets import Dataset, Field, all_datasets, latin
from obhvat.datasets.captions import normal
from obhvat.datasets.personal import is_personal
from obhvat.ingest.knowing.fields import can_be_absent, looks_like_id
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.schools import place_form
from obhvat.ingest.reading.table import Table
from obhvat.language import _
from obhvat.periods import MONTH_NAMES
from obhvat.privacy import mask

_SAMPLE = 40
_SURE_ENOUGH = 0.55
_CAPTION_WEIGHT = 0.6
# A caption that names a field does not make it one when the values under it are of another kind.
_UNFIT = 0.35
_MONTHS = f"(?i:{'|'.join(MONTH_NAMES.values())})"
_SHAPES = {
    "school": re.compile(r"0?\d[\d -]{4,8}(\.0)?"),
    "school_code": re.compile(r"0?\d[\d -]{4,8}(\.0)?"),
    "pupil": re.compile(r"\d{8,10}(\.0)?"),
    "integer": re.compile(r"-?\d{1,7}(\.0)?"),
    "decimal": re.compile(r"-?\d[\d ]*([.,]\d+)?"),
    "mean": re.compile(r"-?\d[\d ]*([.,]\d+)?"),
    "halves": re.compile(r"-?\d[\d ]*([.,][05]0?)?"),
    "date": re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}.*|\d{4}-\d\d-\d\d.*"),
    "month": re.compile(
        rf"0?[1-9]|1[0-2]|\d{{1,2}}[./-]\d{{4}}.*|\d{{4}}[./-]\d{{1,2}}.*|{_MONTHS}( \d{{4}}.*)?", re.IGNORECASE
    ),
    "school_year": re.compile(r"20\d\d( ?[/-] ?(20)?\d\d)?.*"),
    "grade": re.compile(r"-?\d{1,2}|[IVXІХ]{1,4}( клас)?|\d{1,2} клас|\w+ група"),
    "boolean": re.compile(r"(да|не|yes|no|0|1|x|х)", re.IGNORECASE),
    "ekatte": re.compile(r"\d{3,5}"),
}
# Values that hardly anything else has: a caption need not say it.
_TELLING = {
    "month": re.compile(
        rf"\d{{1,2}}[./-]20\d\d( ?г\.?)?|20\d\d[./-]\d{{1,2}}|{_MONTHS} 20\d\d( ?г\.?)?", re.IGNORECASE
    ),
    "date": _SHAPES["date"],
    "school_year": re.compile(r"20\d\d ?[/-] ?(20)?\d\d( ?г\.?)?"),
}
_BY_VALUES = 0.5
# A value that a person can give for the whole file is half a column.
_ASKABLE = 0.5
_CLASS_NAME = re.compile(r"(\d{1,2}|[IVXІХ]{1,4})[\s.„\"-]*[а-яА-Яa-zA-Z]?[“\"]?")
_NUMBER_OR_DATE = re.compile(r"[\d.,:/ %-]{1,20}(г\.)?")


@dataclass(frozen=True)
class Guess:
    """A column's likely field, or None, and how sure that is, from 0 to 1."""

    field: str | None
    confidence: float


def _fit(f: Field, cells: Sequence[str], reference: Reference) -> float | None:
    """The share of the cells that can be values of the field; None when there is nothing to judge by."""
    if not cells:
        return None
    if f.type in _SHAPES:
        return sum(bool(_SHAPES[f.type].fullmatch(c)) for c in cells) / len(cells)
    if f.type in ("enum", "set"):
        spellings = {s for v in f.values for s in v.spellings}
        return sum(normal(c) in spellings for c in cells) / len(cells)
    if f.type == "municipality":
        municipalities = set(map(place_form, reference.municipalities()))
        return sum(place_form(c) in municipalities for c in cells) / len(cells) if municipalities else None
    return None


def _confidence(caption: str, cells: Sequence[str], f: Field, reference: Reference) -> float:
    form = normal(caption)
    by_caption = max((fuzz.WRatio(form, s) / 100 for s in f.spellings), default=0.0) if form else 0.0
    if form and latin.is_unusual(caption):
        in_other_letters = latin.key(caption)
        by_caption = max(by_caption, *(fuzz.WRatio(in_other_letters, key) / 100 for key in f.keys))
    fit = _fit(f, cells, reference)
    if fit is None:
        return by_caption
    if fit == 1 and f.type in _TELLING and all(_TELLING[f.type].fullmatch(c) for c in cells):
        by_caption = max(by_caption, _BY_VALUES)
    if fit < _UNFIT:
        return by_caption * fit
    return _CAPTION_WEIGHT * by_caption + (1 - _CAPTION_WEIGHT) * fit


def _columns(table: Table) -> list[tuple[str, list[str]]]:
    header = table.header or ("",) * table.width
    rows = table.sample(_SAMPLE)
    return [(caption, [r[n].strip() for r in rows if n < len(r) and r[n].strip()]) for n, caption in enumerate(header)]


def guess_columns(table: Table, wanted: Dataset, reference: Reference) -> list[Guess]:
    """The likeliest field of each column, no field twice; the surest pairs first."""
    columns = _columns(table)
    sample = table.sample(_SAMPLE)
    scores = []
    for n, (caption, cells) in enumerate(columns):
        if is_personal(caption):
            continue
        is_id = looks_like_id(sample, n)
        scores += [
            (_confidence(caption, cells, f, reference), n, f.name)
            for f in wanted.fields
            if not f.helper and (f.type == "pupil" or not is_id)
        ]
    guesses: dict[int, Guess] = {}
    taken: set[str] = set()
    for score, n, name in sorted(scores, key=lambda scored: -scored[0]):
        if score >= _SURE_ENOUGH and n not in guesses and name not in taken:
            guesses[n] = Guess(name, round(score, 2))
            taken.add(name)
    return [guesses.get(n, Guess(None, 0.0)) for n in range(len(columns))]


def guess_dataset(table: Table, reference: Reference) -> Dataset:
    """The dataset whose needed fields the columns most probably are."""

    def likeness(candidate: Dataset) -> float:
        guesses = {g.field: g.confidence for g in guess_columns(table, candidate, reference) if g.field}
        needed = [f for f in candidate.fields if f.file_wide or not can_be_absent(f)]
        of_needed = sum(guesses.get(f.name, _ASKABLE if f.file_wide else 0.0) for f in needed) / len(needed)
        return of_needed + sum(guesses.values()) / max(1, len(_columns(table)))

    return max(all_datasets(), key=likeness)


def sample_words(table: Table, column: int, reference: Reference, n: int = 3) -> str:
    """A few values of a column as they may be shown: numbers, dates, classes, places and institutions of the
    register. Other words may be somebody's name; of them only the length is said."""
    _unused, cells = _columns(table)[column]
    if looks_like_id(table.sample(_SAMPLE), column):
        return ", ".join(mask(c) for c in cells[:n])
    places = {
        place_form(p)
        for p in (*reference.schools["municipality"], *reference.schools["settlement"])
        if isinstance(p, str)
    }
    names = {normal(name) for name in reference.schools["name"]}
    listed = {s for d in all_datasets() for f in d.fields for v in f.values for s in v.spellings}
    shown = []
    for cell in list(dict.fromkeys(cells))[:n]:
        is_known = place_form(cell) in places or normal(cell) in names or normal(cell) in listed
        if is_known or _NUMBER_OR_DATE.fullmatch(cell) or _CLASS_NAME.fullmatch(cell):
            shown.append(cell)
        else:
            shown.append(_("текст от {n} знака").format(n=len(cell)))
    return ", ".join(shown)
