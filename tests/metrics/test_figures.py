"""Figures as of a moment, after an undo, and without data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import filling
import pandas as pd
import pytest
from viewers import expert

from obhvat.demo.writers import DemoFile
from obhvat.errors import UnknownName
from obhvat.ingest import Source, commit, read_files
from obhvat.metrics import all_metrics, answer_as_json, figure, series
from obhvat.periods import parse_period
from obhvat.scope import Scope, institutions
from obhvat.scope.days import default_period
from obhvat.store import Store
from obhvat.store.history import mark

TERM = parse_period("2023-I")
METRICS = [m.id for m in all_metrics()]
# Before the December files, lists and registers, after those of November.
CUT = datetime(2023, 12, 20, 12)
NEVER_SUBMITS = "9004002"

REGISTER = """Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
9000101;СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище
9000102;ОУ „Второ“;Каменград;Каменград;гр. Каменград;основно училище
9000201;ОУ „Трето“;Каменград;Ведрово;гр. Ведрово;основно училище
9000301;ДГ „Слънчо“;Каменград;Каменград;гр. Каменград;детска градина
"""
LISTS = """Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка
9000101;15.09.2023;дете-1;7;7а
9000101;15.09.2023;дете-2;7;7а
9000101;15.09.2023;дете-3;8;8а
9000102;15.09.2023;дете-4;5;5а
9000301;15.09.2023;дете-5;четвърта група;Мечо
"""


def absences(school: str, month: str, *rows: tuple[str, str, str]) -> Source:
    """A month of a school: (child, grade, unexcused)."""
    head = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;По уважителни причини;По неуважителни причини"
    lines = [f"{school};2023/2024;{month};{child};{grade};0;{missed}" for child, grade, missed in rows]
    return Source(f"отсъствия-{school}-{month}.csv", "\n".join([head, *lines]).encode())


def put(store: Store, *sources: Source, at: datetime | None = None) -> list[int]:
    """Commit files as if at a moment."""
    return filling.put(store, sources, at=at, clean=False)


@pytest.fixture(scope="module")
def small_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three schools and a kindergarten; only the first school and the kindergarten sent October."""
    path = tmp_path_factory.mktemp("small") / "small.duckdb"
    with Store(path) as made:
        put(made, Source("институции.csv", REGISTER.encode()), Source("ученици.csv", LISTS.encode()))
        put(made, absences("9000101", "10", ("дете-1", "7", "5"), ("дете-2", "7", "4,5"), ("дете-3", "8", "12")))
        put(made, absences("9000301", "10", ("дете-5", "четвърта група", "4")))
    return path


@pytest.fixture
def small(small_path: Path, tmp_path: Path) -> Iterator[Store]:
    for suffix in (".duckdb", ".key"):
        shutil.copy2(small_path.with_suffix(suffix), tmp_path)
    with Store(tmp_path / small_path.name) as opened:
        yield opened


def counted(store: Store, metric_id: str, known_at: datetime) -> pd.DataFrame:
    rows = figure(store, metric_id, TERM, Scope(known_at=known_at)).counted
    return rows.sort_values(["municipality", "school"], ignore_index=True)


@pytest.fixture(scope="module")
def demo_until_cut(demo_files: Sequence[DemoFile], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that was only ever given what had arrived before the cut."""
    early = [f for f in demo_files if f.at <= CUT]
    times = {f.source.safe_name: f.at for f in early}
    with Store(tmp_path_factory.mktemp("cut") / "cut.duckdb") as opened:
        upload = read_files([f.source for f in early], opened)
        commit(upload, opened, expert(), times={f.file_no: times[f.name] for f in upload.files})
        upload.close()
        yield opened


def test_figures_as_of_a_moment_know_nothing_that_came_later(demo_store: Store, demo_until_cut: Store) -> None:
    for metric_id in METRICS:
        then, now = counted(demo_until_cut, metric_id, CUT), counted(demo_store, metric_id, CUT)
        pd.testing.assert_frame_equal(now, then, obj=metric_id)


def test_figures_of_the_cut_differ_from_those_of_today(demo_store: Store) -> None:
    then = figure(demo_store, "unexcused_per_pupil", TERM, Scope(known_at=CUT)).n
    now = figure(demo_store, "unexcused_per_pupil", TERM).n
    assert None not in (then, now)
    assert then != now


def test_the_default_period_is_as_of_the_moment(demo_store: Store) -> None:
    period = default_period(demo_store, datetime(2023, 3, 1))
    assert period is not None
    assert period.key == "2022-I"


def test_nothing_was_known_before_the_first_batch(demo_store: Store) -> None:
    assert default_period(demo_store, datetime(2022, 9, 1)) is None


def test_an_undone_file_counts_no_more(small: Store) -> None:
    before = figure(small, "unexcused_per_pupil", TERM).n
    [later] = put(small, absences("9000101", "11", ("дете-1", "7", "3")))
    mark(small, [later], "undo", "проба")
    assert (before, figure(small, "unexcused_per_pupil", TERM).n) == (21.5, 21.5)


def test_undoing_a_correction_brings_the_first_file_back(small: Store) -> None:
    [correction] = put(small, absences("9000101", "10", ("дете-1", "7", "1")))
    corrected = figure(small, "unexcused_per_pupil", TERM).n
    mark(small, [correction], "undo", "проба")
    assert (corrected, figure(small, "unexcused_per_pupil", TERM).n) == (1, 21.5)


def test_redo_takes_the_undoing_back(small: Store) -> None:
    [correction] = put(small, absences("9000101", "10", ("дете-1", "7", "1")))
    mark(small, [correction], "undo", "проба")
    mark(small, [correction], "redo", "проба")
    assert figure(small, "unexcused_per_pupil", TERM).n == 1


def test_as_of_before_the_undoing_the_file_still_counts(small: Store) -> None:
    [correction] = put(small, absences("9000101", "10", ("дете-1", "7", "1")))
    between = datetime.now()
    mark(small, [correction], "undo", "проба")
    assert figure(small, "unexcused_per_pupil", TERM, Scope(known_at=between)).n == 1


def everything(store: Store) -> dict[str, tuple[object, object]]:
    found = {m: figure(store, m, TERM) for m in METRICS}
    return {m: (f.n, f.d) for m, f in found.items()}


def test_all_metrics_come_back_after_undo_and_redo(own_demo: Store, demo_store: Store) -> None:
    before = everything(demo_store)
    batches = [row[0] for row in own_demo.rows("select batch_id from batches where committed_at > '2024-01-01'")]
    mark(own_demo, batches, "undo", "проба")
    without = everything(own_demo)
    mark(own_demo, batches, "redo", "проба")
    assert without != before
    assert everything(own_demo) == before


def test_undone_files_leave_the_picture_there_was_before_them(own_demo: Store, demo_store: Store) -> None:
    late = [row[0] for row in own_demo.rows("select batch_id from batches where committed_at > $cut", {"cut": CUT})]
    then = {m: counted(demo_store, m, CUT)["n"].sum() for m in METRICS if m not in ("calls", "meetings")}
    mark(own_demo, late, "undo", "проба")
    now = {m: figure(own_demo, m, TERM).counted["n"].sum() for m in then}
    assert now == then


def test_a_school_without_a_file_is_missing_not_zero(small: Store) -> None:
    found = figure(small, "pupils_over_threshold", TERM, Scope(school="9000102"))
    assert (found.n, found.d, found.value, found.share, found.has_data) == (None, None, None, None, False)


def test_a_child_that_is_not_in_a_sent_file_has_zero(small: Store) -> None:
    put(small, absences("9000102", "10", ("дете-4", "5", "0")))
    found = figure(small, "pupils_over_threshold", TERM, Scope(school="9000102"))
    assert (found.n, found.d) == (0, 1)


def test_a_municipality_without_a_file_has_no_value(small: Store) -> None:
    found = figure(small, "unexcused_per_pupil", TERM, Scope(municipality="Ведрово"))
    assert (found.value, found.n, found.reporting, found.places) == (None, None, 0, 1)


def test_a_part_without_data_is_empty_not_zero(small: Store) -> None:
    parts = figure(small, "unexcused_per_pupil", TERM).by("municipality").set_index("municipality")
    assert parts["n"].isna().to_dict() == {"Каменград": False, "Ведрово": True}


def test_the_school_that_never_submits_is_missing_in_the_demonstration(demo_store: Store) -> None:
    assert figure(demo_store, "unexcused_per_pupil", TERM, Scope(school=NEVER_SUBMITS)).value is None


def test_only_schools_that_sent_data_are_in_the_denominator(small: Store) -> None:
    found = figure(small, "pupils_over_threshold", TERM)
    assert (found.n, found.d, found.reporting, found.places) == (2, 3, 1, 3)


def test_five_hours_are_over_the_threshold_of_schools(small: Store) -> None:
    put(small, absences("9000102", "10", ("дете-4", "5", "5")))
    assert figure(small, "pupils_over_threshold", TERM, Scope(school="9000102")).n == 1


def test_less_than_five_hours_are_not_over_the_threshold(small: Store) -> None:
    put(small, absences("9000102", "10", ("дете-4", "5", "4,5")))
    assert figure(small, "pupils_over_threshold", TERM, Scope(school="9000102")).n == 0


def test_three_days_are_not_over_the_threshold_of_kindergartens(small: Store) -> None:
    put(small, absences("9000301", "11", ("дете-5", "четвърта група", "3")))
    assert figure(small, "children_over_threshold", TERM).n == 0


def test_four_days_are_over_the_threshold_of_kindergartens(small: Store) -> None:
    assert figure(small, "children_over_threshold", TERM).n == 1


def test_days_of_kindergartens_are_not_hours(small: Store) -> None:
    assert figure(small, "unexcused_per_pupil", TERM).n == 5 + 4.5 + 12


def test_a_pupil_of_two_groups_is_one_pupil_with_both_hours(small: Store) -> None:
    head = (
        "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Код на групата;По уважителни причини;По неуважителни причини"
    )
    rows = "9000102;2023/2024;10;дете-4;5;1;0;3\n9000102;2023/2024;10;дете-4;5;2;0;3"
    put(small, Source("отсъствия.csv", f"{head}\n{rows}".encode()))
    assert figure(small, "pupils_over_threshold", TERM, Scope(school="9000102")).n == 1


def test_pupils_are_counted_once_for_all_months(small: Store) -> None:
    put(small, absences("9000101", "11", ("дете-1", "7", "0,5")))
    found = figure(small, "unexcused_per_pupil", TERM)
    assert (found.n, found.d, found.value) == (22, 3, pytest.approx(22 / 3))


def test_the_newest_month_with_data_is_counted(small: Store) -> None:
    put(small, absences("9000101", "11", ("дете-1", "7", "0,5")))
    found = figure(small, "pupils_over_threshold", TERM)
    assert (found.month, found.n) == (date(2023, 11, 1), 0)


def test_a_school_without_a_list_leaves_the_denominator_unknown(small: Store) -> None:
    put(small, absences("9000201", "10", ("дете-9", "5", "7")))
    found = figure(small, "pupils_over_threshold", TERM)
    assert (found.n, found.d, found.share) == (3, None, None)


def test_a_month_without_data_is_empty_in_the_series(small: Store) -> None:
    by_month = series(figure(small, "unexcused_per_pupil", TERM)).set_index("month")["n"]
    assert {m.month: n for m, n in by_month.items() if n == n} == {10: 21.5}


def test_the_series_counts_who_reported(small: Store) -> None:
    by_month = series(figure(small, "unexcused_per_pupil", TERM)).set_index("month")
    october = by_month.loc[pd.Timestamp(2023, 10, 1)]
    assert (october["reporting"], october["places"]) == (1, 3)


def test_an_empty_store_has_no_value(store: Store) -> None:
    for metric_id in METRICS:
        empty = figure(store, metric_id, TERM)
        assert (empty.value, empty.n, empty.d, empty.reporting, empty.places) == (None, None, None, 0, 0), metric_id


def test_a_school_without_cases_has_zero_where_the_register_was_sent(demo_store: Store) -> None:
    with_cases = {row[0] for row in demo_store.rows("select distinct school from cases")}
    without = next(c for c in institutions(demo_store, TERM, Scope())["code"] if c not in with_cases)
    found = figure(demo_store, "cases_total", TERM, Scope(school=without))
    assert (found.n, found.has_data) == (0, True)


def test_months_of_the_next_term_do_not_count(small: Store) -> None:
    put(small, absences("9000101", "02", ("дете-1", "7", "9")))
    assert figure(small, "unexcused_per_pupil", TERM).n == 21.5


def test_an_unknown_municipality_is_refused_by_name(demo_store: Store) -> None:
    with pytest.raises(UnknownName, match=r"Няма община „Атлантида“.*Каменград"):
        answer_as_json(demo_store, "calls", TERM, Scope(municipality="Атлантида"))


def test_an_unknown_school_is_refused_by_code(demo_store: Store) -> None:
    with pytest.raises(UnknownName, match="1234567"):
        answer_as_json(demo_store, "calls", TERM, Scope(school="1234567"))


def test_an_answer_names_the_same_term_of_the_year_before(demo_store: Store) -> None:
    found = answer_as_json(demo_store, "cases_in_work", None, Scope())
    before = figure(demo_store, "cases_in_work", parse_period("2022-I")).n
    assert (found["previous_period"], found["previous_value"]) == ("2022-I", before)


def test_an_answer_without_data_says_so(store: Store) -> None:
    with pytest.raises(UnknownName, match="още няма отсъствия"):
        answer_as_json(store, "calls", None, Scope())


def test_figures_are_the_same_in_a_store_opened_again(own_demo: Store, demo_store: Store, tmp_path: Path) -> None:
    with own_demo.closed():
        assert (tmp_path / "demo.duckdb").is_file()
    assert everything(own_demo) == everything(demo_store)
