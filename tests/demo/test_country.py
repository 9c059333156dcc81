"""The invented country: its oblasts and municipalities are those of Bulgaria, everything in them is invented."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from obhvat.cli import app
from obhvat.demo.country import (
    KINDERGARTENS,
    PUPILS,
    SCHOOLS,
    CountryOblast,
    Plan,
    largest_first,
    make_store,
    plans,
    write_files,
)
from obhvat.demo.files import LAST_MONTH, Demo
from obhvat.demo.oblast import GRADES
from obhvat.demo.places import KINDERGARTEN, Place
from obhvat.store import Store

# As the register of administrative units has them.
MUNICIPALITIES = {
    "Благоевград": 14, "Бургас": 13, "Варна": 12, "Велико Търново": 10, "Видин": 11, "Враца": 10, "Габрово": 4,
    "Добрич": 8, "Кърджали": 7, "Кюстендил": 9, "Ловеч": 8, "Монтана": 11, "Пазарджик": 12, "Перник": 6, "Плевен": 11,
    "Пловдив": 18, "Разград": 7, "Русе": 8, "Силистра": 7, "Сливен": 4, "Смолян": 10, "София-град": 1,
    "София-област": 22, "Стара Загора": 11, "Търговище": 5, "Хасково": 11, "Шумен": 10, "Ямбол": 5,
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Of the oblast with the fewest children."""
    return largest_first(plans())[-1]


@pytest.fixture(scope="module")
def oblast(plan: Plan) -> CountryOblast:
    return CountryOblast(plan)


@pytest.fixture(scope="module")
def made(oblast: CountryOblast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of stores with what of the oblast came before its first month of absences, and its files beside it."""
    folder = tmp_path_factory.mktemp("country")
    early = CountryOblast(oblast.plan)
    early.by_month = {month: files for month, files in oblast.by_month.items() if month < "2023"}
    make_store(early, folder)
    write_files(early, folder / "files" / oblast.name)
    return folder


def _children(place: Place) -> float:
    kinds = {**place.schools, KINDERGARTEN: place.gardens}
    return sum(place.size(kind, n) * len(GRADES[kind]) for kind, count in kinds.items() for n in range(count))


def test_the_oblasts_have_as_many_municipalities_as_in_life() -> None:
    assert {p.name: len(p.places) for p in plans()} == MUNICIPALITIES
    assert sum(MUNICIPALITIES.values()) == 265


def test_there_are_as_many_institutions_as_in_the_country() -> None:
    places = [place for plan in plans() for place in plan.places]
    assert sum(sum(p.schools.values()) for p in places) == SCHOOLS
    assert sum(p.gardens for p in places) == KINDERGARTENS


def test_there_are_as_many_pupils_as_in_the_country() -> None:
    assert sum(_children(place) for plan in plans() for place in plan.places) == pytest.approx(PUPILS, rel=0.01)


def test_every_municipality_has_a_school() -> None:
    assert min(sum(place.schools.values()) for plan in plans() for place in plan.places) == 1


def test_no_two_institutions_of_the_country_have_one_code() -> None:
    codes = Counter(
        code
        for plan in plans()
        for p in plan.places
        for first, n in ((p.first_school, sum(p.schools.values())), (p.first_garden, p.gardens))
        for code in range(first, first + n)
    )
    assert max(codes.values()) == 1
    # No oblast of life has such a number.
    assert {code // 1_000_000 for code in codes} == {9}


def test_no_two_children_of_the_country_have_one_identifier(plan: Plan, oblast: CountryOblast) -> None:
    made = {
        int(child.identifier[4:])
        for i in oblast.institutions
        for c in chain.from_iterable(i.classes.values())
        for child in c.children
    }
    begins = sorted(p.children_before for p in plans())
    after = next((n for n in begins if n > plan.children_before), 1_000_000)
    assert plan.children_before < min(made)
    assert max(made) <= after


def test_it_has_about_the_children_that_were_planned(plan: Plan, oblast: CountryOblast) -> None:
    planned = sum(map(_children, plan.places))
    for year in (2022, 2023):
        children = sum(len(c.children) for i in oblast.institutions for c in i.classes[year])
        assert children == pytest.approx(planned, rel=0.05)


def test_classes_are_of_a_size_that_is_allowed_in_life(oblast: CountryOblast) -> None:
    assert max(len(c.children) for i in oblast.institutions for c in i.classes[2023]) < 36


def test_ten_months_of_absences_are_sent(oblast: CountryOblast) -> None:
    names = [f.source.name for files in oblast.uploads() for f in files if f.source.name.endswith("_File.txt")]
    months = {tuple(map(int, name.split("_")[1:3])) for name in names}
    assert months == {(2022, m) for m in (2, 3, 4, 5, 6)} | {(2023, m) for m in (9, 10, 11, 12, 1)}
    assert date(2024, 1, 1) == LAST_MONTH


def test_its_cases_are_of_its_municipalities_and_each_has_a_number(plan: Plan, oblast: CountryOblast) -> None:
    assert {case.municipality for case in oblast.cases} <= plan.thousands.keys()
    assert max(Counter(case.number for case in oblast.cases).values()) == 1
    assert len(oblast.cases) == pytest.approx(len(Demo().cases) * oblast.times, rel=0.05)


def test_a_store_stands_under_its_name_with_its_key(plan: Plan, made: Path) -> None:
    assert sorted(p.name for p in made.iterdir() if p.is_file()) == [f"{plan.name}.duckdb", f"{plan.name}.key"]
    assert not list(made.glob("*.half"))


def test_a_store_holds_one_oblast(plan: Plan, made: Path) -> None:
    with Store(made / f"{plan.name}.duckdb") as store:
        assert store.rows("select distinct oblast from schools") == [(plan.name,)]
        assert store.rows("select sum(rows_rejected) from batches") == [(0,)]
        municipalities = {m for (m,) in store.rows("select distinct municipality from schools")}
    assert municipalities == plan.thousands.keys()


def test_every_file_is_in_the_folder_of_its_month_and_in_the_store(plan: Plan, made: Path) -> None:
    files = Counter(path.name for path in (made / "files" / plan.name).rglob("*") if path.is_file())
    with Store(made / f"{plan.name}.duckdb") as store:
        names = Counter(name for (name,) in store.rows("select file_name from batches"))
    assert files == names
    assert (made / "files" / plan.name / "2022-09" / "институции_2022.csv").is_file()


def test_the_register_names_the_oblast_above_its_rows(plan: Plan, oblast: CountryOblast) -> None:
    title, *rows = csv.reader(io.StringIO(oblast.register("институции_2023.csv", 2023).data.decode("utf-8-sig")))
    assert plan.name in title[0]
    assert {row[1] for row in rows[2:]} == {plan.name}


def test_an_oblast_that_is_none_is_refused(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["demo", "--country", str(tmp_path), "--oblast", "Каменград"])
    assert told.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_an_oblast_that_stands_there_is_left_as_it_is(plan: Plan, made: Path) -> None:
    store = made / f"{plan.name}.duckdb"
    before = store.stat().st_mtime_ns
    told = CliRunner().invoke(app, ["demo", "--country", str(made), "--oblast", plan.name])
    assert told.exit_code == 0
    assert store.stat().st_mtime_ns == before
