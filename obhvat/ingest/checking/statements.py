"""The statements that read a table: cells in, values, pseudonyms and faults out. SQL is only put together here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from obhvat.datasets import Dataset, Field
from obhvat.ingest.checking.checks import SPELLED, Check
from obhvat.ingest.knowing.fields import Recognition
from obhvat.ingest.knowing.known import Known

# A child without an identifier (domain.md §4.1, вид −1) is told apart by school and names, which are hashed too.
_NO_ID = "-1"
SAID = "concat_ws('|', coalesce(code, ''), coalesce(name, ''), coalesce(settlement, ''), coalesce(municipality, ''))"


# What a row says of its institution: names of texts, and the fields they stand in.
_SCHOOL_TEXTS = {
    "code": "school",
    "name": "school_name",
    "settlement": "school_settlement",
    "municipality": "school_municipality",
}
SCHOOL_FIELDS = tuple(_SCHOOL_TEXTS.values())


def _value(f: Field, key_parts: Sequence[str]) -> str:
    """The SQL of a field's value from its raw text, before references and fallbacks."""
    raw = f"r_{f.name}"
    if f.type in SPELLED:
        joined = f"{f.name}_spelled.codes"
        return joined if f.type == "set" else f"{joined}[1]" + ("::boolean" if f.type == "boolean" else "")
    by_type = {
        "free_text": f"scrub({raw})",
        "school": f"coalesce(school_found.code, to_school_code({raw}))",
        "school_code": f"to_school_code({raw})",
        "ekatte": f"to_ekatte({raw})",
        "pupil": f"pseudonym($secret, coalesce(identifier({raw}), {_nameless(key_parts)}))",
        "integer": f"to_integer({raw})",
        "decimal": f"try_cast(to_number({raw}) as decimal(12,2))",
        "halves": f"try_cast(to_number({raw}) as decimal(9,1))",
        "date": f"to_date({raw})",
        "school_year": f"to_school_year({raw})",
        "grade": f"to_grade({raw})",
    }
    return by_type.get(f.type, raw)


def _nameless(names: Sequence[str]) -> str:
    if not names:
        return "null"
    return f"case when r_id_type = '{_NO_ID}' then concat_ws(' ', r_school, {', '.join(names)}) end"


def misplaced(faults: str) -> str:
    """Whether a row's cells may stand under the wrong captions."""
    return f"list_has_any(list_transform({faults}, lambda f: f.rule), ['columns', 'quotation'])"


def masked_cells(known: Recognition) -> str:
    """The cells of a row as they may be kept: identifiers masked, columns that are no field emptied.

    A row with too many or too few cells has a name in any column, so nothing of it is kept.
    """
    cells = []
    for n, column in enumerate(known.columns):
        is_id = column.field and known.dataset[column.field].type == "pupil"
        cell = "''" if column.use != "field" else f"mask(clean(c{n}))" if is_id else f"clean(c{n})"
        cells.append(f"coalesce({cell}, '')")
    hidden = ", ".join(["''"] * len(known.columns))
    return (
        f"case when {misplaced('bad.faults')} then "
        f"[{hidden}] else list_transform([{', '.join(cells)}], lambda cell: scrub(cell)) end"
    )


def misplaced_width(known: Recognition) -> str:
    return f"width >= 0 and (width < {_least_width(known)} or width > {len(known.columns)})"


def _least_width(known: Recognition) -> int:
    """How many cells a row must have. Excel leaves out the empty cells at a row's end; where every cell has its
    place by number alone, none may be missing."""
    if not known.captioned:
        return len(known.columns)
    needed = [n for name, n in known.mapping if known.dataset[name].required]
    return max(needed, default=len(known.columns) - 1) + 1


def school_texts(known: Recognition) -> dict[str, str]:
    """What a row says of its institution, as SQL over the cells."""
    texts = {}
    for text, field in _SCHOOL_TEXTS.items():
        column = known.index_of(field)
        texts[text] = "null::varchar" if column is None else f"clean(c{column})"
    return texts


def cells_view(known: Recognition) -> str:
    """The table `cells`: the wide one, or each part of its rows that says something, a row."""
    if not known.part_field:
        return "create or replace temp view cells as from wide_cells"
    by_part = {(c.part, c.field): n for n, c in enumerate(known.columns) if c.part}
    own = list(dict.fromkeys(c.field for c in known.columns if c.part))
    width = len(known.columns)
    values = []
    for n, name in enumerate(own, start=width + 1):
        branches = " ".join(
            f"when {no} then c{by_part[(part, name)]}" for no, part in enumerate(known.parts) if (part, name) in by_part
        )
        values.append(f"case no {branches} end as c{n}")
    told = " or ".join(f"clean(c{n}) is not null" for n in range(width + 1, width + 1 + len(own)))
    # A row that is damaged has no parts to be told apart; it is handed back once.
    return f"""
    create or replace temp table cells as
    select *
    from (
        select wide_cells.*, no, part as c{width}, {", ".join(values)}
        from wide_cells
        cross join (select unnest($parts::varchar[]) as part, generate_subscripts($parts::varchar[], 1) - 1 as no)
    )
    where case when {misplaced_width(known)} or width < 0 then no = 0 else {told} end
    """


def staging_statement(wide: Recognition, tables: Sequence[Known], checks: Sequence[Check]) -> str:
    """Cells in, values, pseudonyms and faults out, in one statement.

    A row with too many or too few cells, or a quotation mark that is never closed, has that one fault: its cells
    stand under the wrong captions.
    """
    known = wide.long()
    of_parts = {c.field for c in wide.columns if c.part}
    dataset = known.dataset
    names = [f"clean(c{n})" for n, c in enumerate(known.columns) if c.use == "personal"]
    named = [f"n_{i}" for i in range(len(names))]
    given = {name for t in tables for name in t.given}

    raw = [
        "file_no",
        "line",
        "width",
        *(f"{sql} as {alias}" for sql, alias in zip(names, named, strict=True)),
    ]
    for f in dataset.fields:
        column = known.index_of(f.name)
        parts = [] if column is None else [f"clean(c{column})"]
        if f.name in given and column is None:
            branches = " ".join(
                f"when {t.file_no} then '{_literal(t.given[f.name])}'" for t in tables if f.name in t.given
            )
            parts.append(f"case file_no {branches} end")
        if f.default is not None:
            parts.append(f"'{f.default}'")
        text = f"coalesce({', '.join(parts)})" if parts else "null::varchar"
        raw.append(f"{text} as r_{f.name}")

    months = [f for f in dataset.fields if f.type == "month"]
    id_parts = named if "id_type" in dataset else []
    values = [f"{_value(f, id_parts)} as {f.name}" for f in dataset.fields if f.type != "month"]
    month_values = [_month(f, dataset) for f in months]
    spelled, references = _joins(dataset.fields, dataset)
    if dataset.rules and months:
        references.append(f"left join ref_months on ref_months.month = dated.{months[0].name}")
    fallbacks = [f for f in dataset.fields if f.fallback]
    replaced = ", ".join(
        [
            *(f"coalesce(dated.{f.name}, {f.fallback}) as {f.name}" for f in fallbacks),
            *(
                f"case when {f.void_when} then null else dated.{f.name} end as {f.name}"
                for f in dataset.fields
                if f.void_when
            ),
        ]
    )
    derived = [f"({d.sql})::{d.sql_type} as {d.name}" for d in dataset.derived]
    all_checks = [
        Check("columns", "", misplaced_width(wide), "width::varchar", f"'{len(wide.columns)}'"),
        Check("quotation", "", "width < 0", "null"),
        *checks,
    ]
    flags = "".join(f", coalesce({c.fails}, false) as fails_{n}" for n, c in enumerate(all_checks))
    any_fails = " or ".join(f"fails_{n}" for n in range(len(all_checks)))
    of_part = f" || '|' || r_{wide.part_field}"
    faults = ", ".join(
        f"case when fails_{n}{' and not (fails_0 or fails_1)' if n > 1 else ''} then "
        f"{{'field': '{c.field}'{of_part if c.field in of_parts else ''}, 'rule': '{c.rule}', "
        f"'value': ({c.value})::varchar, 'limit': ({c.limit})::varchar}} end"
        for n, c in enumerate(all_checks)
    )
    stored = ", ".join(f"{f.name}::{f.sql_type}" for f in dataset.stored)
    ref_columns = "".join(f", {f.name}_ref" for f in dataset.fields if f.type in ("school", "case"))
    days = ", ref_months.school_days" if dataset.rules and months else ""
    added = "".join(f", {m}" for m in month_values)
    replacing = f" replace ({replaced})" if replaced else ""
    with_derived = "".join(f", {d}" for d in derived)
    return f"""
    insert into rows_{dataset.name}
    with raw as (select {", ".join(raw)} from cells),
    typed as (select raw.*, {", ".join(values)} from raw {" ".join(spelled)}),
    dated as (select typed.*{added} from typed),
    known as (select dated.*{replacing}{ref_columns}{days} from dated {" ".join(references)}),
    derived as (select known.*{with_derived} from known),
    checked as (select derived.*{flags} from derived)
    select file_no, line, {stored},
        case when {any_fails} then list_transform(
            list_filter([{faults}], lambda fault: fault is not null),
            lambda fault: struct_pack(
                field := fault.field,
                rule := fault.rule,
                value := left(scrub(fault.value), 60),
                "limit" := fault."limit"
            )
        ) end
    from checked
    """


def texts_statement(dataset: Dataset, f: Field, names: Sequence[str], checks: Sequence[Check]) -> str:
    """What different texts of a field mean: `value`, and whether a check of the field itself finds fault with it.

    Reads the table `distinct_texts`, a column r_<name> for each of `names`.
    """
    fields = [dataset[name] for name in names]
    spelled, references = _joins([x for x in fields if not x.helper], dataset)
    values = ", ".join(f"{_value(x, [])} as {x.name}" for x in fields if x.type != "month" and not x.helper)
    month = "".join(f", {_month(x, dataset)}" for x in fields if x.type == "month")
    value = f"coalesce({f.name}, {f.fallback})" if f.fallback else f.name
    doubt = " or ".join(f"coalesce({c.fails}, false)" for c in checks) or "false"
    return f"""
    with typed as (
        select texts.*{f", {values}" if values else ""}
        from distinct_texts as texts {" ".join(spelled)}
    ),
    dated as (select typed.*{month} from typed)
    select ({value})::{f.sql_type} as value, {doubt} as doubtful
    from dated {" ".join(references)}
    order by pos
    """


def plain_rows_statement(known: Recognition, checks: Sequence[Check]) -> str:
    """What the table `plain_rows` does not hold of its rows: `row`, the pseudonym, the derived columns, and whether a
    check of several fields finds fault with the row."""
    dataset = known.dataset
    pupil = next((f for f in dataset.fields if f.type == "pupil"), None)
    values = [f"v_{f.name} as {f.name}" for f in dataset.fields if f.type != "pupil" and not f.helper]
    if any(f.type == "month" for f in dataset.fields):
        values += ["school_days"]
    fails = [f"coalesce({c.fails}, false)" for c in checks if c.of_row]
    made = [f"{d.name}::{d.sql_type} as {d.name}" for d in dataset.derived]
    if pupil:
        values += ["case when is_plain then r_pupil else identifier(clean(r_pupil)) end as plain_pupil"]
        fails += ["plain_pupil is null"]
        made += [f"pseudonym($secret, plain_pupil) as {pupil.name}"]
    derived = "".join(f", ({d.sql}) as {d.name}" for d in dataset.derived)
    return f"""
    with read as (select row, {", ".join(values)} from plain_rows),
    derived as (select read.*{derived} from read)
    select row, {" or ".join(fails) or "false"} as doubtful{"".join(f", {m}" for m in made)}
    from derived
    """


def _month(f: Field, dataset: Dataset) -> str:
    return (
        f"to_month(r_{f.name}, {'school_year' if 'school_year' in dataset else 'null'}, "
        f"{'calendar_year' if 'calendar_year' in dataset else 'null'}) as {f.name}"
    )


def _joins(fields: Sequence[Field], dataset: Dataset) -> tuple[list[str], list[str]]:
    """The joins behind the fields' values and behind their checks."""
    spelled = [
        f"left join schools_found as school_found on school_found.said = {_school_key(dataset)}"
        for f in fields
        if f.type == "school"
    ]
    spelled += [
        f"left join spellings as {f.name}_spelled on {f.name}_spelled.field = '{f.name}' "
        f"and {f.name}_spelled.text = r_{f.name}"
        for f in fields
        if f.type in SPELLED
    ]
    references = [
        f"left join ref_schools as {f.name}_ref on {f.name}_ref.code = dated.{f.name}"
        for f in fields
        if f.type == "school"
    ] + [
        f"left join ref_cases as {f.name}_ref on {f.name}_ref.number = dated.{f.name}"
        for f in fields
        if f.type == "case"
    ]
    return spelled, references


def _school_key(dataset: Dataset) -> str:
    texts = {text: "null" if name not in dataset else f"r_{name}" for text, name in _SCHOOL_TEXTS.items()}
    return "concat_ws('|', " + ", ".join(f"coalesce({sql}, '')" for sql in texts.values()) + ")"


def _literal(text: str) -> str:
    """A value given outside the cells; only dates and codes are, so anything else is refused."""
    if not re.fullmatch(r"[a-z0-9./_-]*", text):
        raise ValueError(text)
    return text
