"""The country, invented: 28 oblasts and 265 municipalities under their names, and in them schools and children that are
not. An oblast a store, as the law divides them: a governor never holds another's children."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import cycle, islice
from pathlib import Path

from obhvat.demo import load_demo
from obhvat.demo.cases import FIRST_YEAR, SECOND_YEAR, Case, make_cases
from obhvat.demo.files import Demo
from obhvat.demo.oblast import GRADES
from obhvat.demo.places import KINDERGARTEN, Place
from obhvat.demo.writers import DemoFile
from obhvat.ingest import Committed
from obhvat.resources import read_toml
from obhvat.store import Store

SCHOOLS, KINDERGARTENS, PUPILS = 2_350, 1_750, 700_000
FIRST_MONTH = date(2023, 2, 1)
"""Of ten that teach, up to the last of the invented oblast."""
# More people have fewer schools each.
_CROWDING = 0.85
_OBLAST_SCHOOLS = 40
_NEVER_SUBMITS, _WRITES_NOBODY = 12, 5
"""Which school of every forty."""
# Children a grade of a kind, beside the others; times what a place has. The first school of a place has at least one.
_UNITS = {"basic": 45, "secondary": 55, "profiled": 75, "vocational": 60, "primary": 55}
_VILLAGES = ("Изворско", "Габрака", "Дренак", "Новец", "Бистрата", "Клисурец", "Въглево", "Рудино", "Липак", "Ракитак", "Долна Скала", "Горна Скала")  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What an oblast has, before anybody is born in it."""

    name: str
    number: int
    places: tuple[Place, ...]
    thousands: Mapping[str, int]
    """Municipality → people."""
    children_before: int
    """Identifiers that are left to the oblasts before it."""


@cache
def plans() -> tuple[Plan, ...]:
    """The oblasts in the order of the alphabet."""
    oblasts = _oblasts()
    people = {(name, m): n for name, thousands in oblasts.items() for m, n in thousands.items()}
    schools, gardens = _dealt(people, SCHOOLS, 1), _dealt(people, KINDERGARTENS, 0)
    made, before = [], 0
    for number, (name, thousands) in enumerate(oblasts.items(), start=1):
        first_school, first_garden = 9_000_001 + 10_000 * number, 9_005_001 + 10_000 * number
        places = []
        for municipality, thousand in thousands.items():
            at = (name, municipality)
            children = thousand * PUPILS / sum(people.values())
            places.append(_place(municipality, children, schools[at], gardens[at], first_school, first_garden))
            first_school, first_garden = first_school + schools[at], first_garden + gardens[at]
        made.append(Plan(name, number, tuple(places), thousands, before))
        before += 1_000_000 * sum(thousands.values()) // sum(people.values())
    return tuple(made)


def _dealt(people: Mapping[tuple[str, str], int], count: int, least: int) -> dict[tuple[str, str], int]:
    """So many institutions among municipalities; who has the largest part of one left gets the next."""
    weights = {at: thousand**_CROWDING for at, thousand in people.items()}
    whole = sum(weights.values())
    exact = {at: max(least, count * weight / whole) for at, weight in weights.items()}
    dealt = {at: int(share) for at, share in exact.items()}
    by_rest = sorted(exact, key=lambda at: (dealt[at] - exact[at], at))
    left = count - sum(dealt.values())
    for at in by_rest[:left]:
        dealt[at] += 1
    # Where each had to have one, the largest gives back.
    dealt[max(weights, key=lambda at: weights[at])] += min(0, left)
    return dealt


def _place(name: str, children: float, schools: int, gardens: int, first_school: int, first_garden: int) -> Place:
    kinds = {
        "secondary": max(children > 450 or schools > 1, round(schools * 0.2)),
        "vocational": round(schools * 0.15),
        "profiled": round(schools * 0.06),
        "primary": round(schools * 0.06),
    }
    kinds = {"basic": schools - sum(kinds.values())} | kinds
    villages = tuple(f"с. {v}" for v in islice(cycle(_VILLAGES), min(kinds["basic"] // 2, len(_VILLAGES))))
    place = Place(name, _town(name), villages, kinds, gardens, _UNITS, first_school, first_garden)
    units = sum(place.size(kind, n) * len(GRADES[kind]) for kind, count in kinds.items() for n in range(count))
    a_grade = children / (12 + len(GRADES[KINDERGARTEN]))
    sizes = {kind: unit * 12 * a_grade / units for kind, unit in _UNITS.items()}
    sizes[KINDERGARTEN] = a_grade / max(1, gardens)
    return Place(name, place.town, villages, kinds, gardens, sizes, first_school, first_garden)


@cache
def _oblasts() -> dict[str, dict[str, int]]:
    """Oblast → municipality → thousands of people."""
    declared = read_toml("demo/country.toml")["oblasts"]
    word = "община "
    return {o["name"]: {m.removeprefix(word): n for m, n in o["municipalities"].items()} for o in declared}


def _town(municipality: str) -> str:
    seats = read_toml("demo/country.toml")["seats"]
    village = f"с. {municipality}"
    return village if village in seats["villages"] else f"гр. {seats['elsewhere'].get(municipality, municipality)}"


class CountryOblast(Demo):
    """One of the oblasts and its files. The same every time."""

    first_month = FIRST_MONTH

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.name = plan.name
        self.seed = Demo.seed + plan.number
        self.places = plan.places
        n_schools = sum(sum(p.schools.values()) for p in plan.places)
        self.times = n_schools / _OBLAST_SCHOOLS
        self.children_before = plan.children_before
        first = plan.places[0].first_school
        self.centre = str(first + 9_998)
        self.never_submit = [str(first + n) for n in range(_NEVER_SUBMITS, n_schools, _OBLAST_SCHOOLS)]
        self.writing_nobody = [str(first + n) for n in range(_WRITES_NOBODY, n_schools, _OBLAST_SCHOOLS)]
        self.weights = {m: thousand / 50 for m, thousand in plan.thousands.items()}
        super().__init__()
        ninth = [(i, c) for i in self.schools for c in i.classes[2023] if c.grade == 9]
        self.doubled = next((i.code, c.name, date(2023, 11, 1)) for i, c in ninth if i.code not in self.never_submit)
        self.marks_by_pupil = list(dict.fromkeys(i.code for i, _ in ninth))[:2]

    def make_cases(self) -> list[Case]:
        """As many for its children as in the invented oblast, and they end as often as there."""
        names, weights = list(self.plan.thousands), list(self.plan.thousands.values())
        wanted = {
            year: [
                (self.random.choices(names, weights)[0], *like[1:])
                for like in (of_year[n % len(of_year)] for n in range(round(self.times * len(of_year))))
            ]
            for year, of_year in ((2022, FIRST_YEAR), (2023, SECOND_YEAR))
        }
        prefixes = {name: f"{name[:2].upper()}{n:02}" for n, name in enumerate(names, start=1)}
        return make_cases(self.schools, self.random, wanted, prefixes)

    @cached_property
    def by_month(self) -> dict[str, list[DemoFile]]:
        """Month, as 2023-02, → the files that came in it."""
        months: dict[str, list[DemoFile]] = defaultdict(list)
        for file in self.files():
            months[f"{file.at:%Y-%m}"].append(file)
        return months

    def uploads(self) -> list[list[DemoFile]]:
        """A drop a month."""
        return list(self.by_month.values())


def make_oblast(plan: Plan, stores: Path, files: Path | None) -> Committed:
    """Its store in one folder and, where they are wanted, its files by month in another."""
    oblast = CountryOblast(plan)
    if files:
        write_files(oblast, files / plan.name)
    return make_store(oblast, stores)


def make_store(oblast: CountryOblast, stores: Path) -> Committed:
    """Its store in a folder, under its name once it is whole."""
    half = stores / f"{oblast.name}.half" / f"{oblast.name}.duckdb"
    shutil.rmtree(half.parent, ignore_errors=True)
    with Store(half) as store:
        committed = load_demo(store, oblast=oblast)
    # The key first: a store without it does not open.
    for path in sorted(half.parent.iterdir(), key=lambda path: path.suffix == ".duckdb"):
        path.rename(stores / path.name)
    half.parent.rmdir()
    return committed


def write_files(oblast: CountryOblast, folder: Path) -> None:
    """Its files, a folder a month."""
    for month, files in oblast.by_month.items():
        (folder / month).mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / month / file.source.name).write_bytes(file.source.data)


def largest_first(chosen: Sequence[Plan]) -> list[Plan]:
    """So that whoever makes several at once is not left with the largest at the end."""
    return sorted(chosen, key=lambda plan: -sum(plan.thousands.values()))
