"""Which institution of the register a file means, when its code is spoilt or missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from rapidfuzz import fuzz

from obhvat.datasets.captions import normal

# 162 schools of the country are called „Христо Ботев“: a name says which only together with its place.
_ALIKE = 82
_OFFERED = 5
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eEеЕ]\+?0*(\d)")
_KIND = "гр|град|с|село|общ|община|общината|обл|област"
_PLACE_KIND = re.compile(rf"^(?:(?:{_KIND}) )+|(?: (?:{_KIND}))+$")
_SHORT = (
    (re.compile(r"\bсвет(?:и|а)\b"), "св"),
    (re.compile(r"\bсредно (?:общообразователно )?училище\b|\bсоу\b"), "су"),
    (re.compile(r"\bосновно училище\b"), "оу"),
    (re.compile(r"\bначално училище\b"), "ну"),
    (re.compile(r"\bобединено училище\b"), "обу"),
    (re.compile(r"\bпрофесионална гимназия\b"), "пг"),
    (re.compile(r"\bдетска градина\b|\b[оц]дг\b"), "дг"),
)


def place_form(text: str | None) -> str:
    """A settlement or municipality without „гр.“, „с.“, „община“: „ГР.ПЕРНИК“ and „Перник (общ.)“ are „Перник“."""
    return _PLACE_KIND.sub("", normal(text or ""))


def name_form(text: str | None) -> str:
    """An institution's name with its kind shortened: „Основно училище „Хр. Ботев““ is „ОУ Хр. Ботев“."""
    form = normal(text or "")
    for long, short in _SHORT:
        form = long.sub(short, form)
    return " ".join(form.split())


@dataclass(frozen=True)
class Match:
    """What was found: the code when it is certain, else the codes to ask about, likeliest first."""

    code: str | None
    by_name: bool = False
    candidates: tuple[str, ...] = ()


class SchoolFinder:
    """Finds institutions of a register by what a file says of them."""

    def __init__(self, schools: pd.DataFrame, aliases: Mapping[str, str]) -> None:
        """`schools`: columns code, name, settlement, municipality. `aliases`: codes that a person gave."""
        self._schools = schools
        self._aliases = aliases

    @cached_property
    def _register(self) -> list[tuple[str, str, str, str]]:
        columns = self._schools[["code", "name", "settlement", "municipality"]].astype("object")
        columns = columns.where(columns.notna(), None)
        return [
            (code, name_form(name), place_form(settlement), place_form(municipality))
            for code, name, settlement, municipality in columns.itertuples(index=False, name=None)
        ]

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(self._schools["code"])

    def find(self, in_file: str, code: str, name: str, settlement: str, municipality: str) -> Match:
        """The institution a file's row means; texts are empty where the row has none.

        Certain: what a person said before, a code in Excel's scientific form that kept all its digits, or the
        whole name together with the settlement. Everything else is only offered.
        """
        alias = self._aliases.get(in_file)
        if alias in self._codes:
            return Match(alias)
        scientific = _SCIENTIFIC.fullmatch(code)
        if not name and not scientific and any(ch.isalpha() for ch in code):
            # „Училище“ is as often a column of names as of codes.
            code, name = "", code
        begins = ""
        if scientific:
            digits, length = scientific[1] + (scientific[2] or ""), int(scientific[3]) + 1
            if len(digits) >= length and digits[:length] in self._codes:
                return Match(digits[:length])
            begins = digits.rstrip("0")
        elif re.fullmatch(r"[\d -]{4,8}", code):
            # „100-02“ for 100020: somebody's program took the zero at the end for a decimal.
            begins = re.sub(r"\D", "", code)
        wanted, place, around = name_form(name), place_form(settlement), place_form(municipality)
        near = [
            (registered, its_name)
            for registered, its_name, its_place, its_municipality in self._register
            if (not place or not its_place or its_place == place) and (not around or its_municipality == around)
        ]
        if wanted:
            same = [registered for registered, its_name in near if its_name == wanted]
            if len(same) == 1 and place and not re.fullmatch(r"\d{6,7}", code):
                return Match(same[0], by_name=True)
            alike = sorted(
                ((fuzz.token_sort_ratio(wanted, its_name), registered) for registered, its_name in near), reverse=True
            )
            return Match(None, candidates=tuple(c for score, c in alike[:_OFFERED] if score >= _ALIKE))
        if begins:
            return Match(None, candidates=tuple(r for r, _ in near if r.startswith(begins))[:_OFFERED])
        return Match(None)
