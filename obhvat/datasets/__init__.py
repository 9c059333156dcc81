"""What a file may hold: one TOML a dataset, read once into frozen declarations.

A dataset names its fields with type, unit, rules and the synonyms of their captions, its key, and its slice:
the part of the store that a new file replaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from obhvat.datasets import latin
from obhvat.datasets.captions import normal
from obhvat.resources import read_toml

# The order in which datasets of one upload are checked and listed: what others refer to comes first.
NAMES = (
    "schools",
    "pupils",
    "absences",
    "class_absences",
    "term_absences",
    "subject_absences",
    "at_risk",
    "asp_confirmations",
    "missing_topics",
    "results",
    "cases",
    "actions",
    "rounds",
    "inspections",
    "submissions",
    "sanctions",
    "benefits",
    "proposals",
)

# The sheet of a template that explains its columns; not data.
INSTRUCTIONS_SHEET = "Указания"

SQL_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "text": "varchar",
        "free_text": "varchar",
        "place": "varchar",
        "municipality": "varchar",
        "school": "varchar",
        "school_code": "varchar",
        "case": "varchar",
        "ekatte": "varchar",
        "enum": "varchar",
        "set": "varchar[]",
        "pupil": "ubigint",
        "integer": "integer",
        "decimal": "decimal(12,2)",
        "mean": "double",
        "halves": "decimal(9,1)",
        "date": "date",
        "month": "date",
        "school_year": "smallint",
        "grade": "tinyint",
        "boolean": "boolean",
    }
)


@dataclass(frozen=True)
class Value:
    """One member of an enumeration: its code in the store, its caption on screen, other spellings."""

    code: str
    caption: str
    synonyms: tuple[str, ...] = ()
    group: str | None = None
    """The part of a reconciliation this member is counted in."""

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(normal(s) for s in (self.caption, self.code, *self.synonyms)))


@dataclass(frozen=True)
class Field:
    """A column of a dataset. `type` is a key of SQL_TYPES; the rest are its rules and words."""

    name: str
    caption: str
    type: str
    required: bool = False
    stored: bool = True
    """False for a column that only helps to compute another (a school year beside a month's number)."""
    lenient: bool = False
    """An unreadable value becomes empty instead of refusing the row."""
    default: str | None = None
    """The text an empty cell is read as."""
    fallback: str | None = None
    """An expression for a value that no column gives: over raw cells (`r_name`) and references (`school_ref`)."""
    void_when: str = ""
    """An expression under which the value says nothing: the mean of nobody."""
    made_of: tuple[str, ...] = ()
    """The other fields that `fallback` and `void_when` name."""
    min: float | None = None
    max: float | None = None
    in_school_year: bool = False
    not_future: bool = False
    not_after: str | None = None
    fits_school: bool = False
    file_wide: bool = False
    """May come from the file's title or name, or from the user, for all rows when the column is absent."""
    helper: bool = False
    """Read when it is there, to find an institution by; not a column of our templates."""
    unit: str = ""
    note: str = ""
    synonyms: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every caption this field is known by, in `normal` form, the printed caption first."""
        return tuple(dict.fromkeys(normal(s) for s in (self.caption, self.name, *self.synonyms)))

    @cached_property
    def known_as(self) -> frozenset[str]:
        return frozenset(self.spellings)

    @cached_property
    def keys(self) -> frozenset[str]:
        """By what captions of this field in other letters are known (`latin.key`)."""
        return frozenset(key for spelling in self.spellings for key in latin.keys(spelling))

    def caption_of(self, code: str | None) -> str:
        """The printed caption of an enumeration's code; the code itself when it is not a member."""
        return next((v.caption for v in self.values if v.code == code), code or "")


@dataclass(frozen=True)
class Derived:
    """A stored column computed from the others, as an expression over their names."""

    name: str
    type: str
    sql: str

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class RowRule:
    """A check of several columns of a row: `fails` is true for a bad one; `value` and `limit` are shown."""

    name: str
    field: str
    fails: str
    value: str
    limit: str


@dataclass(frozen=True)
class Asked:
    """What of a row can hardly be and is asked about: `fails` is true for such a row, `shown` are the two columns whose
    values are named."""

    words: str
    fails: str
    shown: tuple[str, str]


@dataclass(frozen=True)
class Slice:
    """What a new file replaces, as expressions over the dataset's columns; absent parts are empty.

    `register`: a file of several municipalities is the oblast's register and also replaces
    municipalities that no longer occur in it. `span`: months between the first and the last are replaced too.
    """

    school: str = "''"
    municipality: str = "''"
    period: str = "date '1900-01-01'"
    label: str = "''"
    register: bool = False
    span: bool = False


@dataclass(frozen=True)
class Dataset:
    """A kind of table a user may bring. See the module's docstring."""

    name: str
    title: str
    one_row: str
    file_stem: str
    key: tuple[str, ...]
    slice: Slice
    fields: tuple[Field, ...]
    derived: tuple[Derived, ...] = ()
    rules: tuple[RowRule, ...] = ()
    asked: tuple[Asked, ...] = ()
    one_school: bool = False
    one_month: bool = False
    key_where: str = "true"
    """Which rows the key must tell apart."""
    needs_any: tuple[str, ...] = ()
    """Fields of which a table must have one to be known as this by its captions."""
    not_with: tuple[str, ...] = ()
    """First words of captions that show that a table is something else."""
    _by_name: dict[str, Field] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def is_barred(self, captions: Sequence[str]) -> bool:
        """Whether captions show that a table is something else."""
        if self.not_with and any(normal(c).startswith(self.not_with) for c in captions):
            return True
        unusual = [latin.key(c) for c in captions if latin.is_unusual(c)] if self.not_with else []
        barring = tuple(key for words in self.not_with for key in latin.keys(words)) if unusual else ()
        return any(key.startswith(barring) for key in unusual)

    @property
    def by_school_year(self) -> bool:
        """Whether its slices are of school years, which stand in the store as their first day."""
        return "school_year" in self.slice.period

    @property
    def printed(self) -> tuple[Field, ...]:
        """The columns of our templates."""
        return tuple(f for f in self.fields if not f.helper)

    @property
    def stored(self) -> tuple[Field | Derived, ...]:
        """The columns of the dataset's table in the store, in order, before `slice_id` and `line`."""
        return (*(f for f in self.fields if f.stored), *self.derived)


# What a file says of an institution beside its code, or instead of it. Never stored: the register has it.
_SCHOOL_WORDS = tuple(
    Field(name, caption, "place", stored=False, helper=True, synonyms=synonyms)
    for name, caption, synonyms in (
        ("school_oblast", "Област", ("обаст", "регион", "област на институцията")),
        ("school_municipality", "Община", ("община на институцията",)),
        ("school_settlement", "Населено място", ("нас. място", "нас място", "град/село")),
        (
            "school_name",
            "Име на институция",
            (
                *("училище", "институция", "име на институцията", "наименование на институцията", "наименование"),
                *("име на училище/детска градина", "училище/детска градина", "пълно наименование"),
            ),
        ),
    )
)


def _value(declared: Mapping[str, Any]) -> Value:
    return Value(declared["code"], declared["caption"], tuple(declared.get("synonyms", ())), declared.get("group"))


def _field(declared: Mapping[str, Any], borrowed: tuple[Value, ...]) -> Field:
    attributes = {k: v for k, v in declared.items() if k not in ("values", "values_of")}
    for words in ("synonyms", "examples", "true_words", "false_words", "made_of"):
        attributes[words] = tuple(attributes.get(words, ()))
    return Field(**attributes, values=tuple(map(_value, declared.get("values", ()))) or borrowed)


def _group_expression(values: tuple[Value, ...], column: str) -> str:
    branches = " ".join(f"when '{v.code}' then '{v.group}'" for v in values)
    return f"case {column} {branches} end"


@cache
def dataset(name: str) -> Dataset:
    """The declaration of one dataset. Raises KeyError for a name that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    declared = read_toml(f"datasets/{name}.toml")
    fields = []
    for column in declared["field"]:
        borrowed: tuple[Value, ...] = ()
        if "values_of" in column:
            other, field = column["values_of"].split(".")
            borrowed = dataset(other)[field].values
        fields.append(_field(column, borrowed))
    if declared.get("school_words"):
        own = {s for f in fields for s in f.spellings}
        fields += [replace(f, synonyms=tuple(s for s in f.synonyms if normal(s) not in own)) for f in _SCHOOL_WORDS]
    by_name = {f.name: f for f in fields}
    derived = [
        Derived(
            d["name"],
            d["type"],
            d.get("sql") or _group_expression(by_name[d["from_group"]].values, d["from_group"]),
        )
        for d in declared.get("derived", ())
    ]
    return Dataset(
        name=name,
        title=declared["title"],
        one_row=declared["one_row"],
        file_stem=declared["file_stem"],
        key=tuple(declared["key"]),
        slice=Slice(**declared["slice"]),
        fields=tuple(fields),
        derived=tuple(derived),
        rules=tuple(RowRule(**r) for r in declared.get("rule", ())),
        asked=tuple(Asked(a["words"], a["fails"], tuple(a["shown"])) for a in declared.get("asked", ())),
        one_school=declared.get("one_school", False),
        one_month=declared.get("one_month", False),
        key_where=declared.get("key_where", "true"),
        needs_any=tuple(declared.get("needs_any", ())),
        not_with=tuple(declared.get("not_with", ())),
        _by_name=by_name,
    )


def all_datasets() -> tuple[Dataset, ...]:
    """Every dataset, in the order of NAMES."""
    return tuple(map(dataset, NAMES))
