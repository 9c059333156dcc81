"""The declarations of what a file may hold agree with themselves and with the store."""

from __future__ import annotations

import re

import duckdb
import pytest
from store_files import copy_store

from obhvat.datasets import NAMES, SQL_TYPES, all_datasets, dataset
from obhvat.datasets.personal import PERSONAL_CAPTIONS
from obhvat.store.store import Store


@pytest.fixture(params=NAMES)
def declared(request):
    return dataset(request.param)


def test_an_unknown_dataset_is_a_key_error():
    with pytest.raises(KeyError):
        dataset("teachers")


def test_datasets_come_in_the_order_in_which_they_refer_to_each_other():
    assert [d.name for d in all_datasets()] == list(NAMES)
    assert NAMES.index("schools") < NAMES.index("absences")
    assert NAMES.index("cases") < NAMES.index("actions")


def test_every_type_is_known(declared):
    assert {f.type for f in declared.stored} <= set(SQL_TYPES)


def test_a_key_is_made_of_stored_columns(declared):
    assert set(declared.key) <= {f.name for f in declared.stored}


def test_no_two_fields_have_one_caption(declared):
    captions = [f.spellings[0] for f in declared.fields]
    assert len(captions) == len(set(captions))


def test_no_spelling_belongs_to_two_fields(declared):
    owners: dict[str, set[str]] = {}
    for f in declared.fields:
        for spelling in f.spellings:
            owners.setdefault(spelling, set()).add(f.name)
    assert {s: names for s, names in owners.items() if len(names) > 1} == {}


def test_no_spelling_is_a_personal_caption(declared):
    assert {s for f in declared.fields for s in f.spellings} & PERSONAL_CAPTIONS == set()


def test_no_spelling_of_a_value_belongs_to_two_values(declared):
    shared = []
    for f in declared.fields:
        spellings = [s for v in f.values for s in v.spellings]
        shared += [(f.name, s) for s in set(spellings) if spellings.count(s) > 1]
    assert shared == []


def test_every_field_has_as_many_examples_as_the_others(declared):
    assert len({len(f.examples) for f in declared.printed}) == 1


def test_every_required_field_has_an_example_in_every_row(declared):
    assert [f.name for f in declared.fields if f.required and not all(f.examples)] == []


def test_the_slice_is_an_expression_over_the_columns(declared):
    columns = ", ".join(f"null::{f.sql_type} as {f.name}" for f in declared.stored)
    parts = f"{declared.slice.school}, {declared.slice.municipality}, {declared.slice.period}, {declared.slice.label}"
    with duckdb.connect() as connection:
        assert connection.execute(f"select count(*) from (select {parts} from (select {columns}))").fetchall() == [(1,)]


@pytest.fixture(scope="module")
def columns_of(blank_path, tmp_path_factory):
    """Table → its columns, of a new store."""
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("blank"))) as store:
        columns = store.rows(
            "select table_name, list(column_name order by column_index) from duckdb_columns() group by 1"
        )
    return dict(columns)


def test_the_store_has_the_columns_of_the_declaration(declared, columns_of):
    assert columns_of[declared.name] == [*(f.name for f in declared.stored), "slice_id", "line"]


def test_every_status_of_a_case_is_in_one_part_of_the_reconciliation():
    groups = {v.group for v in dataset("cases")["status"].values}
    assert groups == {"in_work", "returned", "other_oblast", "abroad", "not_found", "refused", "other"}


def test_a_code_is_shown_by_its_caption():
    assert dataset("cases")["status"].caption_of("abroad") == "в чужбина"


def test_a_code_that_is_none_of_ours_is_shown_as_it_is():
    assert dataset("cases")["status"].caption_of("друго") == "друго"


def test_rounds_know_the_institutions_of_actions():
    assert dataset("rounds")["institutions"].values == dataset("actions")["institutions"].values


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("absences", {"school", "month", "pupil", "grade", "excused", "unexcused"}),
        ("schools", {"code", "name", "municipality"}),
        ("cases", {"number", "as_of", "category", "municipality", "opened_on", "status"}),
        ("sanctions", {"municipality", "month"}),
    ],
)
def test_required_fields(name, fields):
    assert {f.name for f in dataset(name).fields if f.required} == fields


@pytest.mark.parametrize("field", [f for d in all_datasets() for f in d.fields if f.fallback or f.void_when])
def test_a_value_made_of_other_fields_names_them(field):
    expressions = f"{field.fallback or ''} {field.void_when}"
    named = set(re.findall(r"\br_(\w+)|\bdated\.(\w+)|\b(\w+)_ref\b|\b(\w+) = |\bstarts_with\((\w+)", expressions))
    assert {name.removeprefix("n_") for names in named for name in names if name} - {field.name} == set(field.made_of)
