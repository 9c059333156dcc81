"""The statements that turn texts into values and find their faults. SQL is only put together here."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from obhvat.datasets import Dataset, Field
from obhvat.ingest.checking.checks import NUMBERS, Check, texts_of
from obhvat.ingest.knowing.fields import Recognition
from obhvat.layouts.exam_results import POINTS_MACRO
from obhvat.privacy import MASK
from obhvat.resources import read_sql

MACROS = MASK + read_sql("ingest/checking/types.sql") + POINTS_MACRO
"""What the statements call."""


def texts_statement(
    dataset: Dataset,
    fields: Sequence[Field],
    checks: Mapping[str, Sequence[Check]],
    silent: Collection[str],
    *,
    name_faults: bool,
) -> str:
    """What different texts of fields mean, in the order of the texts: a column of values for each field, which holds
    for the field's own texts, and `faulty`, or `faults` when they are to be named.

    Reads the table `distinct_texts`: `pos`, `field_no`, the place among `fields` of the one whose texts a row is, a
    column r_<name> for each text, codes_<name> for those matched by spelling, and `found_school`, the code of an
    institution that was looked for. `silent` are columns that are null in every row: nothing is made of them.
    """
    names = dict.fromkeys(name for f in fields for name in texts_of(f, dataset))
    used = [dataset[name] for name in names if not dataset[name].helper]
    numbers = [f"{_number(f, silent)} as n_{f.name}" for f in used if f.type in NUMBERS]
    typed = [f"{_typed(f, silent)} as {f.name}" for f in used if f.type != "month"]
    months = [f"{_month(f, dataset, silent)} as {f.name}" for f in used if f.type == "month"]
    references, joins = _references(used)
    values = [
        f"case when field_no = {n} then {value} else dated.{f.name} end as {f.name}"
        for n, f in enumerate(fields)
        if (value := _mended(f))
    ]
    cast = [f"({f.name})::{f.sql_type} as {f.name}" for f in fields]
    replaced = f" replace ({', '.join(values)})" if values else ""
    return f"""
    with texts as (
        select {", ".join(("*", *numbers))}
        from distinct_texts
    ),
    typed as (
        select {", ".join(("texts.*", *typed))}
        from texts
    ),
    dated as (
        select {", ".join(("typed.*", *months))}
        from typed
    ),
    checked as (
        select {", ".join((f"dated.*{replaced}", *references))}
        from dated
        {" ".join(joins)}
    )
    select {", ".join((*cast, _faults_of(fields, checks, name_faults)))}
    from checked
    order by pos
    """


def _mended(f: Field) -> str | None:
    """The value of a field that its own text alone does not make, or None when it does."""
    value = f"coalesce(dated.{f.name}, {f.fallback})" if f.fallback else f"dated.{f.name}"
    if f.void_when:
        return f"case when {f.void_when} then null else {value} end"
    return value if f.fallback else None


def _faults_of(fields: Sequence[Field], checks: Mapping[str, Sequence[Check]], named: bool) -> str:
    """The same as `_faults` of the field whose texts a row is."""
    what = "faults" if named else "faulty"
    cases = [f"when {n} then {_faults(checks[f.name], named)}" for n, f in enumerate(fields) if checks[f.name]]
    nothing = "[]" if named else "false"
    return f"case field_no {' '.join(cases)} else {nothing} end as {what}" if cases else f"{nothing} as {what}"


def rows_statement(dataset: Dataset, checks: Sequence[Check], *, name_faults: bool, all_plain: bool) -> str:
    """What only a whole row tells: the derived columns, the pseudonym, and `faulty`, or `faults` when they are to be
    named.

    Reads the table `rows`: `row`, a column v_<field> for each value of `read_of_rows`, r_<field> for the texts of
    fields with checks, `school_days` of the month, and of the pupil `r_pupil`, `is_plain` where that is ten digits, and
    `nameless`, what is hashed in place of an identifier. `all_plain` says that all that are not missing are ten digits:
    to prepare what reads others takes longer than to hash a school.
    """
    pupil = next((f for f in dataset.fields if f.type == "pupil"), None)
    values = [f"v_{name} as {name}" for name in read_of_rows(dataset, checks)]
    values += dict.fromkeys(f"r_{c.field}" for c in checks if not pupil or c.field != pupil.name)
    made = [f"({d.sql})::{d.sql_type} as {d.name}" for d in dataset.derived]
    if pupil:
        cell = "r_pupil" if all_plain else "case when is_plain then r_pupil else clean(r_pupil) end"
        read = "r_pupil" if all_plain else "case when is_plain then r_pupil else identifier(clean(r_pupil)) end"
        values += [f"{cell} as r_pupil", f"coalesce({read}, nameless) as plain"]
        made.append(f"pseudonym($secret, plain) as {pupil.name}")
    stored = [d.name for d in dataset.derived] + ([pupil.name] if pupil else [])
    return f"""
    with read as (
        select {", ".join(("row", "school_days", *values))}
        from rows
    ),
    checked as (
        select {", ".join(("read.*", *made))}
        from read
    )
    select {", ".join(("row", *stored))}, {_faults(checks, name_faults)} as {"faults" if name_faults else "faulty"}
    from checked
    """


def read_of_rows(dataset: Dataset, checks: Sequence[Check]) -> list[str]:
    """The fields whose values `rows_statement` reads: a plan takes longer the more columns it has."""
    made = [d.sql for d in dataset.derived]
    words = set(re.findall(r"\w+", " ".join((*made, *(f"{c.fails} {c.value} {c.limit}" for c in checks)))))
    return [f.name for f in dataset.fields if f.name in words and f.type != "pupil" and not f.helper]


def _faults(checks: Sequence[Check], named: bool) -> str:
    """Whether something is wrong, or what: a list of `n`, the check's place among all, field, rule, value and limit."""
    if not named:
        found = (c.fails if c.found is None else c.found for c in checks)
        return f"coalesce({' or '.join(f'({condition})' for condition in found if condition) or 'false'}, false)"
    faults = (
        f"case when {c.fails} then {{'n': {c.n}, 'field': '{c.field}', 'rule': '{c.rule}', "
        f"'value': ({c.value})::varchar, 'limit': ({c.limit})::varchar}} end"
        for c in checks
    )
    return f"[{', '.join(faults)}]"


def long_cells_statement(known: Recognition) -> str:
    """Each part of the rows of `wide_cells` that says something as a row of its own: behind the columns, the part and
    its fields. A row that is damaged has no parts to be told apart; it stays one."""
    by_part = {(c.part, c.field): f"c{n}" for n, c in enumerate(known.columns) if c.part}
    by_part |= {(part, name): f"'{value}'" for part, name, value in known.of_parts}
    width = len(known.columns)
    values = []
    for n, name in enumerate((*known.part_fields, *known.said_of_parts), start=width + 1):
        branches = " ".join(
            f"when {no} then {by_part[(part, name)]}" for no, part in enumerate(known.parts) if (part, name) in by_part
        )
        values.append(f"coalesce(case no {branches} end, '') as c{n}")
    says = " or ".join(f"trim(c{n}) <> ''" for n in range(width + 1, width + 1 + len(known.part_fields)))
    return f"""
    select * exclude (no)
    from (
        select wide_cells.*, no, part as c{width}, {", ".join(values)}
        from wide_cells
        cross join (select unnest($parts::varchar[]) as part, generate_subscripts($parts::varchar[], 1) - 1 as no)
    )
    where case when {misplaced(known)} then no = 0 else {says} end
    order by file_no, line, no
    """


def misplaced(known: Recognition) -> str:
    """Whether a row's cells may stand under the wrong captions: it has too few or too many, or is damaged."""
    return f"(width < {least_width(known)} or width > {len(known.columns)})"


def least_width(known: Recognition) -> int:
    """How many cells a row must have. Excel leaves out the empty cells at a row's end; where every cell has its
    place by number alone, none may be missing."""
    if not known.captioned:
        return len(known.columns)
    needed = [n for name, n in known.mapping if known.dataset[name].required]
    return max(needed, default=len(known.columns) - 1) + 1


def _number(f: Field, silent: Collection[str]) -> str:
    if f"r_{f.name}" in silent:
        return "null::decimal(38, 18)"
    return f"{'to_percent' if f.unit == '%' else 'to_number'}(r_{f.name})"


def _typed(f: Field, silent: Collection[str]) -> str:
    """The SQL of a field's value from its raw text, before references and fallbacks."""
    raw = f"r_{f.name}"
    if raw in silent and (f.type != "school" or "found_school" in silent):
        return f"null::{f.sql_type}"
    by_type = {
        "enum": f"codes_{f.name}[1]",
        "municipality": f"codes_{f.name}[1]",
        "boolean": f"codes_{f.name}[1]::boolean",
        "set": f"codes_{f.name}",
        "school": f"to_school_code({raw})"
        if "found_school" in silent
        else f"coalesce(found_school, to_school_code({raw}))",
        "school_code": f"to_school_code({raw})",
        "ekatte": f"to_ekatte({raw})",
        "integer": f"to_whole(n_{f.name})",
        "decimal": f"try_cast(n_{f.name} as decimal(12,2))",
        # By way of the text: dividing a decimal that long rounds.
        "mean": f"n_{f.name}::varchar::double",
        "halves": f"try_cast(n_{f.name} as decimal(9,1))",
        "date": f"to_date({raw})",
        "school_year": f"to_school_year({raw})",
        "grade": f"to_grade({raw})",
    }
    return by_type.get(f.type, raw)


def _month(f: Field, dataset: Dataset, silent: Collection[str]) -> str:
    if f"r_{f.name}" in silent:
        return "null::date"
    years = ("school_year", "calendar_year")
    made = (name if name in dataset and f"r_{name}" not in silent else "null" for name in years)
    return f"to_month(r_{f.name}, {', '.join(made)})"


def _references(fields: Sequence[Field]) -> tuple[list[str], list[str]]:
    """What fields refer to, a column <field>_ref each, and the joins behind them."""
    tables = {"school": ("ref_schools", "code"), "case": ("ref_cases", "number")}
    columns, joins = [], []
    for f in fields:
        if f.type in tables:
            table, key = tables[f.type]
            columns.append(f"{f.name}_ref")
            joins.append(f"left join {table} as {f.name}_ref on {f.name}_ref.{key} = dated.{f.name}")
    return columns, joins
