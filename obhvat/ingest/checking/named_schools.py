"""Institutions that rows name without a code of the register: each is looked for once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from obhvat.ingest.checking.checks import SCHOOL_TEXTS
from obhvat.ingest.checking.column import Column, Texts
from obhvat.ingest.knowing.fields import Recognition
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.schools import Match
from obhvat.language import _
from obhvat.privacy import scrub_place, without_ids

_IN_REGISTER = """
select coalesce(to_school_code(r_school) in (select code from ref_schools), false) as is_registered
from distinct_texts
order by pos
"""


@dataclass(frozen=True)
class NamedSchool:
    """An institution a file names without a code of the register: what it says, and what was found."""

    file_no: int
    said: str
    """Its code, name, settlement and municipality as the file has them: by what it is known again."""
    words: str
    match: Match
    n_rows: int


class NamedSchools:
    """Looks for institutions by what rows say of them, and counts the rows."""

    def __init__(
        self,
        recognition: Recognition,
        reference: Reference,
        aliases: Mapping[str, str],
        ask: Callable[[str, str, pa.Table], pa.Table],
    ) -> None:
        """`aliases`: which institutions a person said are meant, in this upload; `ask` answers a statement over a table
        under a name."""
        self._in_cells = [name for name in SCHOOL_TEXTS if recognition.index_of(name) is not None]
        is_named = "school" in self._in_cells or "school_name" in self._in_cells
        self._finder = reference.finder(aliases) if is_named and not reference.schools.empty else None
        self._codes = frozenset(reference.schools["code"])
        self._ask = ask
        self._matches: dict[Texts, Match | None] = {}
        """By texts; None where the code is of the register, or nothing is said."""

    def find(self, codes: Sequence[str | None], keys: Sequence[Texts], names: Sequence[str]) -> pa.Array:
        """Of texts, with the code in each, the codes that are certain."""
        schools = self._schools(keys, names)
        if self._finder:
            self._look_for({s: code for s, code in zip(schools, codes, strict=True) if s not in self._matches})
        matches = (self._matches.get(school) for school in schools)
        return pa.array([match.code if match else None for match in matches], pa.string())

    def _look_for(self, codes: Mapping[Texts, str | None]) -> None:
        self._matches |= {school: None for school, code in codes.items() if code in self._codes}
        others = {school: code for school, code in codes.items() if code not in self._codes}
        if others:
            texts = pa.table({"pos": range(len(others)), "r_school": pa.array(others.values(), pa.string())})
            registered = self._ask(_IN_REGISTER, "distinct_texts", texts)["is_registered"].to_pylist()
            for school, is_registered in zip(others, registered, strict=True):
                self._matches[school] = None if is_registered else self._match(school)

    def counted(
        self, column: Column, names: Sequence[str], file_nos: np.ndarray, rows: np.ndarray
    ) -> list[NamedSchool]:
        """Those that chosen rows of a part name, by file."""
        schools = self._schools(column.texts, names)
        looked_for = np.array([self._matches.get(school) is not None for school in schools], bool)
        rows = rows & looked_for[column.numbers]
        counts = Counter(zip(file_nos[rows].tolist(), column.numbers[rows].tolist(), strict=True))
        named = [
            NamedSchool(file_no, _key(schools[n]), _words(schools[n]), match, n_rows)
            for (file_no, n), n_rows in counts.items()
            if (match := self._matches[schools[n]])
        ]
        return sorted(named, key=lambda school: (school.file_no, school.said))

    def _schools(self, keys: Iterable[Texts], names: Sequence[str]) -> list[Texts]:
        """What texts say of an institution: its code, name, settlement and municipality."""
        places = [names.index(name) if name in names and name in self._in_cells else None for name in SCHOOL_TEXTS]
        return [tuple(None if p is None else key[p] for p in places) for key in keys]

    def _match(self, school: Texts) -> Match | None:
        code, name, settlement, municipality = (text or "" for text in school)
        key = _key(school)
        if not self._finder or not (code or name) or without_ids(key) != key:
            return None
        match = self._finder.find(key, code, name, settlement, municipality)
        # What is asked about is remembered as the file has it: a person's name never is.
        return match if match.code or _words(school) == _plain_words(school) else None


def _key(school: Texts) -> str:
    return "|".join(text or "" for text in school)


def _words(school: Texts) -> str:
    return _plain_words(tuple(scrub_place(text or "") for text in school))


def _plain_words(school: Texts) -> str:
    code, name, settlement, municipality = (text or "" for text in school)
    return ", ".join(filter(None, (code and _("код {code}").format(code=code), name, settlement, municipality)))
