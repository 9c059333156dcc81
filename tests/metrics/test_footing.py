"""Whatever comes, in whatever order, and whenever it is read: parts add up to the whole, and months to terms."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from store_files import copy_store
from three_schools import FIRST, SECOND, THIRD, children, listing, month, put, register

from obhvat.ingest import Source
from obhvat.metrics import figure
from obhvat.periods import Period, parse_period
from obhvat.scope import Scope
from obhvat.store import Store

YEAR = parse_period("2023")
PARTS = [parse_period(f"2023-{part}") for part in ("I", "II", "S")]
COUNTED = (
    "pupils_over_threshold",
    "unexcused_per_pupil",
    "excused_per_pupil",
    "submissions",
    "flags_monthly_unexcused_hours",
    "flags_year_unexcused_hours",
)
SCHOOLS = (FIRST, SECOND, THIRD)
# Children go from school to school: any of them may be on any list and in any file.
HOURS = st.dictionaries(st.sampled_from(children("д", 5)), st.sampled_from(["0,5", "3", "6"]), min_size=1, max_size=4)
FILES = st.dictionaries(st.tuples(st.sampled_from(SCHOOLS), st.sampled_from([9, 11, 1, 2, 6])), HOURS, max_size=6)
LISTS = st.dictionaries(
    st.tuples(st.sampled_from(SCHOOLS), st.sampled_from(["15.09.2023", "31.01.2024"])),
    st.lists(st.sampled_from(children("д", 5)), min_size=1, unique=True),
    max_size=4,
)
CLOSED = st.dictionaries(st.sampled_from(SCHOOLS), st.sampled_from(["01.12.2023", "15.02.2024"]), max_size=1)
DAYS = st.dates(date(2023, 9, 15), date(2024, 9, 14))


def told(store: Store, period: Period, day: date) -> dict[str, object]:
    """Every figure, and its parts by municipality and by school."""
    answers: dict[str, object] = {}
    for metric_id in COUNTED:
        whole = figure(store, metric_id, period, day=day)
        answers[metric_id] = (whole.n, whole.d, whole.reporting, whole.months_sent)
        for place in ("municipality", "school"):
            parts = whole.by(place)
            assert parts["n"].sum() == (whole.n or 0), (metric_id, place)
            if whole.d is not None:
                assert parts["d"].sum() == whole.d, (metric_id, place)
            answers[f"{metric_id} {place}"] = parts.astype("object").fillna("").to_numpy().tolist()
    return answers


@settings(max_examples=5)
@given(FILES, LISTS, CLOSED, st.randoms(use_true_random=False), DAYS)
def test_late_files_closures_and_moves_foot_in_any_order(
    blank_path, tmp_path_factory, files, lists, closed, random, day
):
    sent: list[Source] = [month(school, number, hours) for (school, number), hours in files.items()]
    sent += [listing(school, as_of, on_it) for (school, as_of), on_it in lists.items()]
    answers = []
    for order in (sent, random.sample(sent, len(sent))):
        with Store(copy_store(blank_path, tmp_path_factory.mktemp("order"))) as store:
            put(store, register(closed), at=datetime(2024, 10, 1))
            for n, source in enumerate(order):
                put(store, source, at=datetime(2024, 10, 1) + timedelta(minutes=n))
            answers.append([told(store, period, day) for period in (*PARTS, YEAR)])
            if order is sent:
                continue
            # Once is enough: what is told is the same in both.
            hours = [figure(store, "unexcused_per_pupil", period).n or 0 for period in (*PARTS, YEAR)]
            by_month = [figure(store, "unexcused_per_pupil", Period(2023, "month", n)).n or 0 for n in range(1, 13)]
            of_school = [figure(store, "unexcused_per_pupil", YEAR, Scope(school=school)).n or 0 for school in SCHOOLS]
    assert answers[0] == answers[1]
    assert sum(hours[:3]) == hours[3] == sum(by_month) == sum(of_school)
