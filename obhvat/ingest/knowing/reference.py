"""What a file is checked against: the register, the cases, and what the store already holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from obhvat.datasets.captions import normal
from obhvat.ingest.answers import ColumnAnswers
from obhvat.ingest.knowing.schools import SchoolFinder, place_form
from obhvat.ingest.knowing.senders import Sender, is_limited, own_schools
from obhvat.people.child_requests import erased_marks
from obhvat.people.keeping import Through, forgotten_through
from obhvat.store import Store, memory
from obhvat.store.told import cases_ever

# Grades an institution can teach, by its kind under чл. 38 ЗПУО; preschool groups are below 1.
KIND_GRADES: dict[str, tuple[int, int]] = {
    "primary": (-10, 4),
    "basic": (-10, 7),
    "united": (-10, 10),
    "secondary": (-10, 12),
    "profiled": (5, 12),
    "vocational": (8, 12),
    "sport": (1, 12),
    "arts": (1, 12),
    "religious": (8, 12),
    "kindergarten": (-10, 0),
}

_SCHOOLS = """
select schools.code, schools.name, schools.kind, schools.oblast, schools.municipality, schools.settlement
from schools
join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
"""

_SLICES = """
select
    slices.school,
    slices.municipality,
    slices.period,
    slices.label,
    slices.slice_id,
    slices.n_rows,
    slices.batch_id
from slices
join live_slices($dataset, $known_at) as live on live.slice_id = slices.slice_id
where slices.school in (select unnest($schools::varchar[]))
"""

_SEEN = """
select
    (select coalesce(max(batch_id), 0) from batches),
    (select arg_max(committed_at, batch_id) from batches),
    (select coalesce(max(mark_id), 0) from batch_marks),
    (select arg_max(marked_at, mark_id) from batch_marks)
"""

_HASHES = """
select batches.file_hash, min(batches.committed_at) as committed_at
from batches
where
    batches.file_hash in (select unnest($hashes::varchar[]))
    and batches.batch_id not in (select batch_id from undone_batches($known_at))
group by batches.file_hash
"""

_CLASSES = """
select
    absence_classes.school,
    absence_classes.month,
    absence_classes.class_name,
    coalesce(absence_classes.excused, 0) + absence_classes.unexcused as total
from absence_classes
join live_slices('absences', $known_at) as live on live.slice_id = absence_classes.slice_id
where absence_classes.school in (select unnest($schools::varchar[]))
"""


def registered(store: Store, known_at: datetime) -> pd.DataFrame:
    """The register: code, name, kind, oblast, municipality, settlement."""
    return store.read(_SCHOOLS, {"known_at": known_at})


def schools_with_grades(schools: pd.DataFrame, own: Collection[str]) -> pa.Table:
    """Columns code, municipality, lowest, highest, is_own: null limits where the kind says nothing of grades. `own` are
    the codes that are the sender's."""
    limits = [KIND_GRADES.get(kind, (None, None)) for kind in schools["kind"]]
    return pa.table(
        {
            "code": pa.array(schools["code"], pa.string(), from_pandas=True),
            "municipality": pa.array(schools["municipality"], pa.string(), from_pandas=True),
            "lowest": pa.array([low for low, _ in limits], pa.int8()),
            "highest": pa.array([high for _, high in limits], pa.int8()),
            "is_own": pa.array([code in own for code in schools["code"]], pa.bool_()),
        }
    )


class Seen(NamedTuple):
    """The last batch and the last word about one that stood in a store, with their moments: numbers begin anew after a
    copy."""

    batch_id: int = 0
    committed_at: datetime | None = None
    mark_id: int = 0
    marked_at: datetime | None = None


_NOTHING = Seen()


class LiveSlice(NamedTuple):
    """A slice that stands in the store."""

    school: str
    municipality: str
    period: date
    label: str
    slice_id: int
    n_rows: int
    batch_id: int


@dataclass(frozen=True)
class Reference:
    """A snapshot of the store for one upload. Without a store, nothing is known and nothing is compared."""

    store: Store | None
    known_at: datetime
    schools: pd.DataFrame
    """Columns code, name, kind, oblast, municipality, settlement."""
    profiles: Mapping[str, ColumnAnswers] = field(default_factory=dict)
    """How senders' columns are understood, by signature (fields.signature)."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """What a person said that words and unclear institutions mean: as the file has it → code."""
    new_cases: pd.DataFrame | None = None
    """Cases that this upload brings: columns number, municipality, opened_on."""

    seen: Seen = _NOTHING
    erased: frozenset[str] = frozenset()
    """The marks by which children are known whose data were erased on request."""
    forgotten: Mapping[str, Through] = field(default_factory=dict)
    """Up to which school year each kind was forgotten."""
    sender: Sender = None
    """Who brings the files: a limited one is told of the cases of the own place only."""

    @classmethod
    def of(cls, store: Store | None, sender: Sender = None) -> Reference:
        now = store.now() if store else datetime.now()
        if store is None:
            return cls(
                None,
                now,
                pd.DataFrame(columns=["code", "name", "kind", "oblast", "municipality", "settlement"], dtype="str"),
                sender=sender,
            )
        [seen] = store.rows(_SEEN)
        return cls(
            store,
            now,
            registered(store, now),
            {sign: ColumnAnswers(name, tuple(fields)) for sign, name, fields in memory.profiles(store)},
            dict(memory.aliases(store)),
            seen=Seen(*seen),
            erased=erased_marks(store),
            forgotten=forgotten_through(store),
            sender=sender,
        )

    def with_schools(self, schools: pd.DataFrame) -> Reference:
        """As it would be after a register of this upload: the new register replaces the old."""
        return replace(self, schools=schools)

    def with_cases(self, cases: pd.DataFrame) -> Reference:
        """As it would be after a case register of this upload is added."""
        return replace(self, new_cases=cases)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """Columns number, municipality, opened_on. The store is asked only when they are looked at: most files name no
        case."""
        return self._cases_told.drop_duplicates("number")

    def first_signals(self) -> pd.DataFrame:
        """Columns number, opened_on: of each case the first day of its signal that anybody told."""
        return self._cases_told.groupby("number", as_index=False)["opened_on"].min()

    def stored_cases(self) -> pa.Table:
        """Columns number, municipality, opened_on, status_on, status_group, pupil, is_dropped: the cases of the store
        that no newer register left out."""
        assert self.store is not None
        # The newest registers, and what was opened here.
        told = cases_ever(self.store, date.max, self.known_at)
        columns = ["number", "municipality", "opened_on", "status_on", "status_group", "pupil", "is_dropped"]
        told = told.filter(told["is_current"]).select(columns)
        return told.filter(pc.field("municipality").isin(self._own_municipalities)) if is_limited(self.sender) else told

    @cached_property
    def own_schools(self) -> frozenset[str]:
        """Whose rows a limited sender brings."""
        return own_schools(self.sender, self.schools) if is_limited(self.sender) else frozenset()

    @property
    def _own_municipalities(self) -> pa.Array:
        sender = self.sender
        return pa.array([sender.given] if sender and sender.role.place == "municipality" else [], pa.string())

    @cached_property
    def _cases_told(self) -> pd.DataFrame:
        """The same of this upload and of the store; a case may be in both."""
        cases = [] if self.new_cases is None else [self.new_cases]
        if self.store is not None:
            told = self.stored_cases().select(["number", "municipality", "opened_on"])
            cases.append(told.to_pandas(date_as_object=False).astype({"opened_on": "datetime64[us]"}))
        none = pd.DataFrame({"number": [], "municipality": [], "opened_on": []}).astype(
            {"number": "str", "municipality": "str", "opened_on": "datetime64[us]"}
        )
        return pd.concat(cases or [none], ignore_index=True)

    def municipalities(self) -> dict[str, str]:
        """Normal form → the register's spelling."""
        return {normal(m): m for m in self.schools["municipality"].dropna().unique()}

    def settlements(self) -> dict[str, str]:
        """Settlements with an institution, in `place_form`, and the municipality each is in; namesakes of several are
        left out."""
        places = self.schools[["settlement", "municipality"]].dropna().drop_duplicates()
        forms = places["settlement"].map(place_form)
        is_one = ~forms.duplicated(keep=False)
        return dict(zip(forms[is_one], places.loc[is_one, "municipality"], strict=True))

    def oblasts(self) -> frozenset[str]:
        """The oblast of the register, in normal form; empty when the register does not name one."""
        return frozenset(map(place_form, self.schools["oblast"].dropna().unique()))

    def finder(self, aliases: Mapping[str, str]) -> SchoolFinder:
        """Finds institutions by what a file says of them; `aliases` is what a person said of this upload."""
        return SchoolFinder(self.schools, {**self.aliases, **aliases})

    def live_slices(self, dataset: str, schools: Collection[str]) -> list[LiveSlice]:
        """Those of some schools, "" where a slice is of none."""
        if self.store is None:
            return []
        asked = {"dataset": dataset, "schools": sorted(schools), "known_at": self.known_at}
        return [LiveSlice(*of_slice) for of_slice in self.store.rows(_SLICES, asked)]

    def loaded_at(self, hashes: list[str]) -> dict[str, datetime]:
        """Of files already loaded and not undone: hash → when."""
        if self.store is None:
            return {}
        return dict(self.store.rows(_HASHES, {"hashes": hashes, "known_at": self.known_at}))

    def class_totals(self, schools: list[str]) -> pd.DataFrame:
        """Absences of the schools' classes by month: columns school, month, class_name, total."""
        if self.store is None:
            return pd.DataFrame(columns=["school", "month", "class_name", "total"])
        return self.store.read(_CLASSES, {"schools": schools, "known_at": self.known_at})
