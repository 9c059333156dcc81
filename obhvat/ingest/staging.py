"""Checked rows: tables of one form are read, pseudonymised and checked together by one statement.

Staging is a database in memory, apart from the store. Raw cells exist only while their statement runs; what
stays are values, pseudonyms, and for rows that were not accepted their masked cells.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from obhvat.datasets import Dataset, Field
from obhvat.datasets.captions import normal
from obhvat.ingest.checks import SPELLED, Check, row_checks
from obhvat.ingest.fields import Recognition
from obhvat.ingest.reference import Reference, schools_with_grades
from obhvat.ingest.schools import Match
from obhvat.ingest.table import Table, stacked
from obhvat.periods import school_days

_YES = ("да", "yes", "true", "1", "x", "х", "v")
_NO = ("не", "no", "false", "0")
_FIRST_YEAR = 2010
# A child without an identifier (domain.md §4.1, вид −1) is told apart by school and names, which are hashed too.
_NO_ID = "-1"
_FAULTS = 'faults struct(field varchar, rule varchar, value varchar, "limit" varchar)[]'


@dataclass(frozen=True)
class StagedTable:
    """A table with the number its rows carry in staging, and what is given outside its cells."""

    file_no: int
    table: Table
    recognition: Recognition
    given: Mapping[str, str]


@dataclass(frozen=True)
class FoundSchool:
    """An institution a file names without a code of the register: what it says, and what was found."""

    file_no: int
    said: str
    words: str
    match: Match
    n_rows: int


@cache
def _types_sql() -> str:
    return (Path(__file__).parent / "types.sql").read_text("utf-8")


@cache
def _school_days_table() -> pa.Table:
    months = [date(y, m, 1) for y in range(_FIRST_YEAR, date.today().year + 2) for m in range(1, 13)]
    return pa.table({"month": months, "school_days": [school_days(m) for m in months]})


def _spelling(field: Field, municipalities: Mapping[str, str], text: str) -> list[str] | None:
    """The codes a text stands for, or None when it is none of the known spellings."""
    if field.type == "municipality":
        bare = normal(text).removeprefix("община ").removeprefix("общ ")
        found = municipalities.get(bare) or (text if not municipalities else None)
        return [found] if found else None
    if field.type == "boolean":
        known = {normal(w): "true" for w in (*_YES, *field.true_words)}
        known |= {normal(w): "false" for w in (*_NO, *field.false_words)}
        return [known[normal(text)]] if normal(text) in known else None
    by_spelling = {s: v.code for v in field.values for s in v.spellings}
    if field.type == "enum":
        return [by_spelling[normal(text)]] if normal(text) in by_spelling else None
    parts = [p for p in text.replace(",", ";").replace("+", ";").split(";") if p.strip()]
    codes = [by_spelling.get(normal(p)) for p in parts]
    return None if any(c is None for c in codes) else [c for c in codes if c is not None]


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


class Staging:
    """The checked rows of one upload, a table `staged_<dataset>` each, and their faults."""

    def __init__(self, secret: str, today: date | None = None) -> None:
        self._connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        # Raw identifiers pass through this database: it must rather run out of memory than spill to disk.
        self._connection.execute("set temp_directory = ''")
        self._connection.execute(_types_sql())
        self._connection.register("months_arrow", _school_days_table())
        self._connection.execute("create table ref_months as from months_arrow")
        self._connection.unregister("months_arrow")
        self._connection.execute(f"create table bad_rows (file_no integer, line integer, cells varchar[], {_FAULTS})")
        self._asking = threading.Lock()
        self._secret = secret
        self._today = today or date.today()
        self._datasets: dict[str, Dataset] = {}

    def close(self) -> None:
        self._connection.close()

    def read(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The result of a query, whole. One at a time: a download asks from its own thread."""
        with self._asking:
            return self._connection.execute(sql, dict(parameters or {})).df()

    def arrow_reader(self, sql: str) -> pa.RecordBatchReader:
        """Rows as a stream; the staging must not be written to until it is read to the end."""
        return self._connection.cursor().sql(sql).to_arrow_reader()

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        with self._asking:
            self._connection.execute(sql, dict(parameters or {})).fetchall()

    def register(self, name: str, frame: pd.DataFrame | pa.Table) -> None:
        """Copy a small table in under `name`."""
        self._connection.register(f"{name}_arrow", frame)
        self.execute(f"create or replace table {name} as from {name}_arrow")
        self._connection.unregister(f"{name}_arrow")

    def set_reference(self, reference: Reference) -> None:
        """What the next tables are checked against."""
        self.register("ref_schools", schools_with_grades(reference.schools))
        self.register("ref_cases", reference.cases[["number", "municipality"]].astype("str"))
        self._municipalities = reference.municipalities()
        self._reference = reference

    def prepare(self, dataset: Dataset) -> None:
        """Make a dataset's empty table; an upload may hold nothing but a school's empty month."""
        if dataset.name not in self._datasets:
            columns = ", ".join(f"{f.name} {f.sql_type}" for f in dataset.stored)
            self.execute(f"create table staged_{dataset.name} (file_no integer, line integer, {columns}, {_FAULTS})")
            self._datasets[dataset.name] = dataset

    def add(self, tables: Sequence[StagedTable], said_schools: Mapping[str, str]) -> list[FoundSchool]:
        """Read and check tables of one form: the same dataset, mapping and personal columns.

        `said_schools` is what a person said of unclear institutions. Returns those that had to be looked for.
        """
        first = tables[0].recognition
        dataset = first.dataset
        self._connection.register("wide_cells", stacked([(t.file_no, t.table) for t in tables]))
        try:
            self.execute(_cells_view(first), {"parts": list(first.parts)} if first.part_field else None)
            known = first.long()
            self._spell(dataset, known, tables)
            found = self._find_schools(known, said_schools)
            checks = row_checks(dataset, self._today, first.waived)
            self.execute(_staging_statement(first, tables, checks), self._bound(dataset))
            file_nos = [t.file_no for t in tables]
            self._check_whole_files(dataset, file_nos)
            if first.part_field:
                self._reject_whole_lines(dataset, file_nos)
            self.execute(
                f"""
                insert into bad_rows
                with bad as (
                    select file_no, line, list_distinct(flatten(list(faults))) as faults
                    from staged_{dataset.name}
                    where faults is not null and file_no in (select unnest($file_nos::integer[]))
                    group by file_no, line
                )
                select bad.file_no, bad.line, {_masked_cells(first)}, bad.faults
                from bad
                join wide_cells as cells on cells.file_no = bad.file_no and cells.line = bad.line
                """,
                {"file_nos": file_nos},
            )
            self._hide_rejected(dataset)
            return found
        finally:
            self.execute(f"drop {'table' if first.part_field else 'view'} if exists cells")
            self._connection.unregister("wide_cells")

    def lines_without_rows(self, tables: Sequence[StagedTable]) -> dict[int, list[int]]:
        """Lines whose every part is empty: of a school where no exam was held. By file number."""
        name = tables[0].recognition.dataset.name
        kept = self.read(
            f"select distinct file_no, line from staged_{name} where file_no in (select unnest($nos::integer[]))",
            {"nos": [t.file_no for t in tables]},
        )
        lines = kept.groupby("file_no")["line"].agg(set).to_dict()
        return {
            t.file_no: [
                line for n in t.table.rows if (line := t.table.grid.lines[n]) not in lines.get(t.file_no, set())
            ]
            for t in tables
        }

    def _find_schools(self, known: Recognition, said: Mapping[str, str]) -> list[FoundSchool]:
        """Look for the institutions whose code is not in the register, and leave what was found for the statement."""
        found: list[FoundSchool] = []
        if known.index_of("school") is not None or known.index_of("school_name") is not None:
            texts = ", ".join(f"{sql} as {name}" for name, sql in _school_texts(known).items())
            unclear = self.read(
                f"""
                with texts as (select file_no, {texts} from cells)
                select file_no, {_SAID} as said, code, name, settlement, municipality, count(*) as n
                from texts
                where
                    (select count(*) from ref_schools) > 0
                    and (code is not null or name is not null)
                    and coalesce(to_school_code(code) not in (select code from ref_schools), true)
                group by all
                order by all
                """
            )
            finder = self._reference.finder(said)
            for file_no, key, *words, n in unclear.itertuples(index=False, name=None):
                code, name, settlement, municipality = (w if isinstance(w, str) else "" for w in words)
                match = finder.find(key, code, name, settlement, municipality)
                shown = ", ".join(filter(None, (code and f"код {code}", name, settlement, municipality)))
                found.append(FoundSchool(file_no, key, shown, match, int(n)))
        certain = {f.said: f.match.code for f in found if f.match.code}
        self.register(
            "schools_found",
            pa.table({"said": pa.array(certain, pa.string()), "code": pa.array(certain.values(), pa.string())}),
        )
        return found

    def _reject_whole_lines(self, dataset: Dataset, file_nos: list[int]) -> None:
        """A line with one bad part goes back whole: half of a school's results would be a wrong picture."""
        self.execute(
            f"""
            update staged_{dataset.name} set faults = []
            from (
                select distinct file_no, line
                from staged_{dataset.name}
                where faults is not null and file_no in (select unnest($file_nos::integer[]))
            ) as bad
            where
                staged_{dataset.name}.file_no = bad.file_no
                and staged_{dataset.name}.line = bad.line
                and faults is null
            """,
            {"file_nos": file_nos},
        )

    def _hide_rejected(self, dataset: Dataset) -> None:
        """Of rows that were not accepted no identifier stays, and nothing of those whose cells are misplaced."""
        texts = [f.name for f in dataset.stored if f.sql_type == "varchar"]
        misplaced = _misplaced("faults")
        hidden = ", ".join(f"{name} = case when not {misplaced} then scrub({name}) end" for name in texts)
        self.execute(f"update staged_{dataset.name} set {hidden} where faults is not null")

    def _bound(self, dataset: Dataset) -> dict[str, object]:
        return {"secret": self._secret} if any(f.type == "pupil" for f in dataset.fields) else {}

    def _spell(self, dataset: Dataset, known: Recognition, tables: Sequence[StagedTable]) -> None:
        """Match the distinct texts of enumerated columns in Python, and leave the pairs for the statement."""
        pairs: list[tuple[str, str, list[str]]] = []
        for f in dataset.fields:
            if f.type not in SPELLED:
                continue
            column = known.index_of(f.name)
            texts = [] if column is None else self.read(f"select distinct clean(c{column}) as t from cells")["t"]
            words = {*texts, *(t.given[f.name] for t in tables if f.name in t.given), f.default} - {None}
            pairs += [
                (f.name, text, codes)
                for text in words
                if isinstance(text, str) and (codes := _spelling(f, self._municipalities, text)) is not None
            ]
        self.register(
            "spellings",
            pa.table(
                {
                    "field": pa.array([p[0] for p in pairs], pa.string()),
                    "text": pa.array([p[1] for p in pairs], pa.string()),
                    "codes": pa.array([p[2] for p in pairs], pa.list_(pa.string())),
                }
            ),
        )

    def _check_whole_files(self, dataset: Dataset, file_nos: list[int]) -> None:
        staged, bound = f"staged_{dataset.name}", {"file_nos": file_nos}
        for wanted, rule, column in (
            (dataset.one_school, "one_school", "school"),
            (dataset.one_month, "one_month", "month"),
        ):
            if wanted:
                self.execute(
                    f"""
                    update {staged} set faults = [{{
                        'field': '{column}', 'rule': '{rule}',
                        'value': {column}::varchar, 'limit': main.most::varchar
                    }}]
                    from (
                        select file_no, mode({column}) as most
                        from {staged}
                        where faults is null and file_no in (select unnest($file_nos::integer[]))
                        group by file_no
                        having count(distinct {column}) > 1
                    ) as main
                    where {staged}.file_no = main.file_no and faults is null and {column} <> main.most
                    """,
                    bound,
                )
        key = ", ".join(dataset.key)
        self.execute(
            f"""
            update {staged} set faults = [{{
                'field': '{dataset.key[-1]}', 'rule': 'key', 'value': repeated.first::varchar, 'limit': null
            }}]
            from (
                select file_no, unnest(lines[2:]) as line, lines[1] as first
                from (
                    select file_no, list(line order by line) as lines
                    from {staged}
                    where
                        faults is null
                        and {dataset.key_where}
                        and file_no in (select unnest($file_nos::integer[]))
                    group by file_no, {key}
                    having count(*) > 1
                ) as keys
            ) as repeated
            where {staged}.file_no = repeated.file_no and {staged}.line = repeated.line
            """,
            bound,
        )

    @property
    def datasets(self) -> Iterable[Dataset]:
        return self._datasets.values()


def _misplaced(faults: str) -> str:
    """Whether a row's cells may stand under the wrong captions."""
    return f"list_has_any(list_transform({faults}, lambda f: f.rule), ['columns', 'quotation'])"


def _masked_cells(known: Recognition) -> str:
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
        f"case when {_misplaced('bad.faults')} then "
        f"[{hidden}] else list_transform([{', '.join(cells)}], lambda cell: scrub(cell)) end"
    )


def _misplaced_width(known: Recognition) -> str:
    return f"width >= 0 and (width < {_least_width(known)} or width > {len(known.columns)})"


def _least_width(known: Recognition) -> int:
    """How many cells a row must have. Excel leaves out the empty cells at a row's end; where every cell has its
    place by number alone, none may be missing."""
    if not known.captioned:
        return len(known.columns)
    needed = [n for name, n in known.mapping if known.dataset[name].required]
    return max(needed, default=len(known.columns) - 1) + 1


_SAID = "concat_ws('|', coalesce(code, ''), coalesce(name, ''), coalesce(settlement, ''), coalesce(municipality, ''))"


def _school_texts(known: Recognition) -> dict[str, str]:
    """What a row says of its institution, as SQL over the cells."""
    texts = {}
    for text, field in (
        ("code", "school"),
        ("name", "school_name"),
        ("settlement", "school_settlement"),
        ("municipality", "school_municipality"),
    ):
        column = known.index_of(field)
        texts[text] = "null::varchar" if column is None else f"clean(c{column})"
    return texts


def _cells_view(known: Recognition) -> str:
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
    where case when {_misplaced_width(known)} or width < 0 then no = 0 else {told} end
    """


def _staging_statement(wide: Recognition, tables: Sequence[StagedTable], checks: Sequence[Check]) -> str:
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
    month_values = [
        f"to_month(r_{f.name}, {'school_year' if 'school_year' in dataset else 'null'}, "
        f"{'calendar_year' if 'calendar_year' in dataset else 'null'}) as {f.name}"
        for f in months
    ]
    spelled = [
        f"left join schools_found as school_found on school_found.said = {_school_key(known)}"
        for f in dataset.fields
        if f.type == "school"
    ]
    spelled += [
        f"left join spellings as {f.name}_spelled on {f.name}_spelled.field = '{f.name}' "
        f"and {f.name}_spelled.text = r_{f.name}"
        for f in dataset.fields
        if f.type in SPELLED
    ]
    references = [
        f"left join ref_schools as {f.name}_ref on {f.name}_ref.code = dated.{f.name}"
        for f in dataset.fields
        if f.type == "school"
    ] + [
        f"left join ref_cases as {f.name}_ref on {f.name}_ref.number = dated.{f.name}"
        for f in dataset.fields
        if f.type == "case"
    ]
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
        Check("columns", "", _misplaced_width(wide), "width::varchar", f"'{len(wide.columns)}'"),
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
    insert into staged_{dataset.name}
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


def _school_key(known: Recognition) -> str:
    texts = {
        text: "null" if name not in known.dataset else f"r_{name}"
        for text, name in (
            ("code", "school"),
            ("name", "school_name"),
            ("settlement", "school_settlement"),
            ("municipality", "school_municipality"),
        )
    }
    return "concat_ws('|', " + ", ".join(f"coalesce({sql}, '')" for sql in texts.values()) + ")"


def _literal(text: str) -> str:
    """A value given outside the cells; only dates and codes are, so anything else is refused."""
    if not re.fullmatch(r"[a-z0-9./_-]*", text):
        raise ValueError(text)
    return text
