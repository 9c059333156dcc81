"""The rules a row must pass, as SQL conditions.

Each is a part of a statement (statements.py): those of one field over its different texts, where a field `x` has its
raw text as `r_x`, its value as `x`, the number written there as `n_x`, and what it refers to as `x_ref`; those of
several fields over rows of values.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from obhvat.datasets import Dataset, Field
from obhvat.ingest.knowing.senders import Sender, is_limited

# Types whose texts are matched in Python against known spellings (texts.py), and what a miss is called.
SPELLED = {"enum": "enumeration", "set": "enumeration", "boolean": "type", "municipality": "municipality"}
NUMBERS = ("integer", "decimal", "mean", "halves")


@dataclass(frozen=True)
class Check:
    """One rule of one field: `fails` is an SQL condition; `value` and `limit` are SQL texts for the message."""

    rule: str
    field: str
    fails: str
    value: str
    limit: str = "null"
    of_row: bool = False
    """Whether it needs the whole row; the others are made once for equal texts."""
    n: int = 0
    """Its place among the checks of a row."""
    found: str | None = None
    """A shorter condition by which a faulty row is found before its faults are named; empty where that of another check
    of the field finds it, too."""


# Nothing that the program reads happened before: an earlier date is a slip, or the zero of Excel or of a database.
FLOOR = date(2010, 9, 1)

# What a row says of its institution: its code, name, settlement and municipality.
SCHOOL_TEXTS = ("school", "school_name", "school_settlement", "school_municipality")


def texts_of(f: Field, dataset: Dataset) -> tuple[str, ...]:
    """The fields whose texts a field's value and its own checks are made of, its own first."""
    if f.type == "school":
        return (f.name, *(n for n in SCHOOL_TEXTS if n in dataset and n != f.name))
    if f.type == "month":
        return (f.name, *(n for n in ("school_year", "calendar_year") if n in dataset))
    others = (*f.made_of, "school") if f.fits_school else f.made_of
    return tuple(dict.fromkeys((f.name, *(n for name in others for n in texts_of(dataset[name], dataset)))))


def _shown(field: Field) -> str:
    return f"mask(r_{field.name})" if field.type == "pupil" else f"r_{field.name}"


def _type_checks(f: Field, known: Collection[str]) -> list[Check]:
    raw, shown = f"r_{f.name}", _shown(f)
    unread = f"{raw} is not null and {f.name} is null"
    if f.type in NUMBERS:
        unread = f"{raw} is not null and not is_missing({raw}) and {f.name} is null"
        if f.void_when:
            unread += f" and not coalesce({f.void_when}, false)"
    checks = [] if f.lenient else [Check(SPELLED.get(f.type, "type"), f.name, unread, shown)]
    if f.type in ("text", "place", "case"):
        checks = [Check("identifier", f.name, f"regexp_matches({raw}, '[0-9]{{9,}}')", shown)]
    if f.type == "municipality":
        checks.append(Check("identifier", f.name, f"regexp_matches({raw}, '[0-9]{{9,}}')", shown))
    if f.type in ("date", "month"):
        checks = [replace(c, fails=f"{c.fails} and not is_day_or_month({raw})", found=c.fails) for c in checks]
        checks.append(Check("day_month", f.name, f"{unread} and is_day_or_month({raw})", shown, found=""))
    if f.type in ("pupil", "school", "school_code"):
        # Asked of what is no value only: a look at every identifier takes long.
        lost = f"case when {unread} then has_lost_digits({raw}) else false end"
        checks = [replace(c, fails=f"{c.fails} and not {lost}", found=c.fails) for c in checks]
        checks.append(Check("digits_lost", f.name, lost, shown, found="" if checks else None))
    if f.type in NUMBERS and f.type != "mean":
        # Half of those who write 1.500 mean fifteen hundred.
        both = f"case when length({raw}) between 5 and 8 then may_be_thousands({raw}) else false end"
        checks = [replace(c, fails=f"{c.fails} and not {both}", found=c.fails) for c in checks]
        checks.append(Check("thousands", f.name, both, shown))
    if f.type == "halves":
        uneven = f"n_{f.name} % 0.5 <> 0"
        checks.append(Check("halves", f.name, f"{uneven} and not {both}", shown, found=uneven))
    if f.type == "school" and "ref_schools" in known:
        checks.append(Check("school", f.name, f"{f.name} is not null and {f.name}_ref.code is null", shown))
    if f.type == "case" and "ref_cases" in known:
        checks.append(Check("case", f.name, f"{f.name} is not null and {f.name}_ref.number is null", shown))
    return checks


def _year_checks(f: Field, dataset: Dataset) -> list[Check]:
    """A month that says its year is of the year of its row."""
    years = {
        "school_year": (f"year({f.name}) - if(month({f.name}) < 9, 1, 0)", "school_year || '/' || (school_year + 1)"),
        "calendar_year": (f"year({f.name})", "calendar_year::varchar"),
    }
    return [
        Check("other_year", f.name, f"{of_month} <> {name}", _shown(f), limit)
        for name, (of_month, limit) in years.items()
        if name in dataset
    ]


def _range_check(f: Field) -> list[Check]:
    if f.type not in NUMBERS or (f.min is None and f.max is None):
        return []
    value = f"n_{f.name}"
    if f.type == "halves" and f.min == 0 and f.max is None:
        return [Check("negative", f.name, f"{value} < 0", _shown(f))]
    low, high = f.min, f.max
    bounds = [f"{value} < {low}" if low is not None else "", f"{value} > {high}" if high is not None else ""]
    words = (
        f"от {low:g} до {high:g}"
        if low is not None and high is not None
        else (f"най-малко {low:g}" if low is not None else f"най-много {high:g}")
    )
    return [Check("range", f.name, " or ".join(filter(None, bounds)), _shown(f), f"'{words}'")]


def field_checks(
    f: Field, today: date, dataset: Dataset, waived: frozenset[str], known: Collection[str]
) -> list[Check]:
    """The checks of one field that is stored or helps to compute one."""
    if f.helper:
        return []
    checks = _type_checks(f, known) + _range_check(f)
    if f.type == "school" and "school_name" in dataset:
        # An institution that is named is looked for by its name; a spoilt code is then no fault of its own.
        of_code = ("type", "digits_lost")
        unnamed = [
            replace(
                c,
                fails=f"r_school_name is null and ({c.fails})",
                found=c.found and f"r_school_name is null and ({c.found})",
            )
            for c in checks
            if c.rule in of_code
        ]
        unclear = f"{f.name} is null and r_school_name is not null"
        checks = [
            *unnamed,
            *(c for c in checks if c.rule not in of_code),
            Check("unclear", f.name, unclear, "r_school_name"),
        ]
        if f.required:
            checks.append(Check("required", f.name, f"r_{f.name} is null and r_school_name is null", "null"))
    elif f.required and f.name not in waived:
        # An unreadable value has its own message; a dash where a figure is required is an empty cell.
        empty = f"(r_{f.name} is null or is_missing(r_{f.name}))" if f.type in NUMBERS else f"r_{f.name} is null"
        checks.append(Check("required", f.name, f"{empty} and {f.name} is null", "null"))
    if f.in_school_year:
        # Nothing is taught from mid-July to the end of August.
        outside = f"(month({f.name}) = 8 or (month({f.name}) = 7 and day({f.name}) > 15))"
        if f.type == "month":
            outside = f"month({f.name}) in (7, 8)"
        checks.append(Check("school_year", f.name, outside, _shown(f)))
    if f.type == "month":
        checks += _year_checks(f, dataset)
    if f.type in ("date", "month"):
        checks.append(Check("floor", f.name, f"{f.name} < date '{FLOOR:%Y-%m-%d}'", _shown(f), f"'{FLOOR:%d.%m.%Y}'"))
    if f.name == "class_name":
        # 7.1 is a class, 7/2 that became 7 February is none; names are short, and most are not looked at.
        became = f"case when length(r_{f.name}) > 4 then was_changed_by_excel(r_{f.name}) else false end"
        checks.append(Check("became_date", f.name, became, _shown(f)))
    if f.type in ("case", "text") and "№" in f.caption:
        checks.append(Check("named", f.name, f"contains(r_{f.name}, '[име]')", _shown(f)))
        checks.append(Check("became_date", f.name, f"was_changed_by_excel(r_{f.name})", _shown(f)))
        checks.append(Check("digits_lost", f.name, f"is_scientific(r_{f.name})", _shown(f)))
    if f.in_school_year or f.not_future or (f.file_wide and f.type == "date"):
        checks.append(Check("future", f.name, f"{f.name} > date '{today:%Y-%m-%d}'", _shown(f)))
    if f.not_after:
        limit = f"'датата в „{dataset[f.not_after].caption}“'"
        checks.append(Check("not_after", f.name, f"{f.name} > {f.not_after}", _shown(f), limit, of_row=True))
    if f.fits_school:
        checks.append(
            Check(
                "grade",
                f.name,
                f"{f.name} < school_ref.lowest or {f.name} > school_ref.highest",
                _shown(f),
                "school_ref.lowest || '..' || school_ref.highest",
            )
        )
    return checks


def _own_checks(f: Field, dataset: Dataset) -> list[Check]:
    """A row is of the place of who sends it."""
    if f.type == "school" and dataset.slice.school != "''":
        is_other = f"{f.name}_ref.code is not null and not {f.name}_ref.is_own"
        return [Check("other_place", f.name, is_other, _shown(f))]
    if f.name == dataset.slice.municipality:
        own = "select municipality from ref_schools where is_own"
        is_other = f"{f.name} is not null and {f.name} not in ({own})"
        return [Check("other_place", f.name, is_other, _shown(f))]
    return []


def row_checks(
    dataset: Dataset,
    today: date,
    waived: frozenset[str] = frozenset(),
    sender: Sender = None,
    known: Collection[str] = (),
) -> list[Check]:
    """Every check of a row by itself. What needs the whole file (keys, one school, one month) is in staging.

    `waived` are required fields that the file's form does not have; a limited `sender` brings rows of one place only;
    `known` are the references in which something is known.
    """
    checks = [c for f in dataset.fields for c in field_checks(f, today, dataset, waived, known)]
    if is_limited(sender):
        checks += [c for f in dataset.fields for c in _own_checks(f, dataset)]
    checks += [
        Check(
            r.name,
            r.field,
            r.fails,
            f"replace(({r.value})::varchar, '.', ',')",
            f"({r.limit})::varchar",
            of_row=True,
        )
        for r in dataset.rules
    ]
    return [replace(c, n=n, of_row=c.of_row or dataset[c.field].type == "pupil") for n, c in enumerate(checks)]
