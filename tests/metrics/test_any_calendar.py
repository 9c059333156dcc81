"""Absences, lists and submissions as they come in life: late, in part, from schools that close, of children who move.

Three schools in two municipalities; every expected number is counted by hand from the few lines of its test.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest
from three_schools import FIRST, GARDEN, HEAD, PLACES, SECOND, THIRD, children, listing, month, put, register
from viewers import expert

from obhvat.cli.figures import _in_words
from obhvat.disclosure import Disclosure
from obhvat.ingest import Source, commit, read_files
from obhvat.metrics import answer_as_json, doubled_files, doubled_note, figure, source_words
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store

TERM = parse_period("2023-I")


def of(
    store: Store, metric_id: str, scope: Scope = Scope(), period: str = "2023-I"
) -> tuple[float | None, float | None]:
    found = figure(store, metric_id, parse_period(period), scope)
    return found.n, found.d


@pytest.fixture
def late(store: Store) -> Store:
    """Каменград has sent January, where one child is over the threshold; Ведрово only November, where six are."""
    lists = (listing(FIRST, "15.09.2023", children("а", 10)), listing(THIRD, "15.09.2023", children("в", 10)))
    months = (month(FIRST, 11, {"а-1": "1"}), month(THIRD, 11, dict.fromkeys(children("в", 6), "7")))
    put(store, register(), *lists, *months, month(FIRST, 1, {"а-1": "5", "а-2": "4,5"}))
    return store


@pytest.mark.parametrize("metric_id", ["pupils_over_threshold", "flags_monthly_unexcused_hours"])
def test_4_the_month_with_data_of_every_place_is_the_oblasts(late: Store, metric_id: str) -> None:
    whole = figure(late, metric_id, TERM)
    parts = {place: figure(late, metric_id, TERM, Scope(municipality=place)) for place in ("Каменград", "Ведрово")}
    assert (whole.n, whole.month) == (1, date(2024, 1, 1))
    assert {place: (part.n, part.month) for place, part in parts.items()} == {
        "Каменград": (1, date(2024, 1, 1)),
        "Ведрово": (None, date(2024, 1, 1)),
    }
    assert figure(late, metric_id, TERM, Scope(school=THIRD)).n is None
    assert whole.by("municipality")["n"].sum() == whole.n


def test_4_who_sent_nothing_for_the_month_says_so(late: Store) -> None:
    answer = answer_as_json(late, "pupils_over_threshold", TERM, Scope(municipality="Ведрово"))
    assert (answer["value"], answer["month"], answer["reporting"], answer["places"]) == (None, "2024-01", 0, 1)
    assert "няма данни за януари 2024 г." in _in_words(answer)
    of_place = figure(late, "pupils_over_threshold", TERM, Scope(municipality="Ведрово"))
    assert Disclosure(late, "internal").figure(of_place).text == "няма данни за януари 2024 г."


@pytest.fixture
def merged(store: Store) -> Store:
    """A school of 10 is closed on 1 December; its children are on the January list of another school of 10."""
    lists = (listing(FIRST, "15.09.2023", children("а", 10)), listing(SECOND, "15.09.2023", children("б", 10)))
    months = [m for no in (10, 11) for m in (month(FIRST, no, {"а-1": "6"}), month(SECOND, no, {"б-1": "4"}))]
    put(store, register({SECOND: "01.12.2023"}), *lists, *months)
    put(store, listing(FIRST, "10.01.2024", children("а", 10) + children("б", 10)))
    put(store, month(FIRST, 1, {"а-1": "6", "б-1": "14"}))
    return store


def test_3_a_child_on_the_lists_of_two_schools_is_one_child(merged: Store) -> None:
    of_term = figure(merged, "unexcused_per_pupil", TERM)
    assert (of_term.n, of_term.d, of_term.value) == (6 + 6 + 4 + 4 + 6 + 14, 20, 40 / 20)
    assert of(merged, "pupils_over_threshold") == (2, 20)


@pytest.mark.parametrize("metric_id", ["flags_monthly_unexcused_hours", "flags_year_unexcused_hours", "flags_repeater"])
def test_3_rules_of_risk_count_a_child_of_two_lists_once(merged: Store, metric_id: str) -> None:
    assert of(merged, metric_id)[1] == 20


def test_3_parts_with_a_closed_school_add_up(merged: Store) -> None:
    parts = figure(merged, "unexcused_per_pupil", TERM).by("school").set_index("school")
    assert parts.loc[[FIRST, SECOND], ["n", "d"]].to_numpy().tolist() == [[32, 20], [8, 0]]


def test_3_the_list_of_a_closed_school_does_not_count_even_without_another(store: Store) -> None:
    put(store, register({SECOND: "01.12.2023"}))
    put(store, listing(FIRST, "15.09.2023", children("а", 10)), listing(SECOND, "15.09.2023", children("б", 10)))
    put(store, month(FIRST, 11, {"а-1": "6"}), month(SECOND, 11, {"б-1": "4"}))
    assert of(store, "unexcused_per_pupil") == (10, 10)
    assert of(store, "unexcused_per_pupil", period="2023-11") == (10, 20)


def test_3_of_two_lists_of_one_day_one_counts_whichever_came_last(store: Store) -> None:
    put(
        store, register(), listing(FIRST, "15.09.2023", children("а", 3)), listing(SECOND, "15.09.2023", ["а-1", "б-1"])
    )
    put(store, month(FIRST, 10, {"а-2": "1"}), month(SECOND, 10, {"б-1": "1"}))
    parts = figure(store, "unexcused_per_pupil", TERM).by("school").set_index("school")["d"].dropna()
    assert parts.to_dict() == {FIRST: 2, SECOND: 2}
    put(store, listing(FIRST, "15.09.2023", children("а", 3)))
    parts = figure(store, "unexcused_per_pupil", TERM).by("school").set_index("school")["d"].dropna()
    assert parts.to_dict() == {FIRST: 2, SECOND: 2}


OF_TWO_SCHOOLS = ("pupils_over_threshold", "flags_monthly_unexcused_hours")


def over_by_school(store: Store, metric_id: str) -> dict[str, float]:
    parts = figure(store, metric_id, TERM).by("school").set_index("school")["n"]
    return {school: n for school, n in parts.items() if n > 0}


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
@pytest.mark.parametrize("hours", ["3", "6"])
def test_6_a_child_of_two_schools_in_a_month_is_one_with_the_hours_of_both(
    store: Store, metric_id: str, hours: str
) -> None:
    put(store, register(), month(FIRST, 10, {"П-777": hours}))
    put(store, month(SECOND, 10, {"П-777": hours}))
    assert over_by_school(store, metric_id) == {SECOND: 1}
    assert figure(store, metric_id, TERM).n == 1


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_6_it_is_counted_at_the_school_on_whose_newest_list_it_is(store: Store, metric_id: str) -> None:
    put(
        store,
        register(),
        listing(SECOND, "15.09.2023", ["П-777", "б-1"]),
        listing(FIRST, "16.10.2023", ["П-777", "а-1"]),
    )
    put(store, month(FIRST, 10, {"П-777": "3"}))
    put(store, month(SECOND, 10, {"П-777": "3", "б-1": "7"}))
    assert over_by_school(store, metric_id) == {FIRST: 1, SECOND: 1}
    assert of(store, metric_id) == (2, 3)


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_6_a_list_that_comes_after_the_files_decides_too(store: Store, metric_id: str) -> None:
    put(store, register(), month(FIRST, 10, {"П-777": "3"}))
    put(store, month(SECOND, 10, {"П-777": "3"}))
    put(store, listing(FIRST, "15.09.2023", ["П-777"]), listing(SECOND, "15.09.2023", ["б-1"]))
    assert over_by_school(store, metric_id) == {FIRST: 1}


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_6_a_corrected_file_of_one_school_is_added_to_the_other(store: Store, metric_id: str) -> None:
    put(store, register(), month(FIRST, 10, {"П-777": "3"}))
    put(store, month(SECOND, 10, {"П-777": "3"}))
    put(store, month(FIRST, 10, {"П-777": "1,5"}))
    assert figure(store, metric_id, TERM).n == 0
    put(store, month(FIRST, 10, {"а-1": "0"}))
    put(store, month(SECOND, 10, {"П-777": "5"}))
    assert over_by_school(store, metric_id) == {SECOND: 1}


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_6_whose_school_on_the_list_sent_nothing_is_where_its_file_came_from(store: Store, metric_id: str) -> None:
    put(store, register(), listing(FIRST, "15.09.2023", ["П-777"]), listing(SECOND, "15.09.2023", ["б-1"]))
    put(store, month(SECOND, 10, {"П-777": "6"}))
    assert over_by_school(store, metric_id) == {SECOND: 1}


def test_6_days_and_hours_of_a_child_are_never_added(store: Store) -> None:
    garden = f"{GARDEN};ДГ „Слънчо“;Каменград;Ведрово;гр. Ведрово;детска градина;"
    both = Source("институции.csv", register().data + f"\n{garden}".encode())
    of_garden = month(GARDEN, 10, {"П-777": "3"}).data.decode().replace(";7;7а;", ";четвърта група;Мечо;")
    put(store, both, month(FIRST, 10, {"П-777": "4"}))
    put(store, Source(f"отсъствия-{GARDEN}.csv", of_garden.encode()))
    found = {m: figure(store, m, TERM).n for m in ("pupils_over_threshold", "children_over_threshold")}
    assert found == {"pupils_over_threshold": 0, "children_over_threshold": 0}


SENT = ((FIRST, "а", "2"), (SECOND, "б", "1"))


@pytest.fixture
def lacking(store: Store) -> Store:
    """Two of three schools sent September to January; the third sent October alone."""
    put(
        store,
        register(),
        *(listing(school, "15.09.2023", children(letter, 5)) for school, letter in zip(PLACES, "абв", strict=True)),
        *(month(school, no, {f"{letter}-1": n}) for no in (9, 10, 11, 12, 1) for school, letter, n in SENT),
        month(THIRD, 10, {"в-1": "5"}),
    )
    return store


def test_9_a_term_comes_from_so_many_school_months_of_so_many(lacking: Store) -> None:
    found = figure(lacking, "unexcused_per_pupil", TERM)
    assert (found.n, found.d) == (5 * 2 + 5 * 1 + 5, 15)
    assert (found.months_sent, found.months_due) == (5 + 5 + 1, 3 * 5)
    assert (found.reporting, found.places) == (2, 3)
    assert source_words(found) == "по данни от 11 от 15 училищни месеца"


def test_9_a_school_that_sent_one_month_of_five_does_not_report(lacking: Store) -> None:
    of_place = figure(lacking, "unexcused_per_pupil", TERM, Scope(municipality="Ведрово"))
    assert (of_place.n, of_place.reporting, of_place.places) == (5, 0, 1)
    assert (of_place.months_sent, of_place.months_due) == (1, 5)


def test_9_the_command_says_school_months(lacking: Store) -> None:
    answer = answer_as_json(lacking, "unexcused_per_pupil", TERM, Scope())
    assert (answer["months_sent"], answer["months_due"], answer["reporting"]) == (11, 15, 2)
    assert "По данни от 11 от 15 училищни месеца." in _in_words(answer)
    of_month = answer_as_json(lacking, "pupils_over_threshold", TERM, Scope())
    assert (of_month["months_sent"], of_month["months_due"]) == (None, None)
    assert "По данни от 2 от 3 училища." in _in_words(of_month)


def test_9_a_school_that_is_closed_owes_no_month_after_that(lacking: Store) -> None:
    put(lacking, register({THIRD: "01.11.2023"}))
    found = figure(lacking, "unexcused_per_pupil", TERM)
    # The third owes September and October.
    assert (found.months_sent, found.months_due) == (11, 12)


def test_9_a_month_that_nobody_has_sent_is_not_due(late: Store) -> None:
    found = figure(late, "unexcused_per_pupil", TERM)
    # November of two schools, January of one, of three schools each.
    assert (found.months_sent, found.months_due) == (3, 6)


@pytest.fixture
def without_lists(store: Store) -> Store:
    """Three months' files and no list: of 12 children with absences 5 are over the threshold."""
    first = month(FIRST, 10, dict.fromkeys(children("а", 5), "7") | dict.fromkeys(children("г", 3), "1"))
    put(store, register(), first, month(SECOND, 10, dict.fromkeys(children("б", 4), "0,5")))
    return store


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_14_without_lists_there_is_no_share_and_no_whole(without_lists: Store, metric_id: str) -> None:
    found = figure(without_lists, metric_id, TERM)
    assert (found.n, found.d, found.share) == (5, None, None)
    assert Disclosure(without_lists, "internal").figure(found).text == "5"
    assert source_words(found).endswith("; няма списъци на учениците")


def test_14_hours_of_a_pupil_say_that_lists_are_missing(without_lists: Store) -> None:
    found = figure(without_lists, "unexcused_per_pupil", TERM)
    assert (found.n, found.value) == (5 * 7 + 3 + 2, None)
    assert Disclosure(without_lists, "internal").figure(found).text == "няма списъци на учениците"


def test_14_hours_of_a_pupil_are_of_the_schools_with_a_list(without_lists: Store) -> None:
    """The hours of the school that sent no list have nobody to be divided by."""
    put(without_lists, listing(FIRST, "15.09.2023", children("а", 10)))
    found = figure(without_lists, "unexcused_per_pupil", TERM)
    assert (found.n, found.d, found.value) == (5 * 7 + 3 + 2, None, (5 * 7 + 3) / 10)
    assert found.by("school").set_index("school")["value"].dropna().to_dict() == {FIRST: (5 * 7 + 3) / 10}
    assert Disclosure(without_lists, "internal").figure(found).text == "3,80"


def test_14_the_command_says_that_lists_are_missing(without_lists: Store) -> None:
    answer = answer_as_json(without_lists, "pupils_over_threshold", TERM, Scope())
    assert (answer["n"], answer["N"], answer["share"]) == (5, None, None)
    assert "октомври 2023 г.: 5\n" in _in_words(answer)
    assert "няма списъци на учениците" in _in_words(answer)


def test_14_one_school_without_a_list_is_named_as_one(without_lists: Store) -> None:
    put(without_lists, listing(FIRST, "15.09.2023", children("а", 10)))
    found = figure(without_lists, "pupils_over_threshold", TERM)
    assert (found.n, found.d) == (5, None)
    assert source_words(found).endswith("; няма списък на учениците на 1 училище")
    put(without_lists, listing(SECOND, "15.09.2023", children("б", 10)))
    assert of(without_lists, "pupils_over_threshold") == (5, 20)


@pytest.fixture
def doubled(store: Store) -> Store:
    """October of a school whose five children stand in two subgroups with the same hours; Иванова confirmed it."""
    put(
        store,
        register(),
        listing(FIRST, "15.09.2023", children("а", 5)),
        listing(THIRD, "15.09.2023", children("в", 5)),
    )
    put(store, month(THIRD, 10, {"в-1": "1"}))
    rows = [
        f"{FIRST};2023/2024;10;{child};7;7а;{group};0;{n}"
        for n, child in enumerate(children("а", 5), 2)
        for group in "12"
    ]
    head = HEAD.replace("Паралелка", "Паралелка;Код на групата")
    upload = read_files([Source("подгрупи.csv", "\n".join([head, *rows]).encode())], store)
    assert [doubt.code for doubt in upload.files[0].doubts] == ["doubled"]
    commit(upload, store, expert("Иванова"), times={upload.files[0].file_no: datetime(2023, 11, 5, 9)})
    upload.close()
    return store


CONFIRMED = (
    "в това число удвоени часове по потвърждение на Иванова от 05.11.2023 г.: СУ „Първо“, гр. Каменград, октомври"
)


@pytest.mark.parametrize("metric_id", [*OF_TWO_SCHOOLS, "unexcused_per_pupil", "flags_year_unexcused_hours"])
def test_8_doubled_hours_that_were_confirmed_are_named_beside_the_figure(doubled: Store, metric_id: str) -> None:
    whole, of_place = (
        figure(doubled, metric_id, TERM),
        figure(doubled, metric_id, TERM, Scope(municipality="Каменград")),
    )
    assert (doubled_note(whole), doubled_note(of_place)) == (CONFIRMED, CONFIRMED)
    assert doubled_note(figure(doubled, metric_id, TERM, Scope(municipality="Ведрово"))) == ""
    assert doubled_note(whole, named=False) == "в това число потвърдени удвоени часове: 1 файл"


def test_8_the_doubled_hours_are_in_the_figure(doubled: Store) -> None:
    # 2 to 6 hours twice, and one of the other school.
    assert of(doubled, "unexcused_per_pupil") == (2 * (2 + 3 + 4 + 5 + 6) + 1, 10)


def test_8_figures_that_do_not_count_them_say_nothing(doubled: Store) -> None:
    for metric_id in ("submissions", "schools_inspected", "flags_repeater", "children_over_threshold"):
        assert doubled_note(figure(doubled, metric_id, TERM)) == "", metric_id
    put(doubled, month(THIRD, 11, {"в-1": "1"}))
    assert doubled_note(figure(doubled, "pupils_over_threshold", TERM)) == ""
    assert doubled_note(figure(doubled, "unexcused_per_pupil", TERM)) == CONFIRMED


def test_8_the_mark_stays_until_a_corrected_file_comes(doubled: Store) -> None:
    put(doubled, month(FIRST, 10, {"а-1": "2"}))
    assert doubled_note(figure(doubled, "unexcused_per_pupil", TERM)) == ""
    assert doubled_files(doubled, TERM).empty


def test_8_the_command_names_who_confirmed(doubled: Store) -> None:
    answer = answer_as_json(doubled, "unexcused_per_pupil", TERM, Scope())
    assert answer["doubled"] == [
        {"school": FIRST, "month": "2023-10", "confirmed_by": "Иванова", "confirmed_on": "2023-11-05"}
    ]
    assert CONFIRMED[1:] in _in_words(answer)


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_a_month_is_counted_on_the_lists_of_its_end(late: Store, metric_id: str) -> None:
    put(late, listing(FIRST, "16.05.2024", children("а", 4)))
    # January on the list of September, not of May; it is the newest month of the year, too.
    assert [of(late, metric_id, period=key) for key in ("2023-I", "2023", "2024-01")] == [(1, 10)] * 3


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_a_month_that_is_not_over_does_not_count(late: Store, metric_id: str) -> None:
    found = figure(late, metric_id, TERM, day=date(2024, 1, 30))
    assert (found.n, found.month) == (6, date(2023, 11, 1))
    assert figure(late, metric_id, TERM, day=date(2024, 1, 31)).month == date(2024, 1, 1)


def test_lists_of_an_earlier_school_year_do_not_count(store: Store) -> None:
    put(store, register(), listing(FIRST, "15.09.2022", children("а", 10)), listing(SECOND, "15.09.2023", ["б-1"]))
    put(store, month(FIRST, 10, {"а-1": "6"}), month(SECOND, 10, {"б-1": "6"}))
    for metric_id in (*OF_TWO_SCHOOLS, "unexcused_per_pupil"):
        found = figure(store, metric_id, TERM)
        assert (found.d, found.without_list) == (None, 1), metric_id


@pytest.mark.parametrize("metric_id", OF_TWO_SCHOOLS)
def test_a_closed_school_is_not_asked_for_a_later_month(merged: Store, metric_id: str) -> None:
    found = figure(merged, metric_id, TERM)
    assert (found.reporting, found.places) == (1, 2)
