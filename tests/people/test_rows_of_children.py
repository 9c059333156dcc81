"""No row of a child leaves the floors that count but by a function that is asked by a viewer.

Of every function that the floors above take from those below and that reads the store, either a viewer is asked for, or
it is called here on the invented oblast and nothing that it gives names a case or a pupil. A function added later is
called, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from importlib import import_module
from inspect import Parameter, isfunction, ismodule, signature
from typing import Any

import pandas as pd
import pytest

from obhvat.errors import NotAllowed
from obhvat.folders import app_folder
from obhvat.indicators import rule
from obhvat.indicators.thresholds import rules_of
from obhvat.metrics import figure, year_before
from obhvat.people import ROLES, Role, Viewer
from obhvat.periods import Period
from obhvat.scope import Scope, Window
from obhvat.store import Store

ABOVE = ("pages", "obhvat/ui", "obhvat/cli", "obhvat/door", "obhvat/reports", "obhvat/meeting", "obhvat/disclosure")
BELOW = ("cases", "indicators", "inspections", "ingest", "metrics", "scope", "store")
KNOWN_AT, TERM, DAY = datetime(2030, 1, 1), Period(2023, "term", 1), date(2024, 2, 5)
SCHOOL = "9000101"
# What a function is asked with, by the name of its parameter.
GIVEN: dict[str, Any] = {
    "after": DAY,
    "batch_id": 1,
    "code": SCHOOL,
    "confirmed": (),
    "days": 14,
    "day": DAY,
    "edges": (5.0, 10.0),
    "first": TERM.first,
    "form": "order",
    "k": 30,
    "known_at": KNOWN_AT,
    "last": DAY,
    "meeting_day": DAY,
    "measure": "month_unexcused",
    "metric_id": "cases_in_work",
    "month": date(2024, 1, 1),
    "months": 1,
    "now": rule("monthly_unexcused_hours"),
    "period": TERM,
    "place": "school",
    "report_days": (),
    "rule": rule("monthly_unexcused_hours"),
    "school": SCHOOL,
    "scope": Scope(known_at=KNOWN_AT),
    "slice_id": 1,
    "start_year": 2023,
    "today": DAY,
    "texts": (),
    "tried": rule("monthly_unexcused_hours"),
    "unit": "hours",
    "until": DAY,
    "week": date(2024, 1, 29),
    "window": Window(TERM, KNOWN_AT),
    "year": Period(2023, "year"),
}


# What is handed in by who asks, whole copies of the store, and Word forms: they give back what was given.
HANDED_IN = {
    "obhvat.ingest.upload.read_files",
    "obhvat.store.backup.backup",
    "obhvat.store.backup.restore",
    "obhvat.store.since_copy.since_copy",
    "obhvat.store.word_forms.form_then",
    "obhvat.store.word_forms.kept_form",
}


def taken() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions that the floors above take from those below and that read the store, by their full names."""
    for file in (file for folder in ABOVE for file in (app_folder() / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            parts = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
            if len(parts) < 2 or parts[0] != "obhvat" or parts[1] not in BELOW:
                continue
            for alias in node.names:  # ty: ignore[missing-attribute]
                thing = getattr(import_module(".".join(parts)), alias.name, None)
                # Of a module that is taken whole nobody sees here what is asked of it.
                assert thing is not None or parts[1] not in ("cases", "indicators"), file
                assert not (ismodule(thing) and parts[1] in ("cases", "indicators")), file
                if isfunction(thing) and "store" in signature(thing).parameters:
                    yield f"{thing.__module__}.{thing.__name__}", thing


TAKEN = dict(sorted(taken()))
BY_A_VIEWER = {name for name, way in TAKEN.items() if "viewer" in signature(way).parameters}
SAYING_ONLY_WHETHER = {"obhvat.ingest.undoing.may_mark"}
WRITING = {name for name, way in TAKEN.items() if {"who", "at"} & set(signature(way).parameters)}
COUNTING = [name for name in TAKEN if name not in BY_A_VIEWER | WRITING | HANDED_IN]


def test_a_viewer_is_never_left_out() -> None:
    given = [signature(TAKEN[name]).parameters["viewer"] for name in BY_A_VIEWER]
    assert len(given) >= 10
    assert all(viewer.default is Parameter.empty for viewer in given)


@pytest.mark.parametrize("role", [role for role in ROLES.values() if role.cases == "none"], ids=lambda role: role.id)
@pytest.mark.parametrize("name", sorted(BY_A_VIEWER - SAYING_ONLY_WHETHER))
def test_who_is_shown_no_child_is_refused_by_whatever_asks_for_a_viewer(name: str, role: Role) -> None:
    """Before anything is asked: there is no store. A function added later is tried, too."""
    given = GIVEN | {"viewer": Viewer("", role)}
    with pytest.raises(NotAllowed):
        TAKEN[name](**{parameter: given.get(parameter) for parameter in _wanted(TAKEN[name])})


def _wanted(way: Callable[..., Any]) -> list[str]:
    """The parameters that one has to give."""
    return [p.name for p in signature(way).parameters.values() if p.default is p.empty and p.kind != p.VAR_KEYWORD]


@pytest.fixture(scope="module")
def names(demo_store: Store) -> frozenset[str]:
    """Everything that names a child: numbers of cases, and pseudonyms."""
    rows = demo_store.rows("select number from cases union select pupil::varchar from pupils")
    return frozenset(name for (name,) in rows if name)


@pytest.mark.parametrize("name", COUNTING)
def test_what_is_given_without_a_viewer_names_no_child(name: str, demo_store: Store, names: frozenset[str]) -> None:
    way = TAKEN[name]
    given = GIVEN | {"store": demo_store, "rules": rules_of(demo_store).on}
    if way is year_before:
        given["now"] = figure(demo_store, "cases_in_work", TERM)
    unknown = [parameter for parameter in _wanted(way) if parameter not in given]
    assert not unknown, "say in GIVEN what it is asked with"
    said = set(words_of(way(**{parameter: given[parameter] for parameter in _wanted(way)})))
    assert not said & names


def words_of(answer: Any) -> Iterator[str]:
    """Every value of an answer and every word of its texts."""
    if isinstance(answer, pd.DataFrame):
        for column in answer:
            yield from words_of(answer[column].tolist())
    elif is_dataclass(answer) and not isinstance(answer, type):
        for part in fields(answer):
            yield from words_of(getattr(answer, part.name))
    elif isinstance(answer, Mapping):
        yield from words_of([*answer.keys(), *answer.values()])
    elif isinstance(answer, (list, tuple, set, frozenset)):
        for part in answer:
            yield from words_of(part)
    else:
        yield from re.findall(r"[\w\-/]+", str(answer))
        yield str(answer)
