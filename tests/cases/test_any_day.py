"""Registers of any date: what happened counts on its own day, how things stand is told for a day."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import filling
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_files import copy_store
from uploads import actions, cases, put, schools
from viewers import expert

from obhvat.ingest import FileAnswers, Upload, commit, read_files
from obhvat.metrics import CASE_PARTS, figure
from obhvat.metrics.answers import answer_as_json
from obhvat.periods import Period, parse_period, parts_of_year
from obhvat.scope import Scope
from obhvat.store import Store

NOW = datetime(2024, 10, 1)
MARCH, JANUARY = date(2024, 3, 13), date(2024, 1, 31)
TWELVE = (
    "К-1;отпаднал;Каменград;01.10.2023;записан за първи път;20.12.2023;",
    "К-2;отпаднал;Каменград;01.10.2023;записан за първи път;12.02.2024;",
    "К-3;отпаднал;Каменград;01.10.2023;в друга област;20.12.2023;",
    "К-4;отпаднал;Каменград;01.10.2023;в друга област;;",
    "В-1;отпаднал;Ведрово;01.11.2023;в чужбина;20.12.2023;документ",
    "В-2;отпаднал;Ведрово;05.02.2024;в чужбина;12.02.2024;документ",
    *(f"В-{n};отпаднал;Ведрово;10.01.2024;в работа;10.01.2024;" for n in range(3, 8)),
    "В-8;отпаднал;Ведрово;20.02.2024;в работа;;",
)


def n(store: Store, metric: str, period: str = "2023-I", day: date | None = None, place: str | None = None):
    return figure(store, metric, parse_period(period), Scope(place, known_at=NOW), day).n


@pytest.fixture
def march(store: Store) -> Store:
    """One register, as of a day in the second term, with cases of the first."""
    put(store, schools(), cases("13.03.2024", *TWELVE), at=datetime(2024, 3, 14))
    return store


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        (MARCH, {"returned": 2, "other_oblast": 2, "abroad": 2, "in_work": 6}),
        # What ended in February was in work; what was opened then was not there; without a date it is the register's.
        (JANUARY, {"returned": 1, "other_oblast": 1, "abroad": 1, "in_work": 7}),
        (date(2023, 12, 1), {"in_work": 5}),
    ],
)
def test_1_a_register_of_march_answers_for_every_day_of_the_year(march: Store, day: date, parts: dict[str, int]):
    told = {name: n(march, name, day=day) for name in CASE_PARTS}
    assert {name.removeprefix("cases_"): of for name, of in told.items() if of} == parts
    assert n(march, "cases_total", day=day) == sum(parts.values())


def test_1_the_default_day_is_the_last_of_the_period_but_not_after_what_is_known(march: Store):
    of_term, of_year = (figure(march, "cases_total", parse_period(p), Scope(known_at=NOW)) for p in ("2023-I", "2023"))
    assert (of_term.n, of_term.day, of_year.n, of_year.day) == (10, JANUARY, 12, MARCH)
    assert of_term.day_words == "по регистър от 13.03.2024 г., към 31.01.2024 г."


def test_1_a_school_year_before_the_first_register_and_its_events_is_not_told(march: Store):
    assert n(march, "cases_total", "2022") is None
    assert n(march, "cases_in_work", "2022-I") is None


def test_a_figure_of_the_command_says_its_day_and_its_registers(march: Store):
    answer = json.loads(
        json.dumps(answer_as_json(march, "cases_in_work", parse_period("2023-I"), Scope(known_at=NOW), MARCH))
    )
    assert (answer["n"], answer["day"], answer["registers"]) == (6, "2024-03-13", ["2024-03-13"])


def test_a_later_register_corrects_an_earlier_one_and_does_not_hide_what_stood_before(store: Store):
    put(
        store,
        schools(),
        cases("31.01.2024", "К-1;отпаднал;Каменград;01.10.2023;записан за първи път;20.12.2023;"),
        at=NOW,
    )
    put(store, cases("13.03.2024", "К-1;отпаднал;Каменград;01.10.2023;в работа;12.02.2024;"), at=NOW)
    told = [n(store, "cases_returned", "2023", day) for day in (date(2023, 12, 19), JANUARY, date(2024, 2, 12))]
    assert told == [0, 1, 0]


def test_a_case_that_left_its_register_is_there_until_the_register_without_it(store: Store):
    put(store, schools(), cases("30.11.2023", "К-1;отпаднал;Каменград;01.10.2023;в работа;;"), at=NOW)
    put(store, cases("31.01.2024", "К-2;отпаднал;Каменград;01.10.2023;в работа;;"), at=NOW)
    days = (date(2023, 12, 1), date(2024, 1, 30), JANUARY)
    # The newer one tells of the other already in December: it was opened in October.
    assert [n(store, "cases_in_work", "2023", day) for day in days] == [2, 2, 1]


STEPS = (
    "К-1;Каменград;02.10.2023;;проучване на случая;1;;;;",
    "К-1;Каменград;20.12.2023;;посещение на адрес;1;;;;",
    "К-2;Каменград;05.07.2024;;посещение на адрес;1;;;;",
    "К-2;Каменград;10.09.2024;;посещение на адрес;1;;;;",
)
TWO_CASES = tuple(f"К-{no};отпаднал;Каменград;01.10.2023;в работа;;" for no in (1, 2))


def test_2_a_step_counts_in_the_month_of_its_own_day_whatever_the_register_is_as_of(store: Store):
    put(store, schools(), cases("14.09.2024", *TWO_CASES), actions("14.09.2024", *STEPS), at=NOW)
    by_month = {period: n(store, "visits", period) for period in ("2023-12", "2024-01", "2024-07", "2024-08")}
    assert by_month == {"2023-12": 1, "2024-01": 0, "2024-07": 1, "2024-08": 0}
    assert [n(store, "visits", p) for p in ("2023-I", "2023-II", "2023-S", "2023")] == [1, 0, 2, 3]
    # Before the school year of the first register nobody told of anything; after the last one nobody has yet.
    assert [n(store, "visits", p) for p in ("2022", "2024")] == [None, None]


def test_2_steps_of_two_municipalities_that_number_from_one_are_all_there(store: Store):
    """Each register is a municipality's own: „1“ of one is not „1“ of the other, whichever came last."""
    of = {"Каменград": ("20.02.2024", 1), "Ведрово": ("25.02.2024", 2)}
    for place, (day, visits) in of.items():
        steps = (f"1;{place};31.01.2024;;посещение на адрес;{no};;;да;" for no in range(1, visits + 1))
        studies = [f"1;{place};30.01.2024;;проучване на случая;1;;;;"] if place == "Ведрово" else []
        put(store, schools(), cases(day, f"1;отпаднал;{place};01.10.2023;в работа;;"), at=NOW)
        put(store, actions(day, *steps, *studies), at=NOW)
    assert [n(store, "visits"), *(n(store, "visits", place=place) for place in of)] == [3, 1, 2]
    assert [n(store, "visits_after_study", place=place) for place in of] == [0, 2]
    assert n(store, "cases_never_contacted") == 0


def test_1_a_case_of_an_older_register_stays_in_work_where_another_municipality_told_later(store: Store):
    both = [f"{no};отпаднал;{place};16.09.2023;в работа;" for no, place in (("К-1", "Каменград"), ("В-1", "Ведрово"))]
    put(store, schools(), cases("20.12.2023", *(f"{row}05.12.2023;" for row in both)), at=NOW)
    put(store, cases("20.03.2024", "В-1;отпаднал;Ведрово;16.09.2023;неоткрит на адреса;31.01.2024;"), at=NOW)
    assert [n(store, "cases_in_work", period) for period in ("2023", "2023-II", "2024-02")] == [1, 1, 1]
    assert [n(store, "cases_in_work", period, MARCH) for period in ("2023-I", "2023-II")] == [1, 1]
    assert n(store, "cases_in_work", "2023-II", place="Каменград") == 1


def test_2_a_day_cuts_what_happened(store: Store):
    put(store, schools(), cases("14.09.2024", *TWO_CASES), actions("14.09.2024", *STEPS), at=NOW)
    assert [n(store, "visits", "2023", day) for day in (date(2023, 12, 19), date(2023, 12, 20))] == [0, 1]


def test_2_a_register_of_open_cases_does_not_erase_the_work_on_closed_ones(store: Store):
    put(store, schools(), cases("31.01.2024", *TWO_CASES), actions("31.01.2024", *STEPS[:2]), at=NOW)
    upload = told(store, cases("13.03.2024", TWO_CASES[1]), actions("13.03.2024", STEPS[2].replace("07", "03")))
    assert [doubt.code for file in upload.files for doubt in file.doubts] == []
    commit(upload, store, expert(), times=dict.fromkeys((0, 1), NOW))
    assert n(store, "visits", "2023") == 2


def test_2_steps_of_a_school_are_those_in_its_cases(demo_store: Store):
    whole = figure(demo_store, "visits", parse_period("2023-I"), Scope())
    of_schools = whole.by("school")
    assert of_schools["n"].sum() == whole.n == 21
    code = of_schools[of_schools["n"] == 2]["school"].iloc[0]
    assert figure(demo_store, "visits", parse_period("2023-I"), Scope(school=code)).n == 2


@pytest.mark.parametrize(
    ("period", "metric", "expected"),
    [
        ("2024-01", "visits", 3),
        ("2024-01", "calls", 2),
        ("2024-01", "meetings", 2),
        ("2023-12", "visits", 8),
        ("2023-12", "meetings", 2),
        ("2022-лято", "visits", 4),
        ("2022-12", "visits", 7),
        # The fourteen were counted with July and August inside the second term.
        ("2022-II", "visits", 5),
        ("2022", "visits", 27),
        ("2023-I", "cases_in_work", 14),
        ("2023-I", "schools_inspected", 38),
    ],
)
def test_2_the_work_of_the_demonstration(demo_store: Store, period: str, metric: str, expected: int):
    assert figure(demo_store, metric, parse_period(period), Scope()).n == expected


def told(store: Store, *sources, **answers: str) -> Upload:
    return read_files(sources, store, today=date(2024, 3, 14), told={"": FileAnswers(answers)})


@pytest.fixture
def of_oblast(store: Store) -> Store:
    """A register of two municipalities, each with a case in work."""
    both = ("К-1;отпаднал;Каменград;01.10.2023;в работа;;", "В-1;отпаднал;Ведрово;01.10.2023;в работа;;")
    put(store, schools(), cases("31.01.2024", *both), at=datetime(2024, 2, 1))
    return store


NEWER = cases("13.03.2024", "К-1;отпаднал;Каменград;01.10.2023;в работа;;")


def test_5_a_newer_register_of_one_municipality_asks_whose_it_is(of_oblast: Store):
    [file] = told(of_oblast, NEWER).files
    assert [doubt.text for doubt in file.doubts] == [
        "Това е регистърът на цялата област или само на община Каменград? По-старият регистър има случаи в работа и на "
        "Ведрово (1 случай); без отговор те остават в работа."
    ]
    assert [(question.field.name, question.answer) for question in file.questions] == [("register_of", None)]


@pytest.mark.parametrize(("answer", "in_work"), [("part", 2), ("oblast", 1)])
def test_5_the_answer_decides_whose_old_cases_stay(of_oblast: Store, answer: str, in_work: int):
    upload = told(of_oblast, NEWER, register_of=answer)
    assert not upload.files[0].doubts
    commit(upload, of_oblast, expert(), times={0: datetime(2024, 3, 14)})
    assert n(of_oblast, "cases_in_work", "2023", MARCH) == in_work
    # Whose it is from March changes nothing before.
    assert n(of_oblast, "cases_in_work", "2023", JANUARY) == 2
    assert n(of_oblast, "cases_in_work", "2023", MARCH, "Ведрово") == in_work - 1


def test_5_a_municipality_that_sends_its_own_register_is_not_asked(store: Store):
    for day, *rows in (
        ("31.01.2024", "К-1;отпаднал;Каменград;01.10.2023;в работа;;"),
        ("31.01.2024", "В-1;отпаднал;Ведрово;01.10.2023;в работа;;"),
    ):
        put(store, schools(), cases(day, *rows), at=datetime(2024, 2, 1))
    assert not told(store, NEWER).files[0].doubts


def test_5_registers_of_all_municipalities_in_one_drop_are_not_asked(of_oblast: Store):
    other = cases("13.03.2024", "В-1;отпаднал;Ведрово;01.10.2023;в работа;;")
    upload = told(of_oblast, NEWER, other)
    assert [doubt.code for file in upload.files for doubt in file.doubts] == []


@pytest.fixture
def with_steps(store: Store) -> Store:
    put(store, schools(), cases("31.01.2024", *TWO_CASES), actions("31.01.2024", *STEPS[:2]), at=datetime(2024, 2, 1))
    return store


SHORTER = actions("13.03.2024", STEPS[0])


def test_a_later_register_of_steps_that_lacks_one_asks_about_it(with_steps: Store):
    [file] = told(with_steps, SHORTER).files
    assert [doubt.code for doubt in file.doubts] == ["left_out_steps"]
    assert [(q.field.name, q.answer, q.said) for q in file.questions] == [("left_out_steps", "not_repeated", False)]


@pytest.mark.parametrize(
    ("answers", "visits"), [({}, 1), ({"left_out_steps": "not_repeated"}, 1), ({"left_out_steps": "withdrawn"}, 0)]
)
def test_the_answer_about_the_steps_is_kept(with_steps: Store, answers: dict[str, str], visits: int):
    upload = told(with_steps, SHORTER, **answers)
    commit(upload, with_steps, expert(), times={0: datetime(2024, 3, 14)})
    assert n(with_steps, "visits", "2023-I") == visits
    assert n(with_steps, "steps_study", "2023-I") == 1
    # As it was known before the answer.
    before = figure(with_steps, "visits", Period(2023, "term", 1), Scope(known_at=datetime(2024, 3, 1)))
    assert before.n == 1


PLACES = ("Каменград", "Ведрово")
FIRST = date(2023, 9, 15)
DAYS = st.integers(0, 365).map(lambda after: FIRST + timedelta(days=after))
CASE = st.tuples(
    st.sampled_from(PLACES), DAYS, st.integers(1, 200), st.lists(st.integers(0, 200), max_size=3, unique=True)
)


@settings(max_examples=3, deadline=None)
@given(
    st.lists(CASE, min_size=1, max_size=6),
    st.lists(DAYS, min_size=1, max_size=3, unique=True),
    st.randoms(use_true_random=False),
    DAYS,
)
def test_registers_of_any_day_in_any_order_say_the_same(blank_path, tmp_path_factory, of_children, days, random, day):
    """A child's case: where, when it was opened, after how many days it ended, and after how many it was visited."""
    ends = [opened + timedelta(days=after) for _, opened, after, _ in of_children]
    visits = [[opened + timedelta(days=after) for after in of] for _, opened, _, of in of_children]
    files = []
    for as_of in days:
        rows, steps = [], []
        for no, (place, opened, _, _) in enumerate(of_children):
            if opened > as_of:
                continue
            ended = ends[no] <= as_of
            status = f"записан за първи път;{ends[no]:%d.%m.%Y}" if ended else "в работа;"
            rows.append(f"С-{no};отпаднал;{place};{opened:%d.%m.%Y};{status};")
            steps += [
                f"С-{no};{place};{visit:%d.%m.%Y};;посещение на адрес;1;;;;" for visit in visits[no] if visit <= as_of
            ]
        files += [cases(f"{as_of:%d.%m.%Y}", *rows)] if rows else []
        files += [actions(f"{as_of:%d.%m.%Y}", *steps)] if steps else []
    at = datetime(2024, 10, 1)
    answers = []
    for order in (sorted(files, key=lambda file: file.name), random.sample(files, len(files))):
        with Store(copy_store(blank_path, tmp_path_factory.mktemp("order"))) as store:
            put(store, schools(), at=at)
            # A step cannot be sent before its case.
            for source in sorted(order, key=lambda file: file.name.startswith("действия")):
                put(store, source, at=at)
            answers.append(_told(store, day))
    assert answers[0] == answers[1]
    stock, flow = answers[0]
    last = max(days)
    known = [no for no, (_, opened, _, _) in enumerate(of_children) if opened <= min(last, day)]
    returned = [no for no in known if ends[no] <= min(last, day)]
    if known:
        assert stock == {"cases_total": len(known), "cases_returned": len(returned)} | {
            "cases_in_work": len(known) - len(returned)
        }
    happened = [visit for no, of in enumerate(visits) if of_children[no][1] <= last for visit in of if visit <= last]
    for period in (*parts_of_year(2023), Period(2023, "year")):
        expected = sum(period.first <= visit <= period.last for visit in happened)
        assert (flow[period.key] or 0) == expected
        months = [flow[Period(2023, "month", month.month).key] or 0 for month in period.months]
        in_september = sum(date(2024, 9, 1) <= visit <= period.last for visit in happened)
        assert sum(months) + in_september == expected


def _told(store: Store, day: date) -> tuple[dict[str, float | None], dict[str, float | None]]:
    scope, year = Scope(known_at=NOW), Period(2023, "year")
    stock = {
        name: figure(store, name, year, scope, day).n for name in ("cases_total", "cases_returned", "cases_in_work")
    }
    periods = [*parts_of_year(2023), year, *(Period(2023, "month", month.month) for month in year.months)]
    return stock, {period.key: figure(store, "visits", period, scope).n for period in periods}


def test_a_line_that_was_not_accepted_stands_from_its_signal_until_the_register_that_follows(store: Store):
    bad = "К-9;отпаднал;Каменград;{};глупост;;"
    lines = [cases("13.03.2024", TWO_CASES[0], bad.format(day)) for day in ("10.01.2024", "10.02.2024")]
    for source, in_january in zip(lines, (1, 0), strict=True):
        filling.put(store, [schools(), source], at=NOW, today=MARCH, clean=False)
        assert [n(store, "cases_rejected", day=day) for day in (JANUARY, MARCH)] == [in_january, 1]
    put(store, cases("20.03.2024", TWO_CASES[0]), at=NOW)
    days = (date(2024, 3, 19), date(2024, 3, 20))
    assert [n(store, "cases_rejected", "2023", day) for day in days] == [1, 0]
